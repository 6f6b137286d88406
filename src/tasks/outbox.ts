import type { Clock } from '../clock.ts';
import type { Database } from '../storage/database.ts';
import type { DeliveryKind } from '../storage/deliveries.ts';
import type { Task } from '../task.ts';

/** A message that is owed to Discord. */
export interface OwedMessage {
  readonly task: Task;
  readonly kind: DeliveryKind;
  /** How often it was tried in vain. */
  readonly attempts: number;
  /** Since when it is owed, epoch milliseconds. */
  readonly owedSince: number;
}

/** Messages that Discord does not have yet; they stay owed over restarts. */
export interface Outbox {
  /** What is due now, longest due first, but for tasks that somebody has taken already. */
  listDue(limit: number, isTaken?: (taskId: string) => boolean): Promise<OwedMessage[]>;
  nextDueAt(): Promise<number | undefined>;
  /** Discord has it. What came to be owed anew in the meantime, by a new token, stays owed. */
  settle(owed: OwedMessage): Promise<void>;
  /** Discord never can have it: nothing of that task is owed any more. */
  giveUp(owed: OwedMessage): Promise<void>;
  /** To be tried again later. */
  postpone(owed: Pick<OwedMessage, 'task' | 'kind'>, delayMs: number): Promise<void>;
}

export function createOutbox({ database, clock }: { database: Database; clock: Clock }): Outbox {
  return {
    async listDue(limit, isTaken = () => false) {
      const owed: OwedMessage[] = [];
      for (const { taskId, kind, attempts, createdAt } of await database.deliveries.listDue(
        clock.now(),
        limit,
      )) {
        const task = isTaken(taskId) ? undefined : await database.tasks.get(taskId);
        if (task !== undefined) owed.push({ task, kind, attempts, owedSince: createdAt });
      }
      return owed;
    },
    nextDueAt: () => database.deliveries.nextDueAt(),
    settle: ({ task, kind, owedSince }) =>
      database.transaction(async ({ deliveries, tasks }) => {
        const isSettled = await deliveries.remove(task.id, kind, owedSince);
        if (isSettled && kind === 'final') await tasks.settle(task.id);
      }),
    giveUp: ({ task, kind, owedSince }) =>
      database.transaction(async ({ deliveries, tasks }) => {
        if (!(await deliveries.remove(task.id, kind, owedSince)) || kind !== 'final') return;
        await deliveries.remove(task.id, 'mention');
        await tasks.settle(task.id);
      }),
    postpone: ({ task, kind }, delayMs) => database.deliveries.postpone(task.id, kind, clock.now() + delayMs),
  };
}
