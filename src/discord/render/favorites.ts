import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import type { TaskCard } from '../../service/task-cards.ts';
import { hasResult } from '../../task.ts';
import { encodePress } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';

/** Answers a press on ❤️. Pressing it again changes nothing, so this is how to take it back. */
export function renderFavoriteAdded(taskId: string, words: Words): PrivateMessage {
  return {
    content: words.say('favorite.added'),
    components: [toRow([toRemoveButton(taskId, words)])],
  };
}

/** Replaces that answer, or what's below a card. */
export function renderFavoriteRemoved({ say }: Words): PrivateMessage {
  return { content: say('favorite.removed'), components: [] };
}

/** What can be done with the task of a card; somebody else's result can only be added where it's shown. */
export function toFavoriteButtons({ task, isOwn, isFavorite }: TaskCard, words: Words): ButtonBuilder[] {
  if (isFavorite) return [toRemoveButton(task.id, words)];
  if (!isOwn || !hasResult(task)) return [];
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'favorite', taskId: task.id }))
    .setStyle(ButtonStyle.Secondary)
    .setEmoji({ name: '❤️' });
  return [button];
}

function toRemoveButton(taskId: string, { say }: Words): ButtonBuilder {
  return new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'unfavorite', taskId }))
    .setStyle(ButtonStyle.Secondary)
    .setLabel(say('button.unfavorite'));
}
