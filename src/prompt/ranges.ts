import { UserError } from '../errors.ts';
import { optionFlags, type Range, rangesOf } from './parameters.ts';
import { type Flag, readFlags } from './scan.ts';

/**
 * Refuses a number that Midjourney certainly turns down in the version that the prompt names; if it names none, in every
 * version since 4. Midjourney would say so minutes after the charge.
 */
export function requireRanges(prompt: string): void {
  const flags = readFlags(prompt);
  const ranges = rangesOf(versionOf(flags));
  for (const { name, number, isPlain } of flags) {
    const range = isPlain ? ranges.get(name) : undefined;
    if (range !== undefined && !isWithin(number, range))
      throw new UserError('flag-out-of-range', {
        flag: `--${name}`,
        value: number,
        smallest: range[0],
        largest: range[1],
      });
  }
}

/** What isn't a number, or is none at all, is for Midjourney to judge. */
function isWithin(number: string, [smallest, largest]: Range): boolean {
  const value = number === '' ? Number.NaN : Number(number);
  return Number.isNaN(value) || (value >= smallest && value <= largest);
}

const versionFlags: readonly string[] = [...optionFlags.version, 'test', 'testp'];

/** `7`, `niji 6`, `test`; `undefined` for the default. */
function versionOf(flags: readonly Flag[]): string | undefined {
  const found = flags.find(({ name }) => versionFlags.includes(name));
  if (found?.name.startsWith('test') === true) return found.name;
  if (found === undefined || found.number === '') return undefined;
  return found.name === 'niji' ? `niji ${found.number}` : found.number;
}
