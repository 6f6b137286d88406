import { type Kysely, sql } from 'kysely';
import type { Task } from '../task.ts';
import type { Schema } from './schema.ts';
import { isUnfinished, readTasks, selectTasks } from './task-queries.ts';

/** What the tracker and the recovery after a start ask: which tasks are due, and in which state. */
export interface DueTasks {
  /** Running tasks whose look is due, longest due first. */
  listDue(now: number, limit: number): Promise<Task[]>;
  /** Unfinished tasks past their deadline. */
  listOverdue(now: number, limit: number): Promise<Task[]>;
  /** When the next look or deadline is due, in epoch milliseconds. */
  nextDueAt(): Promise<number | undefined>;
  /** Moves only the next look, after a look that found nothing new; `undefined` ends the looks. */
  lookAgainAt(id: string, nextLookAt: number | undefined): Promise<void>;
  /** Pulls looks and waits that are later than `latest` back to it, after the clock was set back. */
  clampDue(latest: { look: number; wait: number }): Promise<void>;
  /** Every unfinished task in one of the states. */
  listByState(...states: Task['state'][]): Promise<Task[]>;
  /** Running tasks that the provider was asked to cancel. */
  listCancelling(): Promise<Task[]>;
}

export function createDueTasks(database: Kysely<Schema>): DueTasks {
  const select = () => selectTasks(database);

  return {
    listDue: (now, limit) =>
      readTasks(select().where('next_look_at', '<=', now).orderBy('next_look_at').limit(limit)),
    listOverdue: (now, limit) =>
      readTasks(
        select().where(isUnfinished).where('deadline_at', '<=', now).orderBy('deadline_at').limit(limit),
      ),
    async nextDueAt() {
      const look = await database
        .selectFrom('tasks')
        .select((expression) => expression.fn.min('next_look_at').as('at'))
        .where('next_look_at', 'is not', null)
        .executeTakeFirst();
      const deadline = await database
        .selectFrom('tasks')
        .select('deadline_at as at')
        .where(isUnfinished)
        .orderBy('deadline_at')
        .limit(1)
        .executeTakeFirst();
      const times = [look?.at, deadline?.at].filter((at) => at !== null && at !== undefined).map(Number);
      return times.length === 0 ? undefined : Math.min(...times);
    },
    async lookAgainAt(id, nextLookAt) {
      await database
        .updateTable('tasks')
        .set({ next_look_at: nextLookAt ?? null })
        .where('id', '=', id)
        .where('next_look_at', 'is not', null)
        .execute();
    },
    async clampDue({ look, wait }) {
      await database
        .updateTable('tasks')
        .set({ next_look_at: look })
        .where('next_look_at', '>', look)
        .execute();
      await database
        .updateTable('tasks')
        .set({ not_before: wait })
        .where('not_before', '>', wait)
        .where(isUnfinished)
        .execute();
    },
    listByState: (...states) =>
      readTasks(select().where('state', 'in', states).where(isUnfinished).orderBy('created_at')),
    async listCancelling() {
      // The text is searched first, and parsed only where it matches: there may be ten thousand other tasks.
      const marked = sql<boolean>`details like '%"cancellingAt":%'`;
      const tasks = await readTasks(
        select().where('state', '=', 'running').where(isUnfinished).where(marked),
      );
      return tasks.filter(({ cancellingAt }) => cancellingAt !== undefined);
    },
  };
}
