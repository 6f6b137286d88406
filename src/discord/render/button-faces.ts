import type { ButtonBuilder } from '@discordjs/builders';
import type { Words } from '../../locales/index.ts';
import type { Action, Offer } from '../../task.ts';
import { toForeignEmoji, toForeignLabel } from './foreign-label.ts';
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

export const favoriteEmoji = '❤️';

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

/** How much the buttons of a row say: with their emoji, without it if it isn't all they have, or the shortest name next to it. */
const lengths = ['full', 'plain', 'short'] as const;
type Length = (typeof lengths)[number];

/** What stands in a row: what a result offers, or a button that looks as it does in every row. */
type Entry = Offer | ButtonBuilder;

/**
 * What the buttons of a row say: as much as fits into one line on a phone, where 🗑️ may go into the next one. A row that needs two
 * lines even with short names has its long ones, in which people find more. ❤️ doesn't count, so it shortens no name.
 */
export function toFaces(row: readonly Entry[], words: Words): ButtonFace[] {
  const facesFor = (length: Length) =>
    row.map((entry, place) => toFace(entry, row[place - 1], { length, words }));
  const isCounted = ({ symbol, label }: ButtonFace) => symbol !== favoriteEmoji || label !== undefined;
  const choices = lengths.map(facesFor);
  const isOffer = (_: ButtonFace, place: number) => 'action' in (row[place] ?? {});
  return (
    choices.find((one) => fitsPhone(one.filter(isCounted))) ??
    choices.find((one) => fitsPhone(one.filter(isOffer))) ??
    facesFor('plain')
  );
}

function toFace(
  entry: Entry,
  previous: Entry | undefined,
  { length, words }: { length: Length; words: Words },
): ButtonFace {
  if (!('action' in entry)) {
    const { emoji, label } = entry.toJSON() as { emoji?: { name?: string }; label?: string };
    return { symbol: emoji?.name, label };
  }
  const before = previous !== undefined && 'action' in previous ? previous : undefined;
  const short = toShortLabel(entry, before, words);
  if (short !== undefined) return { label: short };
  const symbol = toEmoji(entry);
  if (wordless.has(entry.action)) return { symbol };
  const label = toLabel(entry, words);
  // A provider's own label is shown as a whole, since nobody here knows what could be left out.
  if (symbol === undefined || length === 'full' || toForeignEmoji(entry) !== undefined)
    return { symbol, label };
  if (length === 'plain' || entry.index !== undefined || !isAlike(entry.action)) return { label };
  return { symbol, label: words.say(`button.short.${entry.action}`) };
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

/** Midjourney's own bookmark has a heart, too, and would look like a favorite. */
export function toEmoji(offer: Offer): string | undefined {
  const symbol = emoji[offer.action] ?? toForeignEmoji(offer);
  return symbol === favoriteEmoji ? undefined : symbol;
}

/** The whole name of an offer. */
export function toLabel(offer: Offer, { say }: Words): string {
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
