import type { TaskRequest } from '../task.ts';
import { usesEditModel } from './edit-model.ts';
import { readFlags } from './scan.ts';

/**
 * Whether a request sets version 8 and has a style reference or pictures. Ace Data Cloud charges four times as much for
 * those, going by the version it's given (AceDataCloud/Docs, openapi/midjourney.json: `version`, `style_reference`,
 * `moodboard`).
 */
export function hasVersion8References({
  action,
  prompt = '',
  pictures = [],
}: Pick<TaskRequest, 'action'> & Partial<Pick<TaskRequest, 'prompt' | 'pictures'>>): boolean {
  // Follow-ups, edits of one picture and videos don't have these fields.
  if (action !== 'imagine' && action !== 'blend' && !usesEditModel({ action, pictures })) return false;
  const flags = readFlags(prompt);
  const isVersion8 = flags.some(
    ({ name, number }) => (name === 'v' || name === 'version') && /^8(?:\.|$)/.test(number),
  );
  if (!isVersion8) return false;
  const hasPictures = pictures.length > 0 || /^\s*https?:\/\//iu.test(prompt);
  return hasPictures || flags.some(({ name }) => name === 'sref');
}

/** Whether a prompt asks for pictures of twice the width with `--hd`, which take more GPU time. */
export function hasHd(prompt: string): boolean {
  return readFlags(prompt).some(({ name }) => name === 'hd');
}

/** Whether a prompt places something from a picture with `--oref`, which Midjourney counts twice. */
export function hasOmniReference(prompt: string): boolean {
  return readFlags(prompt).some(({ name }) => name === 'oref');
}

/** What makes a prompt cost more than the one that was paid for, if anything in it does. */
export function findDearer(prompt: string, paid: string): '--oref' | '--hd' | undefined {
  if (hasOmniReference(prompt) && !hasOmniReference(paid)) return '--oref';
  return hasHd(prompt) && !hasHd(paid) ? '--hd' : undefined;
}
