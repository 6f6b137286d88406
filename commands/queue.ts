import { SlashCommandBuilder } from '@discordjs/builders';
import type { Command } from '../src/discord/command.ts';
import { renderQueue } from '../src/discord/render/queue.ts';
import { english } from '../src/locales/index.ts';

export const queue: Command = {
  data: new SlashCommandBuilder().setName('queue').setDescription(english.say('command.queue.description')),

  async execute(_interaction, { queue, caller, words, replyPrivately }) {
    await replyPrivately(renderQueue(await queue.read(caller.asker), words));
  },
};
