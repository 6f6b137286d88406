import type { Accounts } from '../accounts/accounts.ts';
import { percentile } from '../accounts/cadence.ts';
import type { Durations } from '../accounts/durations.ts';
import type { Policies } from '../points/policies.ts';
import type { Lanes } from '../runner/lanes.ts';
import type { Database } from '../storage/database.ts';
import type { Task } from '../task.ts';
import { decideStop } from '../tasks/stops.ts';

/** Fewer than these say nothing about the next one. */
const fewestDurations = 5;

export interface Known {
  readonly accounts: Accounts;
  readonly durations: Durations;
  readonly lanes: Lanes;
  readonly database: Pick<Database, 'tasks'>;
  readonly policies: Pick<Policies, 'read'>;
  readonly now: number;
}

/**
 * Returns what can be said about an unfinished task: its position in the queue, when it may be ready, whether it can be
 * cancelled, and whether its points would come back now.
 */
export async function toOutlook(task: Task, known: Known) {
  const durations = known.durations.list(task);
  const isAtProvider =
    task.state === 'running' && known.accounts.get(task.account)?.provider.cancel !== undefined;
  const hasEnough = task.acceptedAt !== undefined && durations.length >= fewestDurations;
  const canCancel =
    task.state === 'queued' || task.state === 'asking' || (isAtProvider && task.cancellingAt === undefined);
  return {
    now: known.now,
    position: task.state === 'queued' ? known.lanes.positionOf(task) : undefined,
    expectedAt: hasEnough ? (task.acceptedAt ?? 0) + percentile(durations, 0.5) : undefined,
    canCancel,
    isCancelRefunded: canCancel ? await isRefunded(task, known) : true,
  };
}

/** Only a forecast: another task may take the person's last refund in the meantime, so the press decides again. */
async function isRefunded(task: Task, { database, policies, now }: Known): Promise<boolean> {
  if (task.state === 'queued') return true;
  const settings = await policies.read(task.origin.book);
  const stop = task.stop ?? (await decideStop(database.tasks, task, { settings, now }));
  return stop.isRefunded;
}
