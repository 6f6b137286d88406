import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { Documents } from '../storage/documents.ts';
import type { Task } from '../task.ts';

/** Which task a message shows. Every entry can be found again in the task table, so losing one costs a look. */
export interface MessageMap {
  find(messageId: string): Promise<Task | undefined>;
  remember(messageId: string, taskId: string): Promise<void>;
  forget(messageId: string): Promise<void>;
}

export interface MessageMapDependencies {
  database: Pick<Database, 'tasks'>;
  messages: Documents['messages'];
  log: Logger;
}

export function createMessageMap({ database, messages, log }: MessageMapDependencies): MessageMap {
  /** A map that cannot be read or written is one without the entry. */
  async function attempt<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      log.warn({ error }, 'the message map cannot be used');
      return undefined;
    }
  }

  const remember = (messageId: string, taskId: string) => attempt(() => messages.set(messageId, taskId));

  return {
    remember,
    forget: (messageId) => attempt(() => messages.delete(messageId)),
    async find(messageId) {
      const taskId = await attempt(() => messages.get(messageId));
      const mapped = taskId === undefined ? undefined : await database.tasks.get(taskId);
      if (mapped !== undefined) return mapped;
      const found = await database.tasks.getByMessage(messageId);
      if (found !== undefined) await remember(messageId, found.id);
      return found;
    },
  };
}
