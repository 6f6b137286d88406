import type { Clock } from '../clock.ts';
import type { Database } from '../storage/database.ts';
import type { DeliveryKind } from '../storage/deliveries.ts';
import type { Task } from '../task.ts';

/** A message that is owed to Discord. */
export interface OwedMessage {
  readonly task: Task;
  readonly kind: DeliveryKind;
  /** How many tries have failed. */
  readonly attempts: number;
  /** Since when it is owed, epoch milliseconds. */
  readonly owedSince: number;
}

/** Messages that Discord doesn't have yet; they stay owed across restarts. */
export interface Outbox {
  /** Returns what is due now, longest due first, except for tasks that are already taken. */
  listDue(limit: number, isTaken?: (taskId: string) => boolean): Promise<OwedMessage[]>;
  nextDueAt(): Promise<number | undefined>;
  /** Discord has it. If it's owed again in the meantime, because of a new token, it stays owed. */
  settle(owed: OwedMessage): Promise<void>;
  /**
   * Discord can never have it. If it was the final message, the mention is no longer owed either, unless its person is told
   * elsewhere (`isToldAnyway`).
   */
  giveUp(owed: OwedMessage, options?: { isToldAnyway?: boolean }): Promise<void>;
  /** Tries it again later. */
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
        if (isSettled && kind === 'final') await tasks.settle(task.id, clock.now());
      }),
    giveUp: ({ task, kind, owedSince }, { isToldAnyway = false } = {}) =>
      database.transaction(async ({ deliveries, tasks }) => {
        if (!(await deliveries.remove(task.id, kind, owedSince)) || kind !== 'final') return;
        if (!isToldAnyway) await deliveries.remove(task.id, 'mention');
        await tasks.settle(task.id);
      }),
    postpone: ({ task, kind }, delayMs) => database.deliveries.postpone(task.id, kind, clock.now() + delayMs),
  };
}
