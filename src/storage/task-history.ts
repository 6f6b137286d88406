import type { Kysely } from 'kysely';
import { endStates, type Task } from '../task.ts';
import type { Schema } from './schema.ts';
import { isDone, isFailed, isKept, isUnfinished, readTasks, selectTasks } from './task-queries.ts';

/** A part of a list, perhaps of some kinds or states only. */
export interface TaskPage {
  readonly actions?: readonly string[] | undefined;
  readonly states?: 'unfinished' | 'failed' | undefined;
  readonly limit: number;
  readonly offset: number;
}

/** What is asked about tasks of the past: what they taught, whose they are, and whether they can be emptied. */
export interface TaskHistory {
  /** The tasks that were done last, newest first. */
  listLatestDone(limit: number): Promise<Task[]>;
  /** Tasks that are unfinished, or have ended since then. */
  listOpenSince(since: number): Promise<Task[]>;
  /** Tasks made from those, by anybody. */
  listChildren(parentIds: readonly string[]): Promise<Task[]>;
  /** Tasks of a person in all books, newest first; `before` is the last one of the previous page. */
  listByPerson(userId: string, page: { limit: number; before?: Task | undefined }): Promise<Task[]>;
  /** The same in pages that can be turned both ways. `failed` ones include those that were canceled. */
  listPage(userId: string, page: TaskPage): Promise<Task[]>;
  /** Tasks that ended before then, still hold words or addresses, and owe nobody a message; oldest first. */
  listKept(endedBefore: number, limit: number): Promise<Task[]>;
}

export function createTaskHistory(database: Kysely<Schema>): TaskHistory {
  const select = () => selectTasks(database);

  return {
    listLatestDone: (limit) => readTasks(select().where(isDone).orderBy('finished_at', 'desc').limit(limit)),
    async listOpenSince(since) {
      const ended = select().where('state', 'in', endStates).where('finished_at', '>=', since);
      return [...(await readTasks(select().where(isUnfinished))), ...(await readTasks(ended))];
    },
    async listChildren(parentIds) {
      return parentIds.length === 0 ? [] : readTasks(select().where('parent_id', 'in', parentIds));
    },
    listByPerson(userId, { limit, before }) {
      let query = select().where('user_id', '=', userId);
      if (before !== undefined) {
        query = query.where((where) =>
          where.or([
            where('created_at', '<', before.createdAt),
            where.and([where('created_at', '=', before.createdAt), where('id', '<', before.id)]),
          ]),
        );
      }
      return readTasks(query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit));
    },
    listPage(userId, { actions, states, limit, offset }) {
      let ids = database.selectFrom('tasks').select('id').where('user_id', '=', userId);
      if (states !== undefined) ids = ids.where(states === 'unfinished' ? isUnfinished : isFailed);
      if (actions !== undefined) ids = ids.where('action', 'in', actions);
      ids = ids.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit).offset(offset);
      return readTasks(select().where('id', 'in', ids).orderBy('created_at', 'desc').orderBy('id', 'desc'));
    },
    listKept: (endedBefore, limit) =>
      readTasks(
        select()
          .where('finished_at', '<', endedBefore)
          .where(isKept)
          .where((where) =>
            where.not(
              where.exists(
                where
                  .selectFrom('deliveries')
                  .select('deliveries.task_id')
                  .whereRef('deliveries.task_id', '=', 'tasks.id'),
              ),
            ),
          )
          .orderBy('finished_at')
          .limit(limit),
      ),
  };
}
