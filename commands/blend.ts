import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { choice, readChoice, readPictures, readSpeed } from '../src/discord/options.ts';
import { en } from '../src/locales/en.ts';
import { speeds } from '../src/task.ts';

const words = en.commands.blend;
const pictures = ['image1', 'image2', 'image3', 'image4', 'image5'] as const;
const dimensions = ['portrait', 'square', 'landscape'] as const;

const data = new SlashCommandBuilder().setName('blend').setDescription(words.description);
for (const [index, name] of pictures.entries()) {
  data.addAttachmentOption((option) =>
    option
      .setName(name)
      .setDescription(words.image)
      .setRequired(index < 2),
  );
}
data
  .addStringOption((option) =>
    option
      .setName('dimensions')
      .setDescription(words.dimensions)
      .addChoices(...dimensions.map(choice)),
  )
  .addStringOption((option) =>
    option
      .setName('speed')
      .setDescription(words.speed)
      .addChoices(...speeds.map(choice)),
  );

export const blend: Command = {
  data,
  async execute(interaction, { service, caller, acknowledge }) {
    const shape = readChoice(interaction, 'dimensions', dimensions);
    const request = {
      action: 'blend',
      prompt: '',
      speed: readSpeed(interaction) ?? 'fast',
      pictures: readPictures(interaction, ...pictures),
      options: shape === undefined ? {} : { dimensions: shape },
    } as const;
    await acknowledge(await service.start(request, caller));
  },
};
