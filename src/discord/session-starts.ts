import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';

/** How many sessions a bot may start (Discord docs, events/gateway, "Session Start Limit"). */
export interface SessionStartLimit {
  readonly remaining: number;
  /** Milliseconds until the limit is reset. */
  readonly reset_after: number;
}

/**
 * Holds back IDENTIFY. Discord takes 1,000 a day and resets the token of a bot that sends more; @discordjs/ws sends one
 * every six seconds for as long as a gateway refuses it, which makes 1,000 in 95 minutes.
 */
export interface SessionStarts {
  /** Resolves once this shard may start a session; rejects if the signal says that its connection is gone. */
  wait(shardId: number, signal: AbortSignal): Promise<void>;
  /** Resolves once Discord says that at least one more session may be started. */
  waitForOneLeft(signal: AbortSignal): Promise<void>;
}

export interface SessionStartsDependencies {
  /** Asks Discord; `undefined` if it doesn't tell. */
  readLimit: () => Promise<SessionStartLimit | undefined>;
  clock: Clock;
  log: Logger;
}

/** How many may follow each other without a pause: a short outage of Discord doesn't take more. */
const startsWithoutPause = 5;
const firstPauseMs = 10_000;
const longestPauseMs = 5 * 60_000;
/** After this, the session has lasted, and the next start isn't in a row with it. That makes 320 a day at most. */
const freshAfterMs = longestPauseMs + 10 * 60_000;
/** How often to ask Discord whether there are more: it may allow more before the reset. */
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

  /** What's left of the pause before the next start; never more than the pause, even if the clock was set back. */
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
          'sessions keep ending; the next one starts after a pause',
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
