import { gzipSync } from 'node:zlib';
import { SlashCommandBuilder } from '@discordjs/builders';
import type { RawFile } from 'discord.js';
import type { Command, CommandContext } from '../src/discord/command.ts';
import { renderForgetQuestion } from '../src/discord/render/personal-data.ts';
import { renderStatement } from '../src/discord/render/points.ts';
import { english } from '../src/locales/index.ts';

const { say } = english;
const latestRows = 5;

export const account: Command = {
  data: new SlashCommandBuilder()
    .setName('account')
    .setDescription(say('command.account.description'))
    .addSubcommand((subcommand) =>
      subcommand.setName('show').setDescription(say('command.account.show.description')),
    )
    .addSubcommand((subcommand) =>
      subcommand.setName('export').setDescription(say('command.account.export.description')),
    )
    .addSubcommand((subcommand) =>
      subcommand.setName('forget').setDescription(say('command.account.forget.description')),
    ),

  async execute(interaction, context) {
    switch (interaction.options.getSubcommand()) {
      case 'export':
        return exportData(context);
      case 'forget':
        return context.replyPrivately(renderForgetQuestion(context.words));
      default:
        return show(context);
    }
  },
};

async function show({ administration, prices, caller, words, replyPrivately }: CommandContext) {
  const { asker } = caller;
  const statement = await administration.statement(asker);
  const { rows: latest } = await administration.history(asker, asker.userId, 1, latestRows);
  await replyPrivately(renderStatement(statement, words, { latest, prices: await prices.read(asker.book) }));
}

async function exportData({ personalData, caller, words, replyPrivatelyWith }: CommandContext) {
  await replyPrivatelyWith(async () => {
    const text = await personalData.export(caller.userId);
    const file = toFile(text, caller.origin.place.uploadLimitBytes);
    return { message: { content: words.say('account.exported') }, files: [file] };
  });
}

/** Plain JSON if Discord takes a file that large, compressed JSON if not: prompts shrink to a tenth. */
function toFile(text: string, limitBytes: number): RawFile {
  const name = 'relay-data.json';
  const data = Buffer.from(text);
  return data.length <= limitBytes ? { name, data } : { name: `${name}.gz`, data: gzipSync(data) };
}
