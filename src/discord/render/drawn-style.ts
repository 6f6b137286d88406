import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import { drawnStyleOf } from '../../service/drawn-styles.ts';
import type { Task } from '../../task.ts';
import { encodePress } from '../custom-id.ts';
import { toQuote } from './foreign-text.ts';

const longest = 100;

/** Which style Midjourney drew for a result. */
export function toStyleLines(task: Task, { say }: Words): string[] {
  const codes = drawnStyleOf(task);
  return codes === undefined ? [] : [say('task.style', { codes: toQuote(codes, longest) })];
}

/** Saves that style for whoever presses it. */
export function toStyleButtons(task: Task, { say }: Words): ButtonBuilder[] {
  if (drawnStyleOf(task) === undefined) return [];
  return [
    new ButtonBuilder()
      .setCustomId(encodePress({ kind: 'keep-style', taskId: task.id }))
      .setStyle(ButtonStyle.Secondary)
      .setEmoji({ name: '🎨' })
      .setLabel(say('button.keep-style')),
  ];
}
