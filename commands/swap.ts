import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { readPictures, toPrivateOption } from '../src/discord/options.ts';
import { english } from '../src/locales/index.ts';

const { say } = english;

export const swap: Command = {
  data: new SlashCommandBuilder()
    .setName('swap')
    .setDescription(say('command.swap.description'))
    .addAttachmentOption((option) =>
      option.setName('source').setDescription(say('command.swap.option.source')).setRequired(true),
    )
    .addAttachmentOption((option) =>
      option.setName('target').setDescription(say('command.swap.option.target')).setRequired(true),
    )
    .addBooleanOption(toPrivateOption),

  async execute(interaction, { service, caller, acknowledge }) {
    const pictures = readPictures(interaction, 'source', 'target');
    const request = { action: 'swap', prompt: '', speed: 'fast', pictures } as const;
    await acknowledge(await service.start(request, caller));
  },
};
