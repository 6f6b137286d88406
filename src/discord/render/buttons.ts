import { ButtonBuilder, StringSelectMenuBuilder, StringSelectMenuOptionBuilder } from '@discordjs/builders';
import { ButtonStyle } from 'discord.js';
import type { Words } from '../../locales/index.ts';
import {
  type Action,
  followUpActions,
  isEnded,
  mayDoBetter,
  type Offer,
  type OfferStyle,
  type Task,
} from '../../task.ts';
import { encodePress, type PressKind } from '../custom-id.ts';
import { toCancelButton } from './cancel.ts';
import { toStyleButtons } from './drawn-style.ts';
import { toRow } from './embed.ts';
import { toForeignEmoji, toForeignLabel } from './foreign-label.ts';
import { type ButtonGroup, buttonGroups, gridGroups, groupOf } from './groups.ts';
import type { Outlook, RenderedMessage, ShownResult } from './message.ts';
import { toProposals } from './result.ts';
import { arrangeRows, rowLength } from './rows.ts';
import { type ButtonFace, fitsPhone } from './widths.ts';

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
  redescribe: '🔄',
  'imagine-all': '🎉',
};

/** Buttons that need no words next to their emoji. */
const wordless: ReadonlySet<Action> = new Set([
  'reroll',
  'redescribe',
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

/** Those that have a short name behind the first of their row: just a number, or a letter too if there's a row with numbers. */
const numbered = ['enlarge', 'enhance', 'extend-high', 'extend-low'] as const satisfies readonly Action[];

/** Actions with a short name, which they have behind another one whose name begins alike. */
const alike = [
  'vary-subtle',
  'vary-strong',
  'vary-region',
  'upscale-2x',
  'upscale-4x',
  'upscale-subtle',
  'upscale-creative',
  'redo-upscale-2x',
  'redo-upscale-4x',
  'redo-upscale-subtle',
  'redo-upscale-creative',
  'zoom-2x',
  'zoom-1.5x',
  'custom-zoom',
  'square',
  'animate-high',
  'animate-low',
  'extend-high',
  'extend-low',
] as const satisfies readonly Action[];

/** Those that the API's own button may have. */
const styles: ReadonlyMap<OfferStyle | undefined, ButtonStyle.Success | ButtonStyle.Danger> = new Map([
  ['success', ButtonStyle.Success],
  ['danger', ButtonStyle.Danger],
] as const);

/** Discord's limit for a menu. */
const mostChoices = 25;

interface OfferButton {
  readonly offer: Offer;
  /** Its number among the task's offers. */
  readonly index: number;
}

type Entry = ButtonBuilder | OfferButton;

/** At most 5 rows: every offer in a row of its kind, and what else can be done with the message. */
export function renderButtons(
  task: Task,
  words: Words,
  shown: ShownResult,
  outlook: Outlook | undefined,
): RenderedMessage['components'] {
  const proposals = toProposals(task).map((_, index) => toProposalButton(task.id, index, words));
  // Nobody can choose among images that aren't there yet.
  const offers = shown.as === 'awaited' ? [] : listOffers(task);
  // Midjourney puts 🔄 behind the numbers of what it found.
  const again = offers.filter(({ offer }) => offer.action === 'redescribe');
  const hasRoom = proposals.length > 0 && proposals.length + again.length <= rowLength;
  const left = hasRoom ? offers.filter((one) => !again.includes(one)) : offers;
  const groupsOf = (names: readonly ButtonGroup[]) =>
    names.flatMap((name) => splitLarge(left.filter(({ offer }) => groupOf(offer.action) === name)));
  const alone = [hasRoom ? [...proposals, ...again] : proposals, ...groupsOf(gridGroups)];
  const others = groupsOf(buttonGroups.filter((name) => !gridGroups.includes(name)));
  const last = toOwnButtons(task, words, outlook);
  const byKind = arrangeRows<Entry>({ alone, others, last });
  // What neither rows of their kind nor the menu have room for stands as close as it can.
  const isTooMuch = byKind.more.length > mostChoices;
  const { rows, more } = isTooMuch
    ? arrangeRows<Entry>({ alone: [], others: [[...alone, ...others].flat()], last })
    : byKind;
  const shownRows = rows.map((row) => toRow(toButtons(task.id, row, words)));
  const menu = more.filter((entry) => 'offer' in entry).slice(0, mostChoices);
  return menu.length === 0 ? shownRows : [...shownRows, toRow([toMenu(task.id, menu, words)])];
}

/** Numbers of one action stay together where a group has more than one row. */
function splitLarge(group: OfferButton[]): OfferButton[][] {
  if (group.length <= rowLength) return [group];
  const actions = new Set(group.map(({ offer }) => offer.action));
  return [...actions].map((action) => group.filter(({ offer }) => offer.action === action));
}

/** On a picture that was taken out of its set, a button needs no number, but what the API gets stays. */
function withoutNumber(task: Task, { action, index, ...offer }: Offer): Offer {
  const isKept = index === undefined || task.request.action !== 'upscale' || action === 'upscale';
  return isKept ? { action, ...(index === undefined ? {} : { index }), ...offer } : { action, ...offer };
}

/** U1–U4 come before 🔄; all others keep the provider's order. A newer version may have saved an offer without a name here. */
function listOffers(task: Task): OfferButton[] {
  const known = (task.result?.offers ?? [])
    .map((offer, index) => ({ offer: withoutNumber(task, offer), index }))
    .filter(({ offer }) => followUpActions.includes(offer.action));
  const isReroll = ({ offer }: OfferButton) => offer.action === 'reroll' || offer.action === 'reroll-video';
  return [...known.filter((one) => !isReroll(one)), ...known.filter(isReroll)];
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
  own.push(...toStyleButtons(task, words));
  if (isEnded(task)) own.push(button('remove').setEmoji({ name: '🗑️' }));
  return own;
}

function toProposalButton(taskId: string, index: number, words: Words): ButtonBuilder {
  return new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'proposal', taskId, offer: index }))
    .setStyle(ButtonStyle.Secondary)
    .setLabel(words.say('button.proposal', { number: index + 1 }));
}

