import type { Action } from '../../task.ts';

/** midjourney-proxy's names for our actions (TaskAction.java; `VIDEO_EXTEND` from trueai), as far as their results differ. */
const words: ReadonlyMap<string, string> = new Map<Action, string>([
  ['imagine', 'IMAGINE'],
  ['blend', 'BLEND'],
  ['variation', 'VARIATION'],
  ['reroll', 'REROLL'],
  ['describe', 'DESCRIBE'],
  ['shorten', 'SHORTEN'],
  ['video', 'VIDEO'],
  ['extend-high', 'VIDEO_EXTEND'],
  ['extend-low', 'VIDEO_EXTEND'],
  ['redescribe', 'DESCRIBE'],
]);

/** What Midjourney's Discord bot calls the same. */
const others: ReadonlyMap<string, string> = new Map([
  ['PICREADER', 'DESCRIBE'],
  ['PROMPTANALYZER', 'SHORTEN'],
]);

/**
 * What a task does, as midjourney-proxy calls it. What we asked for decides. What the gateway writes (in any case, with a
 * prefix, or not at all) only counts if that isn't known: for a task that was found, or one from an earlier version.
 */
export function toTaskAction(asked: string | undefined, written: string | null | undefined): string {
  const known = words.get(asked ?? '');
  if (known !== undefined) return known;
  const word = (written ?? '')
    .trim()
    .toUpperCase()
    .replace(/^MJ[\W_]+/u, '');
  return others.get(word.replaceAll(/[\W_]/gu, '')) ?? word;
}
