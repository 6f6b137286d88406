import type { Clock } from './clock.ts';
import type { Logger } from './log.ts';
import { createLoop } from './loop.ts';
import type { BooksReport } from './storage/books-check.ts';

/** The start has other things to do. */
const firstAfterMs = 3_000;
const everyMs = 60 * 60_000;

export interface BooksWatchDependencies {
  /** Reads the books, however long that takes. */
  readonly check: (signal: AbortSignal) => Promise<BooksReport>;
  readonly onReport: (report: BooksReport) => void;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Checks soon after the start, and then every hour, whether tasks and their bookings agree. */
export interface BooksWatch {
  start(): void;
  stop(): Promise<void>;
}

export function createBooksWatch({ check, onReport, clock, log }: BooksWatchDependencies): BooksWatch {
  const ending = new AbortController();
  let cancelFirst = () => {};
  const loop = createLoop({
    clock,
    async round() {
      const report = await check(ending.signal);
      if (report.findings.length > 0)
        log.error({ findings: report.findings }, 'the ledger does not add up: run npm run doctor');
      onReport(report);
      return clock.now() + everyMs;
    },
    onError(error) {
      if (!ending.signal.aborted) log.warn({ error }, 'the ledger could not be checked');
      return clock.now() + everyMs;
    },
    longestSleepMs: everyMs,
  });
  return {
    start() {
      cancelFirst = clock.after(firstAfterMs, loop.start);
    },
    async stop() {
      cancelFirst();
      ending.abort();
      await loop.stop();
    },
  };
}