/** How much the buttons of a row say: with their emoji, without it if it isn't all they have, or the shortest name next to it. */
const lengths = ['full', 'plain', 'short'] as const;
type Length = (typeof lengths)[number];

/**
 * The buttons of a row, saying as much as fits into one line on a phone, where 🗑️ may go into the next one. A row that needs two
 * lines even with short names has its long ones, in which people find more.
 */
function toButtons(taskId: string, row: readonly Entry[], words: Words): ButtonBuilder[] {
  const facesFor = (length: Length) =>
    row.map((entry, place) => toFace(entry, row[place - 1], { length, words }));
  const choices = lengths.map(facesFor);
  const isOffer = (_: ButtonFace, place: number) => 'offer' in (row[place] ?? {});
  const faces =
    choices.find(fitsPhone) ?? choices.find((one) => fitsPhone(one.filter(isOffer))) ?? facesFor('plain');
  return row.map((entry, place) => ('offer' in entry ? toButton(taskId, entry, faces[place] ?? {}) : entry));
}

function toButton(
  taskId: string,
  { offer, index }: OfferButton,
  { symbol, label }: ButtonFace,
): ButtonBuilder {
  const button = new ButtonBuilder()
    .setCustomId(encodePress({ kind: 'offer', taskId, offer: index }))
    .setStyle(styles.get(offer.style) ?? ButtonStyle.Secondary);
  if (symbol !== undefined) button.setEmoji({ name: symbol });
  return label === undefined ? button : button.setLabel(label);
}

function toFace(
  entry: Entry,
  previous: Entry | undefined,
  { length, words }: { length: Length; words: Words },
): ButtonFace {
  if (!('offer' in entry)) {
    const { emoji, label } = entry.toJSON() as { emoji?: { name?: string }; label?: string };
    return { symbol: emoji?.name, label };
  }
  const { offer } = entry;
  const before = previous !== undefined && 'offer' in previous ? previous.offer : undefined;
  const short = toShortLabel(offer, before, words);
  if (short !== undefined) return { label: short };
  const foreign = toForeignEmoji(offer);
  const symbol = emoji[offer.action] ?? foreign;
  if (wordless.has(offer.action)) return { symbol };
  const label = toLabel(offer, words);
  // A provider's own label is shown as a whole, since nobody here knows what could be left out.
  if (symbol === foreign || length === 'full') return { symbol, label };
  if (length === 'plain' || offer.index !== undefined || !isAlike(offer.action)) return { label };
  return { symbol, label: words.say(`button.short.${offer.action}`) };
}

/** "Strong" behind "Vary (Subtle)", 2 behind "Upscale 1", without the emoji: so most rows fit on a phone. */
function toShortLabel({ action, index }: Offer, before: Offer | undefined, words: Words): string | undefined {
  if (index !== undefined)
    return isNumbered(action) && before?.action === action
      ? words.say(`button.numbered.${action}`, { index })
      : undefined;
  if (before === undefined || before.index !== undefined || !isAlike(action) || !isAlike(before.action))
    return undefined;
  return familyOf(action) === beginningOf(before.action) ? words.say(`button.short.${action}`) : undefined;
}

/** Which names an action may stand behind with its short one. */
function familyOf(action: Action): string {
  return action === 'square' ? 'zoom' : beginningOf(action);
}

/** How the names of some actions begin, in every language. */
function beginningOf(action: Action): string {
  return action === 'custom-zoom' ? 'zoom' : (action.split('-')[0] ?? action);
}

function toMenu(taskId: string, offers: readonly OfferButton[], words: Words): StringSelectMenuBuilder {
  const choices = offers.map(({ offer, index }) => {
    const choice = new StringSelectMenuOptionBuilder()
      .setLabel(toLabel(offer, words))
      .setValue(String(index));
    const symbol = emoji[offer.action] ?? toForeignEmoji(offer);
    return symbol === undefined ? choice : choice.setEmoji({ name: symbol });
  });
  return new StringSelectMenuBuilder()
    .setCustomId(encodePress({ kind: 'more', taskId }))
    .setPlaceholder(words.say('button.more'))
    .addOptions(choices);
}

function toLabel(offer: Offer, { say }: Words): string {
  const { action, index } = offer;
  const foreign = toForeignLabel(offer);
  if (foreign !== undefined) return foreign;
  return index !== undefined && isIndexed(action)
    ? say(`button.${action}`, { index })
    : say(`action.${action}`);
}

function isIndexed(action: Action): action is (typeof indexed)[number] {
  return indexed.some((one) => one === action);
}

function isNumbered(action: Action): action is (typeof numbered)[number] {
  return numbered.some((one) => one === action);
}

function isAlike(action: Action): action is (typeof alike)[number] {
  return alike.some((one) => one === action);
}
