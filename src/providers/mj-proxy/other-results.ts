import type { Update } from '../../task.ts';
import type { MjTask } from './task.ts';
import { hasNumberedPrompts, isTextTask } from './texts.ts';

/** How many looks in a row have to see nothing before that's the result: gateways may still be copying a picture. */
const looksToBelieve = 5;

/** Actions of unknown outcome: to bookmark a picture, for example, makes no other. */
const others: ReadonlySet<string | undefined> = new Set(['other', 'other-video']);

/**
 * What to read the result of an unknown button as, by what came: a picture, if there's one; prompts, if they're numbered.
 * What the gateway writes may be about the task whose button it was.
 */
export function toActionOfResult(task: MjTask, asked: string | undefined, action: string): string {
  if (!others.has(asked)) return action;
  const hasPicture = Boolean(
    task.imageUrl || task.videoUrl || task.imageUrls?.length || task.videoUrls?.length,
  );
  const isText = isTextTask({ ...task, action });
  if (isText) return hasPicture && !hasNumberedPrompts(task) ? '' : action;
  return !hasPicture && hasNumberedPrompts(task) ? 'DESCRIBE' : action;
}

/** What tasks are that have finished, without a picture or a text so far. */
export interface EmptyResults {
  read(id: string, action: string | undefined): Update;
}

export function createEmptyResults(): EmptyResults {
  const seen = new Map<string, number>();
  return {
    read(id, action) {
      if (!others.has(action)) return { state: 'running' };
      const count = (seen.get(id) ?? 0) + 1;
      seen.set(id, count);
      if (count < looksToBelieve) return { state: 'running' };
      seen.delete(id);
      return { state: 'done', media: [], offers: [] };
    },
  };
}
