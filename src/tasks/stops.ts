import type { Settings } from '../points/policy.ts';
import { type RefundLimit, refundLimitOf } from '../points/refunds.ts';
import type { Repositories } from '../storage/database.ts';
import type { Stop, Task, TaskEvent } from '../task.ts';

type Counts = Pick<Repositories['tasks'], 'countRefundsPromised'>;

/** What happened when somebody asked to cancel a task. */
export type Cancelled =
  | { readonly outcome: 'cancelled' | 'cancelling'; readonly task: Task }
  | { readonly outcome: 'too-late' }
  /** The points wouldn't come back, and nobody has agreed to that yet: nothing was changed. */
  | { readonly outcome: 'unrefunded'; readonly limit: RefundLimit };

/**
 * Decides whether the person gets their points back if a task that a provider has begun is stopped now. Call it in the
 * transaction that saves the decision, so that no two tasks take the last refund of a day.
 */
export async function decideStop(
  tasks: Counts,
  { price, origin }: Pick<Task, 'price' | 'origin'>,
  { settings, now }: { settings: Settings; now: number },
): Promise<Stop> {
  if (price === 0) return { at: now, isRefunded: true };
  const { perDay, day } = refundLimitOf(settings, now);
  const promised = await tasks.countRefundsPromised(origin.userId, day.startsAt);
  return { at: now, isRefunded: promised < perDay };
}

/** Whether the provider has just asked something that only the task's person can answer. */
export function isNewlyAsked(next: Task, before: Task): boolean {
  const { state, stop, request } = next;
  return (
    state === 'asking' && before.state !== 'asking' && stop === undefined && request.answer === undefined
  );
}

/** Returns how a task ends, or begins to, if it's cancelled now; `undefined` if it's too late for that. */
export function toStopEvent(task: Task, stop: Stop, canAskProvider: boolean): TaskEvent | undefined {
  if (task.state === 'asking') return { type: 'cancelled', stop };
  if (task.state === 'queued') return { type: 'cancelled' };
  const isStoppable = task.state === 'running' && task.cancellingAt === undefined && canAskProvider;
  return isStoppable ? { type: 'cancelling', stop } : undefined;
}

/** What happened after a press on Cancel. */
export type CancelOutcome = CancelBegun | CancelQuestion;

export interface CancelBegun {
  readonly isCancelled: true;
  readonly isRefunded: boolean;
  readonly price: number;
}

/** Nothing was done, since these points wouldn't come back. */
export interface CancelQuestion {
  readonly isCancelled: false;
  readonly price: number;
  /** Whose points they are. */
  readonly userId: string;
  /** Refunds a day, and when the next day begins, epoch milliseconds. */
  readonly perDay: number;
  readonly dayEndsAt: number;
}
