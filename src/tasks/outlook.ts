import type { Task } from '../task.ts';
import type { Accounts } from './accounts.ts';
import { percentile } from './cadence.ts';
import type { Durations } from './durations.ts';
import type { Lanes } from './lanes.ts';

/** Fewer than these tell nothing about the next. */
const enough = 5;

/** What can be said of an unfinished task: its place in the queue, when it may be ready, whether it can be cancelled. */
export function toOutlook(
  task: Task,
  known: { accounts: Accounts; durations: Durations; lanes: Lanes; now: number },
) {
  const durations = known.durations.list(task);
  const isAtProvider =
    task.state === 'running' && known.accounts.get(task.account)?.provider.cancel !== undefined;
  const hasEnough = task.acceptedAt !== undefined && durations.length >= enough;
  return {
    now: known.now,
    place: task.state === 'queued' ? known.lanes.placeOf(task) : undefined,
    expectedAt: hasEnough ? (task.acceptedAt ?? 0) + percentile(durations, 0.5) : undefined,
    canCancel:
      task.state === 'queued' || task.state === 'asking' || (isAtProvider && task.cancellingAt === undefined),
  };
}
