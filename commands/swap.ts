import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { readPictures } from '../src/discord/options.ts';
import { en } from '../src/locales/en.ts';

const words = en.commands.swap;

export const swap: Command = {
  data: new SlashCommandBuilder()
    .setName('swap')
    .setDescription(words.description)
    .addAttachmentOption((option) => option.setName('source').setDescription(words.source).setRequired(true))
    .addAttachmentOption((option) => option.setName('target').setDescription(words.target).setRequired(true)),

  async execute(interaction, { service, caller, acknowledge }) {
    const pictures = readPictures(interaction, 'source', 'target');
    const request = { action: 'swap', prompt: '', speed: 'fast', pictures } as const;
    await acknowledge(await service.start(request, caller));
  },
};
