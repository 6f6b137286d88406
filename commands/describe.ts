import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { readPictures, toLinkedPicture } from '../src/discord/options.ts';
import { UserError } from '../src/errors.ts';
import { en } from '../src/locales/en.ts';

const words = en.commands.describe;

export const describe: Command = {
  data: new SlashCommandBuilder()
    .setName('describe')
    .setDescription(words.description)
    .addAttachmentOption((option) => option.setName('image').setDescription(words.image))
    .addStringOption((option) => option.setName('url').setDescription(words.url).setMaxLength(1_000)),

  async execute(interaction, { service, caller, acknowledge }) {
    const url = interaction.options.getString('url');
    const pictures = [...readPictures(interaction, 'image'), ...(url === null ? [] : [toLinkedPicture(url)])];
    if (pictures.length !== 1) throw new UserError('picture-or-link');
    const request = { action: 'describe', prompt: '', speed: 'fast', pictures } as const;
    await acknowledge(await service.start(request, caller));
  },
};
