import type { Clock } from './clock.ts';

/**
 * Work in rounds that never overlap. Between two rounds the loop sleeps until the earliest time that anybody wanted,
 * and never longer than `longestSleepMs`, so that a clock that was set is noticed.
 */
export interface Loop {
  /** Allows rounds, and runs one now; once started, it is a wake-up like any other. */
  start(): void;
  /** Runs a round now; if one is under way, one more right after it. Before `start` it does nothing. */
  wake(): void;
  /** Runs a round at that time (epoch milliseconds) at the latest. */
  wakeBy(at: number): void;
  /** Resolves once no round is under way. */
  idle(): Promise<void>;
  /** Runs no more rounds; resolves once the one under way has ended. */
  stop(): Promise<void>;
}

export interface LoopOptions {
  clock: Clock;
  /** Does what is due. Returns when to run again (epoch milliseconds); `undefined` if only a wake-up can bring work. */
  round: () => Promise<number | undefined>;
  /** Reports what a round threw; returns when to try again (epoch milliseconds). */
  onError: (error: unknown) => number;
  longestSleepMs: number;
  /** Between two rounds, unless somebody wakes the loop: work that is due at nearly the same time shares a round. */
  shortestSleepMs?: number;
}

export function createLoop(options: LoopOptions): Loop {
  const { clock, round, onError, longestSleepMs, shortestSleepMs = 0 } = options;
  let isStarted = false;
  let isStopped = false;
  let isWoken = false;
  let running: Promise<void> | undefined;
  /** The earliest time wanted so far; `undefined` if there is none. */
  let wantedAt: number | undefined;
  let sleepsUntil: number | undefined;
  let cancelTimer = () => {};

  function wake(): void {
    if (!isStarted || isStopped) return;
    isWoken = true;
    running ??= runUntilQuiet();
  }

  function wakeBy(at: number): void {
    wantedAt = Math.min(at, wantedAt ?? at);
    if (isStarted && running === undefined) sleep();
  }

  async function runUntilQuiet(): Promise<void> {
    cancelTimer();
    sleepsUntil = undefined;
    while (isWoken && !isStopped) {
      isWoken = false;
      wantedAt = undefined;
      const nextAt = await round().catch(onError);
      if (nextAt !== undefined) wantedAt = Math.min(nextAt, wantedAt ?? nextAt);
    }
    running = undefined; // in the same step as the last look at `isWoken`, so that no wake-up is lost
    sleep();
  }

  function sleep(): void {
    if (isStopped) return;
    const now = clock.now();
    const delayMs = Math.min(
      longestSleepMs,
      Math.max(shortestSleepMs, (wantedAt ?? Number.POSITIVE_INFINITY) - now),
    );
    // A timer that fires in time is kept; by a clock that was set back it may seem to fire too late.
    if (sleepsUntil !== undefined && sleepsUntil <= now + delayMs) return;
    cancelTimer();
    sleepsUntil = now + delayMs;
    cancelTimer = clock.after(delayMs, wake);
  }

  return {
    start() {
      isStarted = true;
      wake();
    },
    wake,
    wakeBy,
    async idle() {
      await running;
    },
    async stop() {
      isStopped = true;
      cancelTimer();
      await running;
    },
  };
}
