import { SlashCommandBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command } from '../src/discord/command.ts';
import { choice, readChoice, readPictures, readSpeed } from '../src/discord/options.ts';
import { english } from '../src/locales/index.ts';
import {
  composePrompt,
  findOverridden,
  maxPromptLength,
  type PromptOptions,
  takeSpeed,
} from '../src/prompt/compose.ts';
import { ranges, versions } from '../src/prompt/models.ts';
import { qualities } from '../src/prompt/parameters.ts';
import { speeds } from '../src/task.ts';

const { say } = english;
const pictureOptions = ['image1', 'image2', 'image3', 'image4', 'image5'] as const;

const data = new SlashCommandBuilder()
  .setName('imagine')
  .setDescription(say('command.imagine.description'))
  .addStringOption((option) =>
    option
      .setName('prompt')
      .setDescription(say('command.imagine.option.prompt'))
      .setRequired(true)
      .setMaxLength(maxPromptLength),
  )
  .addStringOption((option) =>
    option.setName('aspect').setDescription(say('command.imagine.option.aspect')).setMaxLength(12),
  )
  .addStringOption((option) =>
    option
      .setName('version')
      .setDescription(say('command.imagine.option.version'))
      .addChoices(...versions.map(choice)),
  )
  .addStringOption((option) =>
    option
      .setName('speed')
      .setDescription(say('command.imagine.option.speed'))
      .addChoices(...speeds.map(choice)),
  )
  .addIntegerOption((option) =>
    option
      .setName('stylize')
      .setDescription(say('command.imagine.option.stylize'))
      .setMinValue(ranges.stylize[0])
      .setMaxValue(ranges.stylize[1]),
  )
  .addIntegerOption((option) =>
    option
      .setName('chaos')
      .setDescription(say('command.imagine.option.chaos'))
      .setMinValue(ranges.chaos[0])
      .setMaxValue(ranges.chaos[1]),
  )
  .addIntegerOption((option) =>
    option
      .setName('weird')
      .setDescription(say('command.imagine.option.weird'))
      .setMinValue(ranges.weird[0])
      .setMaxValue(ranges.weird[1]),
  )
  .addStringOption((option) =>
    option
      .setName('quality')
      .setDescription(say('command.imagine.option.quality'))
      .addChoices(...qualities.map(choice)),
  )
  .addIntegerOption((option) =>
    option
      .setName('seed')
      .setDescription(say('command.imagine.option.seed'))
      .setMinValue(ranges.seed[0])
      .setMaxValue(ranges.seed[1]),
  )
  .addStringOption((option) =>
    option.setName('negative').setDescription(say('command.imagine.option.negative')).setMaxLength(500),
  )
  .addBooleanOption((option) => option.setName('raw').setDescription(say('command.imagine.option.raw')))
  .addBooleanOption((option) => option.setName('tile').setDescription(say('command.imagine.option.tile')))
  .addBooleanOption((option) =>
    option.setName('translate').setDescription(say('command.imagine.option.translate')),
  )
  .addAttachmentOption((option) =>
    option.setName('image1').setDescription(say('command.imagine.option.image')),
  )
  .addAttachmentOption((option) =>
    option.setName('image2').setDescription(say('command.imagine.option.image')),
  )
  .addAttachmentOption((option) =>
    option.setName('image3').setDescription(say('command.imagine.option.image')),
  )
  .addAttachmentOption((option) =>
    option.setName('image4').setDescription(say('command.imagine.option.image')),
  )
  .addAttachmentOption((option) =>
    option.setName('image5').setDescription(say('command.imagine.option.image')),
  )
  .addNumberOption((option) =>
    option
      .setName('image_weight')
      .setDescription(say('command.imagine.option.image_weight'))
      .setMinValue(ranges.imageWeight[0])
      .setMaxValue(ranges.imageWeight[1]),
  )
  .addStringOption((option) =>
    option
      .setName('style_reference')
      .setDescription(say('command.imagine.option.style_reference'))
      .setMaxLength(500),
  )
  .addIntegerOption((option) =>
    option
      .setName('style_weight')
      .setDescription(say('command.imagine.option.style_weight'))
      .setMinValue(ranges.styleWeight[0])
      .setMaxValue(ranges.styleWeight[1]),
  );

export const imagine: Command = {
  data,
  async execute(interaction, { service, translations, caller, acknowledge, acknowledgeFirst }) {
    const pictures = readPictures(interaction, ...pictureOptions);
    const typed = interaction.options.getString('prompt', true);
    const chosen = readSpeed(interaction);
    const { text, speed = 'fast' } = takeSpeed(typed, chosen);
    const options = readOptions(interaction);
    const prompt = composePrompt(text, options, pictures.length);
    const overridden = findOverridden(typed, { ...options, speed: chosen });
    const request = { action: 'imagine', prompt, speed, pictures, overridden } as const;
    if (interaction.options.getBoolean('translate') !== true)
      return acknowledge(await service.start(request, caller));
    const plan = await translations.plan(request, caller);
    if (plan.start !== undefined) return acknowledgeFirst(plan.start);
    await acknowledge(await service.start(plan.request, caller));
  },
};

function readOptions(interaction: ChatInputCommandInteraction): PromptOptions {
  const { options } = interaction;
  return dropMissing({
    aspect: options.getString('aspect'),
    version: readChoice(interaction, 'version', versions) ?? null,
    stylize: options.getInteger('stylize'),
    chaos: options.getInteger('chaos'),
    weird: options.getInteger('weird'),
    quality: readChoice(interaction, 'quality', qualities) ?? null,
    seed: options.getInteger('seed'),
    negative: options.getString('negative'),
    raw: options.getBoolean('raw'),
    tile: options.getBoolean('tile'),
    imageWeight: options.getNumber('image_weight'),
    styleReference: options.getString('style_reference'),
    styleWeight: options.getInteger('style_weight'),
  });
}

function dropMissing<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  const present = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(present) as { [Key in keyof Values]?: NonNullable<Values[Key]> };
}
