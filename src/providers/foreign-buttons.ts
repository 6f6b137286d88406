import { cleanText, cutText } from '../clean-text.ts';
import type { Offer, OfferStyle } from '../task.ts';

/** A button shows 80 characters (Discord's reference, Button). Whole keys fit into this, so they're found and hidden. */
const longestLabel = 200;

/** How an API describes a button that we have no name for; nothing in it is trusted. */
export interface ForeignButton {
  readonly label?: unknown;
  readonly emoji?: unknown;
  readonly style?: unknown;
}

/** What to show on the button of an action that we have no name for: the API's label, or else one made of the name. */
export function readForeignButton(
  button: ForeignButton,
  name: string,
): Pick<Offer, 'label' | 'emoji' | 'style'> {
  const label = readLabel(button.label) ?? toLabel(name);
  const emoji = readEmoji(button.emoji);
  return {
    ...(label === undefined ? {} : { label }),
    ...(emoji === undefined ? {} : { emoji }),
    ...readStyle(button.style),
  };
}

/**
 * How a button stands out, by Discord's numbers: green or red. Gray and blue say nothing, since gateways that don't know
 * write one of them on every button (2 in most documents, 1 at apidoc.cometapi.com).
 */
export function readStyle(style: unknown): Pick<Offer, 'style'> {
  const known = styles.get(readNumber(style));
  return known === undefined ? {} : { style: known };
}

/** Discord's number for a style or a type: some gateways write it as text. */
export function readNumber(value: unknown): number | undefined {
  if (typeof value === 'string' && /^\d$/u.test(value)) return Number(value);
  return typeof value === 'number' ? value : undefined;
}

const styles: ReadonlyMap<number | undefined, OfferStyle> = new Map([
  [3, 'success'],
  [4, 'danger'],
]);

/** One line that people can see something of; `undefined` for anything else. */
function readLabel(label: unknown): string | undefined {
  if (typeof label !== 'string') return undefined;
  // Cut before it's cleaned, too: that reads every character.
  const text = cutText(cleanText(label.slice(0, 10 * longestLabel)), longestLabel);
  return /[\p{L}\p{N}\p{P}\p{S}]/u.test(text) ? text : undefined;
}

/**
 * A Unicode emoji, which Discord shows; it refuses the name or the id of one that another server uploaded. An emoji
 * without its variation selector is completed.
 */
function readEmoji(emoji: unknown): string | undefined {
  const text = typeof emoji === 'object' && emoji !== null && 'name' in emoji ? emoji.name : emoji;
  if (typeof text !== 'string' || text.length > longestEmoji) return undefined;
  return [text, `${text}\ufe0f`].find((one) => /^\p{RGI_Emoji}$/v.test(one));
}

/** In UTF-16 code units; a family of four with skin tones has 41. */
const longestEmoji = 50;

/** `foo_bar` → "Foo bar", `FooBar` → "Foo bar". */
function toLabel(name: string): string | undefined {
  const words = name
    .replaceAll(/(?<=\p{Ll})(?=\p{Lu})/gu, ' ')
    .replaceAll(/[_\s]+/gu, ' ')
    .trim()
    .toLowerCase();
  return readLabel(`${words.slice(0, 1).toUpperCase()}${words.slice(1)}`);
}

/** Whether a name says that its action makes videos, which cost more than pictures; to pick one of a set makes none. */
export function namesVideo(name: string): boolean {
  return /video|animat/iu.test(name) && !/upscale|upsample/iu.test(name);
}
