import type { Action, Offer, Task, TaskRequest } from '../task.ts';

/** Five seconds, and four more each of four times: 21 (docs.midjourney.com, Video). */
const firstSeconds = 5;
const moreSeconds = 4;
const mostExtensions = 4;

/** How long the longest video is. */
export const longestSeconds = firstSeconds + mostExtensions * moreSeconds;

/** How often a video has been extended; a clip that is shown alone counts like its set. */
export function countExtensions({ action, options }: Pick<TaskRequest, 'action' | 'options'>): number {
  // Tasks of earlier versions don't say.
  return options?.extensions ?? (isExtension(action) ? 1 : 0);
}

export function isExtension(action: Action): boolean {
  return action === 'extend-high' || action === 'extend-low';
}

/** Whether a result is a video that can't get any longer: Midjourney would refuse to extend it once more. */
export function isLongest({ request }: Pick<Task, 'request'>): boolean {
  return countExtensions(request) >= mostExtensions;
}

/** Whether an offer of a result can be taken up. */
export function isStillOffered(task: Pick<Task, 'request'>, { action }: Pick<Offer, 'action'>): boolean {
  return !isExtension(action) || !isLongest(task);
}
