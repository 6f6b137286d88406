import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import { encodePress } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';

/** Asks the person who pressed 🗑️ whether to delete what somebody paid for. */
export function renderRemovalQuestion(taskId: string, words: Words): PrivateMessage {
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'delete', taskId }))
    .setStyle(ButtonStyle.Danger)
    .setLabel(words.say('button.delete'));
  return { content: words.say('remove.question'), components: [toRow([button])] };
}

/** Replaces that question once it's answered. */
export function renderRemoved(isDone: boolean, { say }: Words): PrivateMessage {
  return { content: say(isDone ? 'remove.done' : 'remove.too-old'), components: [] };
}
