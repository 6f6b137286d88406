import { ButtonBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import { type Action, followUpActions, isEnded, mayDoBetter, type Offer, type Task } from '../../task.ts';
import { encodePress, type PressKind } from '../custom-id.ts';
import { toCancelButton } from './cancel.ts';
import { toRow } from './embed.ts';
import type { Outlook, RenderedMessage, ShownResult } from './message.ts';
import { toProposals } from './result.ts';

const emoji: Readonly<Partial<Record<Action, string>>> = {
  reroll: '🔄',
  'vary-subtle': '🪄',
  'vary-strong': '🪄',
  'vary-region': '🖌️',
  zoom: '🔍',
  'zoom-2x': '🔍',
  'zoom-1.5x': '🔍',
  'custom-zoom': '🔍',
  square: '↔️',
  'pan-left': '⬅️',
  'pan-right': '➡️',
  'pan-up': '⬆️',
  'pan-down': '⬇️',
  'animate-high': '🎞️',
  'animate-low': '🎞️',
  'reroll-video': '🔄',
  'extend-high': '🎞️',
  'extend-low': '🎞️',
};

/** Buttons that need no words next to their emoji. */
const wordless: ReadonlySet<Action> = new Set([
  'reroll',
  'reroll-video',
  'pan-left',
  'pan-right',
  'pan-up',
  'pan-down',
]);

/** Actions on one image of a set, whose buttons show its number. */
const indexed = [
  'upscale',
  'variation',
  'enlarge',
  'enhance',
  'extend-high',
  'extend-low',
] as const satisfies readonly Action[];

/** At most 5 × 5: every offer in the provider's order, then what else people can do with the message. */
export function renderButtons(
  task: Task,
  words: Words,
  shown: ShownResult,
  outlook: Outlook | undefined,
): RenderedMessage['components'] {
  const own = toOwnButtons(task, words, outlook);
  // Nobody can choose among images that aren't there yet.
  const offers = shown.as === 'awaited' ? [] : (task.result?.offers ?? []);
  const buttons = offers
    .slice(0, 25 - own.length - toProposals(task).length)
    .flatMap((offer, index) => (isKnown(offer) ? toButton(task.id, offer, index, words) : []));
  const rows: RenderedMessage['components'] = [];
  const proposals = toProposals(task).map((_, index) => toProposalButton(task.id, index, words));
  const all = [...proposals, ...buttons, ...own];
  for (let start = 0; start < all.length; start += 5) {
    rows.push(toRow(all.slice(start, start + 5)));
  }
  return rows;
}

function toOwnButtons(task: Task, words: Words, outlook: Outlook | undefined): ButtonBuilder[] {
  const button = (kind: PressKind, style = ButtonStyle.Secondary) =>
    new ButtonBuilder().setCustomId(encodePress({ kind, taskId: task.id })).setStyle(style);
  const own: ButtonBuilder[] = [];
  if (task.state === 'asking' && task.request.answer === undefined)
    own.push(button('answer', ButtonStyle.Primary).setLabel(words.say('button.answer')));
  if (task.state === 'failed' && task.lateAt === undefined && mayDoBetter(task))
    own.push(button('again').setLabel(words.say('button.again')));
  if (task.state === 'cancelled') own.push(button('again').setLabel(words.say('button.again')));
  if (!isEnded(task) && !task.origin.place.isOpenToBot)
    own.push(button('check').setLabel(words.say('button.check')));
  if (!isEnded(task) && outlook?.canCancel === true)
    own.push(toCancelButton(task.id, outlook.isCancelRefunded, words));
  if (isEnded(task)) own.push(button('remove').setEmoji({ name: '🗑️' }));
  return own;
}

function toProposalButton(taskId: string, index: number, words: Words): ButtonBuilder {
  return new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'proposal', taskId, offer: index }))
    .setStyle(ButtonStyle.Secondary)
    .setLabel(words.say('button.proposal', { number: index + 1 }));
}

/** A newer version may have saved an offer that this one has no name for: then only that button is missing. */
function isKnown({ action }: Offer): boolean {
  return followUpActions.includes(action);
}

function toButton(taskId: string, offer: Offer, index: number, words: Words): ButtonBuilder {
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'offer', taskId, offer: index }))
    .setStyle(ButtonStyle.Secondary);
  const symbol = emoji[offer.action];
  if (symbol !== undefined) button.setEmoji({ name: symbol });
  if (!wordless.has(offer.action)) button.setLabel(toLabel(offer, words));
  return button;
}

function toLabel({ action, index }: Offer, { say }: Words): string {
  return index !== undefined && isIndexed(action)
    ? say(`button.${action}`, { index })
    : say(`action.${action}`);
}

function isIndexed(action: Action): action is (typeof indexed)[number] {
  return indexed.some((one) => one === action);
}
