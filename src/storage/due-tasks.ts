import { type Kysely, sql } from 'kysely';
import type { Ref, Task } from '../task.ts';
import type { Schema } from './schema.ts';
import { isDone, isKept, isUnfinished, readTasks, selectTasks } from './task-queries.ts';
import { toPromptKey } from './task-rows.ts';

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
  /** Pulls looks, waits and the deadlines of lost tasks that are later than `latest` back to it, after the clock was set back. */
  clampDue(latest: { look: number; wait: number; lost: number }): Promise<void>;
  /** Every unfinished task in one of the states. */
  listByState(...states: Task['state'][]): Promise<Task[]>;
  /**
   * Other tasks, of any account, that may be what a provider calls by one of these refs, or already are: they have the same
   * words or such an id, and haven't ended before `since`.
   */
  listRivals(task: Task, { refs, since }: { refs: readonly Ref[]; since: number }): Promise<Task[]>;
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
    async clampDue({ look, wait, lost }) {
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
      await database
        .updateTable('tasks')
        .set({ deadline_at: lost })
        .where('lost_at', 'is not', null)
        .where('deadline_at', '>', lost)
        .where('state', '=', 'submitting')
        .execute();
    },
    listByState: (...states) =>
      readTasks(select().where('state', 'in', states).where(isUnfinished).orderBy('created_at')),
    async listRivals({ id, request }, { refs, since }) {
      const ids = refs.flatMap((ref) => ref['id'] ?? []);
      const rivals = select()
        .where('id', '!=', id)
        .where((where) =>
          where.or([
            where('prompt_key', '=', toPromptKey(request)),
            ...ids.map((one) => where('details', 'like', `%"id":${JSON.stringify(one)}%`)),
          ]),
        );
      const endedSince = rivals.where('finished_at', '>=', since);
      // One query for each index.
      return [
        ...(await readTasks(rivals.where(isUnfinished))),
        ...(await readTasks(endedSince.where(isDone))),
        ...(await readTasks(endedSince.where(isKept))),
      ];
    },
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
