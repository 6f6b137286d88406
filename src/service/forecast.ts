import type { Accounts } from '../accounts/accounts.ts';
import type { Durations } from '../accounts/durations.ts';
import type { Policies } from '../points/policies.ts';
import type { Lanes } from '../runner/lanes.ts';
import type { Database } from '../storage/database.ts';
import type { Task } from '../task.ts';
import { decideStop } from '../tasks/stops.ts';

export interface Known {
  readonly accounts: Accounts;
  readonly durations: Durations;
  readonly lanes: Lanes;
  readonly database: Pick<Database, 'tasks'>;
  readonly policies: Pick<Policies, 'read'>;
  readonly now: number;
}

/**
 * Returns what can be said about an unfinished task: its position in the queue, how long such tasks usually take, whether it
 * can be cancelled, and whether its points would come back now.
 */
export async function toOutlook(task: Task, known: Known) {
  const account = known.accounts.get(task.account);
  const isAtProvider = task.state === 'running' && account?.provider.cancel !== undefined;
  const usualMs = known.durations.usual(task, account?.traits.usualMs);
  const canCancel =
    task.state === 'queued' || task.state === 'asking' || (isAtProvider && task.cancellingAt === undefined);
  return {
    now: known.now,
    position: task.state === 'queued' ? known.lanes.positionOf(task) : undefined,
    usualMs: usualMs === undefined ? undefined : roundUp(usualMs),
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

/**
 * Rounded the way people say it: to the second up to ten, to five seconds up to two minutes, then to half a minute. A median
 * that moves a little doesn't change every message.
 */
function roundUp(milliseconds: number): number {
  const stepMs = milliseconds <= 10_000 ? 1_000 : milliseconds <= 120_000 ? 5_000 : 30_000;
  return Math.max(1, Math.ceil(milliseconds / stepMs)) * stepMs;
}
