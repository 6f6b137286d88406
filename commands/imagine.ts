import { SlashCommandBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Command, PricedAccount } from '../src/discord/command.ts';
import { choice, readChoice, readPictures, readSpeed, toPrivateOption } from '../src/discord/options.ts';
import { startTask } from '../src/discord/start-task.ts';
import { suggestAspects, suggestCodes, suggestPresets } from '../src/discord/suggestions.ts';
import { english } from '../src/locales/index.ts';
import { combinePrompt } from '../src/prompt/combine.ts';
import { maxPromptLength, type PromptOptions } from '../src/prompt/compose.ts';
import { listVersions } from '../src/prompt/kinds.ts';
import { ranges, versions } from '../src/prompt/models.ts';
import { qualities } from '../src/prompt/parameters.ts';
import { resolveCode } from '../src/prompt/preferences.ts';
import type { OwnPreferences } from '../src/service/preferences.ts';
import { speeds } from '../src/task.ts';

const { say } = english;
/** Commands that were registered before still have the last two. */
const pictureOptions = ['image1', 'image2', 'image3', 'image4', 'image5'] as const;

/** With the versions that one of those accounts takes. */
const build = (accounts: readonly PricedAccount[] = []) =>
  new SlashCommandBuilder()
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
      option
        .setName('aspect')
        .setDescription(say('command.imagine.option.aspect'))
        .setMaxLength(12)
        .setAutocomplete(true),
    )
    .addStringOption((option) =>
      option
        .setName('version')
        .setDescription(say('command.imagine.option.version'))
        .addChoices(...listVersions(accounts.map(({ kind }) => kind)).map(choice)),
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
    .addBooleanOption((option) => option.setName('hd').setDescription(say('command.imagine.option.hd')))
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
        .setMaxLength(500)
        .setAutocomplete(true),
    )
    .addIntegerOption((option) =>
      option
        .setName('style_weight')
        .setDescription(say('command.imagine.option.style_weight'))
        .setMinValue(ranges.styleWeight[0])
        .setMaxValue(ranges.styleWeight[1]),
    )
    .addStringOption((option) =>
      option
        .setName('omni_reference')
        .setDescription(say('command.imagine.option.omni_reference'))
        .setMaxLength(1_000),
    )
    .addIntegerOption((option) =>
      option
        .setName('omni_weight')
        .setDescription(say('command.imagine.option.omni_weight'))
        .setMinValue(ranges.omniWeight[0])
        .setMaxValue(ranges.omniWeight[1]),
    )
    .addStringOption((option) =>
      option
        .setName('profile')
        .setDescription(say('command.imagine.option.profile'))
        .setMaxLength(500)
        .setAutocomplete(true),
    )
    .addStringOption((option) =>
      option
        .setName('preset')
        .setDescription(say('command.imagine.option.preset'))
        .setMaxLength(40)
        .setAutocomplete(true),
    )
    .addBooleanOption(toPrivateOption);

export const imagine: Command = {
  data: build(),
  describe: build,
  async execute(interaction, context) {
    const { preferences, caller } = context;
    const own = await preferences.read(caller.userId);
    const pictures = readPictures(interaction, ...pictureOptions);
    const typed = {
      text: interaction.options.getString('prompt', true),
      options: { ...readOptions(interaction, own), speed: readSpeed(interaction) },
      preset: interaction.options.getString('preset') ?? undefined,
      pictures: pictures.length,
    };
    const request = { action: 'imagine', ...combinePrompt(typed, own), pictures } as const;
    const isToTranslate = (interaction.options.getBoolean('translate') ?? own.translate) === true;
    await startTask({ request, isToTranslate }, context);
  },

  async complete(interaction, { preferences, caller, words }) {
    const { name, value } = interaction.options.getFocused(true);
    if (name === 'aspect') return suggestAspects(value, words);
    const own = await preferences.read(caller.userId);
    if (name === 'preset') return suggestPresets(own.presets, value);
    return suggestCodes(own.codes, name === 'profile' ? 'profile' : 'style', value);
  },
};

function readOptions(
  interaction: ChatInputCommandInteraction,
  { codes }: Pick<OwnPreferences, 'codes'>,
): PromptOptions {
  const { options } = interaction;
  const style = options.getString('style_reference');
  const profile = options.getString('profile');
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
    hd: options.getBoolean('hd'),
    imageWeight: options.getNumber('image_weight'),
    styleReference: style && resolveCode(codes, 'style', style),
    styleWeight: options.getInteger('style_weight'),
    omniReference: options.getString('omni_reference'),
    omniWeight: options.getInteger('omni_weight'),
    profile: profile && resolveCode(codes, 'profile', profile),
  });
}

function dropMissing<Values extends object>(
  values: Values,
): { [Key in keyof Values]?: NonNullable<Values[Key]> } {
  const present = Object.entries(values).filter(([, value]) => value !== null);
  return Object.fromEntries(present) as { [Key in keyof Values]?: NonNullable<Values[Key]> };
}
