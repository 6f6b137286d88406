import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { choice, models, readChoice, readModel, readPictures, readSpeed } from '../src/discord/options.ts';
import { english } from '../src/locales/index.ts';
import { speeds } from '../src/task.ts';

const { say } = english;
const pictures = ['image1', 'image2', 'image3', 'image4', 'image5'] as const;
const dimensions = ['portrait', 'square', 'landscape'] as const;

const data = new SlashCommandBuilder().setName('blend').setDescription(say('command.blend.description'));
for (const [index, name] of pictures.entries()) {
  data.addAttachmentOption((option) =>
    option
      .setName(name)
      .setDescription(say('command.blend.option.image'))
      .setRequired(index < 2),
  );
}
data
  .addStringOption((option) =>
    option
      .setName('dimensions')
      .setDescription(say('command.blend.option.dimensions'))
      .addChoices(...dimensions.map(choice)),
  )
  .addStringOption((option) =>
    option
      .setName('model')
      .setDescription(say('command.blend.option.model'))
      .addChoices(...models.map(choice)),
  )
  .addStringOption((option) =>
    option
      .setName('speed')
      .setDescription(say('command.blend.option.speed'))
      .addChoices(...speeds.map(choice)),
  );

export const blend: Command = {
  data,
  async execute(interaction, { service, preferences, caller, acknowledge }) {
    const own = await preferences.read(caller.userId);
    const shape = readChoice(interaction, 'dimensions', dimensions);
    const request = {
      action: 'blend',
      prompt: '',
      speed: readSpeed(interaction) ?? own.speed ?? 'fast',
      pictures: readPictures(interaction, ...pictures),
      options: { ...(shape === undefined ? {} : { dimensions: shape }), ...readModel(interaction) },
    } as const;
    await acknowledge(await service.start(request, caller));
  },
};
