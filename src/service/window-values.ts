import { UserError } from '../errors.ts';
import { cellCount, cellsPerSide } from '../images/cells.ts';
import { findExpired } from '../inputs/pictures.ts';
import { dropSpeeds, normalizePrompt, takeSpeed } from '../prompt/compose.ts';
import { findDearer } from '../prompt/references.ts';
import type { Region, Speed, Task, TaskRequest } from '../task.ts';

/** An answer is part of a task that is paid for. */
export function requirePaid({ request }: Task, answer: string): void {
  const part = findDearer(answer, request.prompt);
  if (part !== undefined) throw new UserError('unpriced', { part });
}

/**
 * The words that a picture is made from, as far as they're known. A gateway may propose the speed flags that we, or its own
 * account, had added; the task already has its speed.
 */
export function ownWordsOf({ question, request }: Task): string {
  const { prompt, hidden } = request; // the provider's own words have the hidden suffix in them
  return dropSpeeds(hidden === undefined ? (question ?? prompt) : prompt);
}

/** Reads a text from a modal. Throws a `UserError` for one with another speed than the task has. */
export function readTyped(text: string, taskSpeed: Speed): string {
  const { text: prompt, speed } = takeSpeed(text, undefined);
  if (speed !== undefined && speed !== taskSpeed)
    throw new UserError('speed-in-prompt', { flag: `--${speed}` });
  return normalizePrompt(prompt);
}

/** What only the bytes of a mask reveal is found before it's sent. Returns what is wrong with the region, if anything is. */
export function readRegion(region: Region | undefined): Region | 'region-missing' | 'region-everything' {
  const cells = [...new Set(region?.cells)].filter((cell) => cell >= 1 && cell <= cellCount);
  if (region?.painted !== undefined) return { cells, cellsPerSide, painted: region.painted };
  if (region?.picture !== undefined) return { cells, cellsPerSide, picture: region.picture };
  if (cells.length === 0) return 'region-missing';
  return cells.length === cellCount ? 'region-everything' : { cells, cellsPerSide };
}

/** Discord deletes attachments after a while: another try could only fail. */
export function refuseExpired({ pictures, region }: TaskRequest, now: number): void {
  const given = region?.picture === undefined ? pictures : [...pictures, region.picture];
  const expired = findExpired(given, now);
  if (expired !== undefined) throw new UserError('picture-gone', { name: expired.name });
}
