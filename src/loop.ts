import type { Clock } from './clock.ts';

/**
 * Work in rounds that never overlap. Between two rounds, the loop sleeps until the earliest time that anybody asked for, but
 * never longer than `longestSleepMs`, so that it notices if the clock was set.
 */
export interface Loop {
  /** Runs the first round now, and allows further ones; after that, it's the same as `wake`. */
  start(): void;
  /** Runs a round now or, if one is under way, another one right after it. Does nothing before `start`. */
  wake(): void;
  /** Runs a round at this time (epoch milliseconds) at the latest. */
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
  /** The shortest sleep, unless somebody wakes the loop: work that is due at nearly the same time shares a round. */
  shortestSleepMs?: number;
}

export function createLoop(options: LoopOptions): Loop {
  const { clock, round, onError, longestSleepMs, shortestSleepMs = 0 } = options;
  let isStarted = false;
  let isStopped = false;
  let isWoken = false;
  let running: Promise<void> | undefined;
  /** The earliest time that anybody asked for; `undefined` if nobody did. */
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
    // Keeps a timer that fires in time. After the clock was set back, it may look as if it fired too late.
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
