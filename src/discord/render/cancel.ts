import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import type { CancelBegun, CancelQuestion } from '../../tasks/stops.ts';
import { encodePress, unrefundedCancel } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';

/** Cancel, which says so if no points would come back. */
export function toCancelButton(taskId: string, isRefunded: boolean, { buttons }: Words): ButtonBuilder {
  const offer = isRefunded ? 0 : unrefundedCancel;
  return new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'cancel', taskId, offer }))
    .setStyle(ButtonStyle.Secondary)
    .setLabel(isRefunded ? buttons.cancel : buttons.cancelUnrefunded);
}

/** Asks whoever pressed Cancel whether it's to be cancelled although the points would not come back. */
export function renderCancelQuestion(
  taskId: string,
  { price, userId, perDay, dayEndsAt }: CancelQuestion,
  { words, presserId }: { words: Words; presserId: string },
): PrivateMessage {
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'cancel-anyway', taskId }))
    .setStyle(ButtonStyle.Danger)
    .setLabel(words.buttons.cancelAnyway);
  const owner = userId === presserId ? undefined : userId;
  return {
    content: words.cancelQuestion({ price, perDay, dayEndsAt, owner }),
    components: [toRow([button])],
  };
}

/** What stands in place of that question once it was answered. */
export function renderCancelled({ price, isRefunded }: CancelBegun, words: Words): PrivateMessage {
  return { content: words.cancelAsked(price, isRefunded), components: [] };
}
