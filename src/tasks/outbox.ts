import type { Clock } from '../clock.ts';
import type { Database } from '../storage/database.ts';
import type { Task } from '../task.ts';

/** A final message that is owed to Discord. */
export interface OwedMessage {
  readonly task: Task;
  /** How often it was tried in vain. */
  readonly attempts: number;
}

/** Final messages that Discord does not have yet; they stay owed over restarts. */
export interface Outbox {
  /** What is due now, longest due first. */
  listDue(limit: number): Promise<OwedMessage[]>;
  nextDueAt(): Promise<number | undefined>;
  /** Discord has it, or never can have it. */
  settle(taskId: string): Promise<void>;
  /** To be tried again later. */
  postpone(taskId: string, delayMs: number): Promise<void>;
}

export function createOutbox({ database, clock }: { database: Database; clock: Clock }): Outbox {
  return {
    async listDue(limit) {
      const owed: OwedMessage[] = [];
      for (const { taskId, attempts } of await database.deliveries.listDue(clock.now(), limit)) {
        const task = await database.tasks.get(taskId);
        if (task !== undefined) owed.push({ task, attempts });
      }
      return owed;
    },
    nextDueAt: () => database.deliveries.nextDueAt(),
    settle: (taskId) => database.deliveries.remove(taskId),
    postpone: (taskId, delayMs) => database.deliveries.postpone(taskId, clock.now() + delayMs),
  };
}
