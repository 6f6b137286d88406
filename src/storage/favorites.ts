import type { Kysely } from 'kysely';
import type { Task } from '../task.ts';
import type { Schema } from './schema.ts';
import type { TaskPage } from './task-history.ts';
import { readTasks } from './task-queries.ts';

/** Which results people want to find again. */
export interface Favorites {
  /** Does nothing if it's one already. */
  add(userId: string, taskId: string, at: number): Promise<void>;
  /** Does nothing if it isn't one. */
  remove(userId: string, taskId: string): Promise<void>;
  /** Returns those of the tasks that are the person's favorites. */
  listAmong(userId: string, taskIds: readonly string[]): Promise<string[]>;
  /** Returns the person's favorites, the latest first. */
  listTasks(userId: string, page: Omit<TaskPage, 'states'>): Promise<Task[]>;
  /** Returns all of them, with the times when they were added. */
  listAll(userId: string): Promise<{ taskId: string; at: number }[]>;
  /** Returns how many people other than that one have it among theirs. */
  countOthers(taskId: string, userId: string): Promise<number>;
  forget(userId: string): Promise<void>;
}

export function createFavorites(database: Kysely<Schema>): Favorites {
  return {
    async add(userId, taskId, at) {
      await database
        .insertInto('favorites')
        .values({ user_id: userId, task_id: taskId, created_at: at })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
    async remove(userId, taskId) {
      await database
        .deleteFrom('favorites')
        .where('user_id', '=', userId)
        .where('task_id', '=', taskId)
        .execute();
    },
    async listAmong(userId, taskIds) {
      if (taskIds.length === 0) return [];
      const rows = await database
        .selectFrom('favorites')
        .select('task_id')
        .where('user_id', '=', userId)
        .where('task_id', 'in', taskIds)
        .execute();
      return rows.map(({ task_id: id }) => id);
    },
    listTasks(userId, { actions, limit, offset }) {
      let query = database
        .selectFrom('favorites')
        .innerJoin('tasks', 'tasks.id', 'favorites.task_id')
        .selectAll('tasks')
        .where('favorites.user_id', '=', userId);
      if (actions !== undefined) query = query.where('tasks.action', 'in', actions);
      return readTasks(
        query
          .orderBy('favorites.created_at', 'desc')
          .orderBy('favorites.task_id', 'desc')
          .limit(limit)
          .offset(offset),
      );
    },
    async listAll(userId) {
      const rows = await database
        .selectFrom('favorites')
        .select(['task_id', 'created_at'])
        .where('user_id', '=', userId)
        .orderBy('created_at')
        .execute();
      return rows.map((row) => ({ taskId: row.task_id, at: Number(row.created_at) }));
    },
    async countOthers(taskId, userId) {
      const { count } = await database
        .selectFrom('favorites')
        .select(({ fn }) => fn.countAll().as('count'))
        .where('task_id', '=', taskId)
        .where('user_id', '!=', userId)
        .executeTakeFirstOrThrow();
      return Number(count);
    },
    async forget(userId) {
      await database.deleteFrom('favorites').where('user_id', '=', userId).execute();
    },
  };
}
