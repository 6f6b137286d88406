import type { TaskRequest } from '../task.ts';
import { readFlags } from './scan.ts';

/**
 * Whether a request names version 8 and shows it a style or pictures. Ace Data Cloud bills those four times as much, by
 * the version that it's told (AceDataCloud/Docs, openapi/midjourney.json: `version`, `style_reference`, `moodboard`).
 */
export function hasVersion8References({
  action,
  prompt = '',
  pictures = [],
}: Pick<TaskRequest, 'action'> & Partial<Pick<TaskRequest, 'prompt' | 'pictures'>>): boolean {
  // Follow-ups, edits and videos have no such fields.
  if (action !== 'imagine' && action !== 'blend') return false;
  const flags = readFlags(prompt);
  const isVersion8 = flags.some(
    ({ name, number }) => (name === 'v' || name === 'version') && /^8(?:\.|$)/.test(number),
  );
  if (!isVersion8) return false;
  const hasPictures = pictures.length > 0 || /^\s*https?:\/\//iu.test(prompt);
  return hasPictures || flags.some(({ name }) => name === 'sref');
}
