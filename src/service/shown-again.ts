import type { Clock } from '../clock.ts';
import { hasResult, type Task } from '../task.ts';

/** Whether what a task has come to can be shown in another message, too. */
export type CanBeShown = (task: Task) => Promise<boolean>;

/** How long a provider's own addresses work for sure; for about a day. */
const addressesLastMs = 20 * 60 * 60_000;

export function createCanBeShown({
  isAvailable,
  clock,
}: {
  /** Whether its pictures are kept. */
  isAvailable: (task: Task) => Promise<boolean>;
  clock: Pick<Clock, 'now'>;
}): CanBeShown {
  return async (task) => {
    const hasFiles = hasResult(task) && (task.result?.media.length ?? 0) > 0;
    const endedAt = task.lateAt ?? task.finishedAt ?? clock.now();
    return !hasFiles || clock.now() - endedAt < addressesLastMs || isAvailable(task);
  };
}
