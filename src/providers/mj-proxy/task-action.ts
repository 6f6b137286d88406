import type { Action } from '../../task.ts';

/** midjourney-proxy's words for what we ask for (TaskAction.java; `VIDEO_EXTEND` of trueai), as far as results differ by them. */
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
]);

/** Words of Discord's bot for the same. */
const others: ReadonlyMap<string, string> = new Map([
  ['PICREADER', 'DESCRIBE'],
  ['PROMPTANALYZER', 'SHORTEN'],
]);

/**
 * What a task does, in midjourney-proxy's word. What we asked for ourselves decides; what the gateway writes, in any case
 * and with a prefix or not at all, only where that isn't known: for a task that was found, or of an earlier version.
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
