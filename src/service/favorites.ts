import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Database } from '../storage/database.ts';
import { hasResult } from '../task.ts';
import type { MessageMap, Target } from '../tasks/message-map.ts';
import type { Stars } from './stars.ts';

/** Results that people want to find again: their own, and those of others that they see. */
export interface Favorites {
  /**
   * Adds a result to the person's favorites, once. Throws a `UserError` if there's no result, or if it's somebody else's and the
   * message doesn't show it: whoever can press its button can see it.
   */
  add(target: Target, userId: string): Promise<void>;
  /** Removes a task from the person's own favorites. */
  remove(taskId: string, userId: string): Promise<void>;
}

export function createFavorites({
  database,
  messageMap,
  stars,
  clock,
}: {
  database: Pick<Database, 'tasks' | 'favorites'>;
  messageMap: Pick<MessageMap, 'require'>;
  stars: Pick<Stars, 'consider'>;
  clock: Pick<Clock, 'now'>;
}): Favorites {
  return {
    async add(target, userId) {
      const named = await database.tasks.get(target.taskId);
      const task = named?.origin.userId === userId ? named : await messageMap.require(target, userId);
      if (!hasResult(task)) throw new UserError('unknown-component');
      await database.favorites.add(userId, task.id, clock.now());
      await stars.consider(task);
    },
    remove: (taskId, userId) => database.favorites.remove(userId, taskId),
  };
}
