import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { Pictures } from '../storage/pictures.ts';
import type { Changes } from './changes.ts';

const dayMs = 24 * 60 * 60_000;
/** How many tasks to empty in one transaction: few enough that nobody has to wait. */
const batchSize = 50;

/** Removes the prompts, pictures, and URLs of old tasks, and old rows about settings. Bookings stay. */
export interface Retention {
  /** Returns how many tasks it emptied. */
  sweep(): Promise<number>;
}

export interface RetentionDependencies {
  database: Pick<Database, 'tasks' | 'settingsJournal' | 'emptyLog'>;
  changes: Pick<Changes, 'changeAll'>;
  pictures: Pick<Pictures, 'remove'>;
  /** How many days a task is kept whole after it ends. */
  days: number;
  clock: Pick<Clock, 'now'>;
  log: Pick<Logger, 'info'>;
}

export function createRetention(dependencies: RetentionDependencies): Retention {
  const { database, changes, pictures, days, clock, log } = dependencies;

  async function emptyBatch(endedBefore: number): Promise<readonly string[]> {
    const ids = (await database.tasks.listKept(endedBefore, batchSize)).map(({ id }) => id);
    for (const id of ids) await pictures.remove(id);
    await changes.changeAll(ids.map((id) => ({ id, event: { type: 'forgotten', isAll: true } })));
    return ids;
  }

  return {
    async sweep() {
      const endedBefore = clock.now() - days * dayMs;
      await database.settingsJournal.removeBefore(endedBefore);
      const emptied = new Set<string>();
      for (;;) {
        const ids = (await emptyBatch(endedBefore)).filter((id) => !emptied.has(id));
        for (const id of ids) emptied.add(id);
        if (ids.length === 0) break; // nothing is left, or nothing that can be changed now
        await new Promise((resolve) => setImmediate(resolve));
      }
      if (emptied.size === 0) return 0;
      await database.emptyLog();
      log.info({ tasks: emptied.size, days }, 'prompts and pictures of old tasks are removed');
      return emptied.size;
    },
  };
}
