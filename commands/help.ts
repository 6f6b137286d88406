import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { renderHelp } from '../src/discord/render/help.ts';
import { english } from '../src/locales/index.ts';

export const help: Command = {
  data: new SlashCommandBuilder().setName('help').setDescription(english.say('command.help.description')),

  async execute(_interaction, { administration, prices, preferences, seeds, caller, words, replyPrivately }) {
    const { asker } = caller;
    const statement = await administration.statement(asker);
    const sheets = await prices.read(asker.book);
    const { versions } = preferences;
    const help = { statement, prices: sheets, versions, asker, hasSeeds: seeds.areTold() };
    await replyPrivately(renderHelp(help, words));
  },
};
