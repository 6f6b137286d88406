import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { renderStatement } from '../src/discord/render.ts';
import { en } from '../src/locales/en.ts';

const words = en.commands.account;

export const account: Command = {
  data: new SlashCommandBuilder()
    .setName('account')
    .setDescription(words.description)
    .addSubcommand((subcommand) => subcommand.setName('show').setDescription(words.show)),

  async execute(_interaction, { service, caller, words, replyPrivately }) {
    await replyPrivately(renderStatement(await service.statement(caller), words));
  },
};
