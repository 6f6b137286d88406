import { cleanText, shortenText } from '../clean-text.ts';

/** `warn` is worth a look, or could not be told; `skip` was not asked. */
export type Verdict = 'ok' | 'warn' | 'FAIL' | 'skip';

/** One check and what came of it. */
export interface Line {
  readonly verdict: Verdict;
  /** What was looked at, as in `account main (4allapi)`. */
  readonly what: string;
  readonly text: string;
}

const longest = 400;

/**
 * As it is written: on one line, whatever others have put into it (names of servers, what an API said), since control
 * characters would let them write the lines after it, too.
 */
export function toText({ verdict, what, text }: Line, hide: (text: string) => string): string {
  // Hidden before it is cut, so that no half of a secret is left.
  const words = hide(cleanText(`${what}: ${text}`));
  return `${verdict.padEnd(4)}  ${shortenText(words, longest)}`;
}

/** At most three of them, and how many there are besides. */
export function enumerate(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export function count(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : several}`;
}
