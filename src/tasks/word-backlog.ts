import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createLoop, type Loop } from '../loop.ts';
import type { Database } from '../storage/database.ts';

/** How many tasks to read at once: few enough that nobody waits for it. */
const batchSize = 20;
/** Others come first: with 100,000 tasks, this takes a few minutes. */
const pauseMs = 20;
const againAfterMs = 60_000;

/** Makes the tasks searchable that were there before there was an index, a few at a time. */
export function createWordBacklog({
  database,
  clock,
  log,
}: {
  database: Pick<Database, 'transaction'>;
  clock: Clock;
  log: Pick<Logger, 'warn'>;
}): Loop {
  return createLoop({
    clock,
    async round() {
      const hasMore = await database.transaction(({ taskWords }) => taskWords.catchUp(batchSize));
      return hasMore ? clock.now() + pauseMs : undefined;
    },
    onError(error) {
      log.warn({ error }, 'the words of older tasks could not be indexed');
      return clock.now() + againAfterMs;
    },
    longestSleepMs: 60 * 60_000,
  });
}
