import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Policies } from '../points/policies.ts';
import { directBook } from '../points/policy.ts';
import type { Database } from '../storage/database.ts';
import type { Star } from '../storage/stars.ts';
import { hasResult, type Task } from '../task.ts';

/** A star with something left to do, and its task. */
export interface OwedStar extends Star {
  readonly task: Task;
}

/** Results that enough people like are forwarded to their server's star channel, each of them once. */
export interface Stars {
  /** Takes note of one more heart. Never rejects: what becomes of it isn't the business of who pressed. */
  consider(task: Task): Promise<void>;
  /** Takes note of a task that was saved: the forwarded message of a result that is deleted goes, too. */
  expect(task: Task): Promise<void>;
  /** Calls back once there's something to do. */
  listen(listener: () => void): void;
  listDue(limit: number): Promise<OwedStar[]>;
  nextDueAt(): Promise<number | undefined>;
  settle(taskId: string, messageId: string | undefined): Promise<void>;
  postpone(taskId: string, delayMs: number): Promise<void>;
  end(taskId: string): Promise<void>;
}

export interface StarsDependencies {
  database: Pick<Database, 'transaction' | 'stars' | 'tasks'>;
  policies: Pick<Policies, 'read'>;
  clock: Pick<Clock, 'now'>;
  log: Logger;
}

export function createStars({ database, policies, clock, log }: StarsDependencies): Stars {
  const listeners: (() => void)[] = [];

  async function addIfLiked(task: Task): Promise<boolean> {
    const { star } = (await policies.read(task.origin.book)).book;
    if (star === undefined || !isForwardable(task)) return false;
    return database.transaction(async ({ favorites, stars }) => {
      // As in other star boards, one's own heart doesn't count.
      const hearts = await favorites.countOthers(task.id, task.origin.userId);
      return hearts >= star.hearts && (await stars.add(task.id, star.channel, clock.now()));
    });
  }

  function wake(): void {
    for (const listener of listeners) listener();
  }

  return {
    async consider(task) {
      try {
        if (await addIfLiked(task)) wake();
      } catch (error) {
        log.error({ error, taskId: task.id }, 'a heart could not be counted for the star channel');
      }
    },
    async expect({ id, removedAt }) {
      if (removedAt === undefined) return;
      try {
        await database.stars.withdraw(id, clock.now());
        wake();
      } catch (error) {
        log.error({ error, taskId: id }, 'a deleted result may stay in a star channel');
      }
    },
    listen: (listener) => void listeners.push(listener),
    async listDue(limit) {
      const owed: OwedStar[] = [];
      for (const star of await database.stars.listDue(clock.now(), limit)) {
        const task = await database.tasks.get(star.taskId);
        if (task !== undefined) owed.push({ ...star, task });
      }
      return owed;
    },
    nextDueAt: () => database.stars.nextDueAt(),
    settle: (taskId, messageId) => database.stars.settle(taskId, messageId),
    postpone: (taskId, delayMs) => database.stars.postpone(taskId, clock.now() + delayMs),
    end: (taskId) => database.stars.end(taskId),
  };
}

/** Whether everybody in the channel sees it: what only one person sees is never shown to others. */
export function isForwardable(task: Task): boolean {
  const { origin, removedAt, emptied, result } = task;
  const { place, book } = origin;
  const isThere = place.messageId !== undefined && removedAt === undefined && emptied !== 'all';
  const isPublic =
    place.isOpenToBot && place.isPrivate !== true && book !== directBook && place.guildId === book;
  return hasResult(task) && (result?.media.length ?? 0) > 0 && isThere && isPublic;
}
