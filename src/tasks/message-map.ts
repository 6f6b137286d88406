import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { Documents } from '../storage/documents.ts';
import { isHiddenFrom, type Task } from '../task.ts';

/** A task, and the message that is said to show it. */
export interface Target {
  readonly taskId: string;
  readonly messageId: string;
}

/** Which task a message shows. Every entry can be found again in the table of tasks, so a lost one only costs a query. */
export interface MessageMap {
  find(messageId: string): Promise<Task | undefined>;
  /**
   * Returns the task if the message really shows it, since an id alone proves nothing, and if that person can see the message.
   * Throws a `UserError` if not.
   */
  require(target: Target, userId: string): Promise<Task>;
  remember(messageId: string, taskId: string): Promise<void>;
  forget(messageId: string): Promise<void>;
}

export interface MessageMapDependencies {
  database: Pick<Database, 'tasks'>;
  messages: Documents['messages'];
  log: Logger;
}

export function createMessageMap({ database, messages, log }: MessageMapDependencies): MessageMap {
  /** A map that can't be read or written counts as one without the entry. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      log.warn({ error }, "the message map can't be used");
      return undefined;
    }
  }

  const remember = (messageId: string, taskId: string) => attempt(() => messages.set(messageId, taskId));

  async function find(messageId: string): Promise<Task | undefined> {
    const taskId = await attempt(() => messages.get(messageId));
    const mapped = taskId === undefined ? undefined : await database.tasks.get(taskId);
    if (mapped !== undefined) return mapped;
    const found = await database.tasks.getByMessage(messageId);
    if (found !== undefined) await remember(messageId, found.id);
    return found;
  }

  return {
    find,
    remember,
    forget: (messageId) => attempt(() => messages.delete(messageId)),
    async require({ taskId, messageId }, userId) {
      const task = await find(messageId);
      if (task === undefined || task.id !== taskId || isHiddenFrom(task, userId))
        throw new UserError('unknown-component');
      return task;
    },
  };
}
