import { UserError } from '../errors.ts';
import type { Cancelling } from '../runner/cancelling.ts';
import type { Database } from '../storage/database.ts';
import { isEnded, type Task } from '../task.ts';
import type { MessageMap } from '../tasks/message-map.ts';
import type { CancelOutcome } from '../tasks/stops.ts';
import { findNamedTask, searchTasks } from './task-search.ts';

/** Cancels without the message: it may be far up in a channel, or deleted. */
export interface OwnCancels {
  /**
   * Cancels one of the person's own tasks, named by its id or by the link or id of its message, as its button does. If the points
   * wouldn't come back, it says so and changes nothing. Throws a `UserError` if there's no such task of theirs, or it's too late.
   */
  cancel(named: string, userId: string): Promise<{ taskId: string; outcome: CancelOutcome }>;
  /** Returns the person's unfinished tasks that match what was typed, by id or prompt, newest first. */
  suggest(userId: string, typed: string): Promise<Task[]>;
}

export function createOwnCancels({
  database,
  messageMap,
  cancelling,
}: {
  database: Pick<Database, 'tasks' | 'taskWords'>;
  messageMap: Pick<MessageMap, 'find'>;
  cancelling: Pick<Cancelling, 'cancel'>;
}): OwnCancels {
  return {
    async cancel(named, userId) {
      const task = await findNamedTask(named, { database, messageMap });
      if (task === undefined || task.origin.userId !== userId) throw new UserError('task-unknown');
      if (isEnded(task)) throw new UserError('cancel-too-late');
      return { taskId: task.id, outcome: await cancelling.cancel(task, false) };
    },
    suggest: (userId, typed) => searchTasks(database, { userId, typed, isWanted: (task) => !isEnded(task) }),
  };
}
