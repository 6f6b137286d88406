import { readFlag } from './flags.ts';

/** Longer lists of codes couldn't be saved as one. */
const longest = 100;

/** Whether Midjourney chooses the style of a prompt by itself. */
export function drawsStyle(prompt: string): boolean {
  return (readSref(prompt) ?? []).some((value) => /^random(?:::|$)/iu.test(value));
}

/** The style codes of a prompt as Midjourney shows it, weights included; `undefined` if it has none, or addresses as well. */
export function readStyleCodes(prompt: string): string | undefined {
  const values = readSref(prompt) ?? [];
  const codes = values.join(' ');
  const areCodes = values.every((value) => /^\d{1,12}(?:::\d+(?:\.\d+)?)?$/.test(value));
  return codes !== '' && codes.length <= longest && areCodes ? codes : undefined;
}

/** Everything up to the next flag, of the last `--sref`. */
function readSref(prompt: string): string[] | undefined {
  if (readFlag(prompt, 'sref') === undefined) return undefined;
  const value = /.*(?:^|\s)--sref\s+(.*?)(?=\s+--[a-z]|$)/isu.exec(prompt)?.[1];
  return value?.trim().split(/\s+/u);
}
