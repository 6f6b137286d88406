import { cleanText, shortenText } from '../clean-text.ts';

/** `warn` is worth a look, or couldn't be checked; `skip` wasn't checked. */
export type Verdict = 'ok' | 'warn' | 'FAIL' | 'skip';

/** One check and its result. */
export interface Line {
  readonly verdict: Verdict;
  /** What was checked: `account main (4allapi)`. */
  readonly what: string;
  readonly text: string;
}

const longest = 400;

/**
 * The line as it's printed. It's always a single line: with control characters in it, others (names of servers, what an API
 * said) could write the lines after it, too.
 */
export function toText({ verdict, what, text }: Line, hide: (text: string) => string): string {
  // Hidden before it's cut, so that not even half a secret is left.
  const words = hide(cleanText(`${what}: ${text}`));
  return `${verdict.padEnd(4)}  ${shortenText(words, longest)}`;
}

/** Lists at most three of them, and says how many more there are. */
export function enumerate(names: readonly string[], most = 3): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export function count(number: number, one: string, several = `${one}s`): string {
  return `${number.toLocaleString('en-US')} ${number === 1 ? one : several}`;
}
