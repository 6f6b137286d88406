import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

/** What Discord says of the sessions that a bot may start (Discord docs, events/gateway, "Session Start Limit"). */
export interface SessionStartLimit {
  readonly remaining: number;
  /** Until all of them are there again, milliseconds. */
  readonly reset_after: number;
}

/**
 * Holds back IDENTIFY. Discord takes 1,000 of them a day and resets the token of a bot that sends more; @discordjs/ws
 * sends one every six seconds for as long as a gateway refuses it, which is 1,000 in 95 minutes.
 */
export interface SessionStarts {
  /** Resolves once this shard may start a session; rejects when the signal says that its connection is gone. */
  wait(shardId: number, signal: AbortSignal): Promise<void>;
  /** Resolves once Discord says that at least one more may be started. */
  waitForOneLeft(signal: AbortSignal): Promise<void>;
}

export interface SessionStartsDependencies {
  /** Asks Discord; `undefined` if it does not tell. */
  readLimit: () => Promise<SessionStartLimit | undefined>;
  clock: Clock;
  log: Logger;
}

/** How many may follow each other at once: a short outage of Discord takes no more. */
const startsWithoutPause = 5;
const firstPauseMs = 10_000;
const longestPauseMs = 5 * 60_000;
/** After this, a start is not in a row with the one before: its session has lasted. That makes 320 a day at most. */
const freshAfterMs = longestPauseMs + 10 * 60_000;
/** How often Discord is asked whether there are more: it may give more before the reset. */
const askAgainMs = 5 * 60_000;

export function createSessionStarts({ readLimit, clock, log }: SessionStartsDependencies): SessionStarts {
  const shards = new Map<number, { startedAt: number; inARow: number }>();

  async function waitForOneLeft(signal: AbortSignal): Promise<void> {
    for (;;) {
      const limit = await readLimit();
      signal.throwIfAborted();
      if (limit === undefined || limit.remaining > 0) return;
      const resetsAt = new Date(clock.now() + limit.reset_after).toISOString();
      log.error({ resetsAt }, 'Discord lets this bot start no more sessions today; it waits for the reset');
      await sleep(Math.min(limit.reset_after + 1_000, askAgainMs), signal);
    }
  }

  async function sleep(delayMs: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const cancel = clock.after(delayMs, resolve);
    const giveUp = () => reject(signal.reason);
    signal.addEventListener('abort', giveUp, { once: true });
    try {
      await promise;
    } finally {
      cancel();
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** What is left of the pause before the next start; on a clock that was set back, never more than the pause. */
  function pauseLeft({ startedAt, inARow }: { startedAt: number; inARow: number }): number {
    const pauseMs = pauseAfter(inARow);
    return Math.min(pauseMs, startedAt + pauseMs - clock.now());
  }

  return {
    waitForOneLeft,
    async wait(shardId, signal) {
      const last = shards.get(shardId);
      const isInARow = last !== undefined && clock.now() - last.startedAt < freshAfterMs;
      const inARow = isInARow ? last.inARow : 0;
      const pauseMs = isInARow ? pauseLeft(last) : 0;
      if (pauseMs > 0) {
        log.warn(
          { startsInARow: inARow, pauseMs },
          'no session lasts; the next one is started after a pause',
        );
        await sleep(pauseMs, signal);
      }
      await waitForOneLeft(signal);
      shards.set(shardId, { startedAt: clock.now(), inARow: inARow + 1 });
    },
  };
}

function pauseAfter(startsInARow: number): number {
  if (startsInARow < startsWithoutPause) return 0;
  return Math.min(longestPauseMs, firstPauseMs * 2 ** (startsInARow - startsWithoutPause));
}
