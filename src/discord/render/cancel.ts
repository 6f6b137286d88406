import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import { relativeTime } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { CancelBegun, CancelQuestion } from '../../tasks/stops.ts';
import { encodePress, unrefundedCancel } from '../custom-id.ts';
import type { PrivateMessage } from '../respond.ts';
import { toRow } from './embed.ts';

/** Cancel, which says so if the points won't come back. */
export function toCancelButton(taskId: string, isRefunded: boolean, { say }: Words): ButtonBuilder {
  const offer = isRefunded ? 0 : unrefundedCancel;
  return new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'cancel', taskId, offer }))
    .setStyle(ButtonStyle.Secondary)
    .setLabel(say(isRefunded ? 'button.cancel' : 'button.cancel-unrefunded'));
}

/** Asks the person who pressed Cancel whether to go ahead although the points won't come back. */
export function renderCancelQuestion(
  taskId: string,
  { price, userId, perDay, dayEndsAt }: CancelQuestion,
  { words, presserId }: { words: Words; presserId: string },
): PrivateMessage {
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'cancel-anyway', taskId }))
    .setStyle(ButtonStyle.Danger)
    .setLabel(words.say('button.cancel-anyway'));
  const owner = userId === presserId ? undefined : userId;
  return {
    content: toQuestion({ price, perDay, dayEndsAt }, owner, words),
    components: [toRow([button])],
  };
}

/** `owner` is set if someone else's points are at stake. */
function toQuestion(
  { price, perDay, dayEndsAt: endsAt }: Pick<CancelQuestion, 'price' | 'perDay' | 'dayEndsAt'>,
  owner: string | undefined,
  { say }: Words,
): string {
  const dayEndsAt = relativeTime(endsAt);
  if (perDay === 0)
    return owner === undefined
      ? say('cancel.never-refunded', { price })
      : say('cancel.never-refunded.theirs', { price, owner });
  return owner === undefined
    ? say('cancel.refunds-used-up', { price, perDay, dayEndsAt })
    : say('cancel.refunds-used-up.theirs', { price, perDay, dayEndsAt, owner });
}

/** Replaces that question once it's answered. */
export function renderCancelled({ price, isRefunded }: CancelBegun, words: Words): PrivateMessage {
  return {
    content: words.say(isRefunded ? 'cancel.begun' : 'cancel.begun.unrefunded', { price }),
    components: [],
  };
}
