/** The only place where a stand-in waits, so that one factor scales everything and `close` leaves nothing behind. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** The current factor: 1 is real time, 0 is at once. */
  readonly pace: number;
  /** Anything that already waits goes on at the new pace. */
  setPace(pace: number): void;
  /** Runs `act` after `realisticMs`, scaled by the pace. */
  after(realisticMs: number, act: () => void): void;
  /** Runs `act` after exactly `milliseconds` at any pace; never, if that's more than a timer can hold. */
  afterExactly(milliseconds: number, act: () => void): void;
  close(): void;
}

interface Waiting {
  leftMs: number;
  since: number;
  timer: NodeJS.Timeout;
}

const longestTimerMs = 2 ** 31 - 1;

export function createClock(initialPace: number): Clock {
  const timers = new Set<NodeJS.Timeout>();
  const scaled = new Map<() => void, Waiting>();
  let pace = initialPace;
  let isClosed = false;

  function afterExactly(milliseconds: number, act: () => void): NodeJS.Timeout | undefined {
    if (isClosed || milliseconds > longestTimerMs) return undefined;
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, milliseconds);
    timers.add(timer);
    return timer;
  }

  function wait(leftMs: number, act: () => void): void {
    const timer = afterExactly(leftMs * pace, () => {
      scaled.delete(act);
      act();
    });
    if (timer !== undefined) scaled.set(act, { leftMs, since: Date.now(), timer });
  }

  return {
    now: () => Date.now(),
    get pace() {
      return pace;
    },
    setPace(next) {
      const before = pace;
      pace = next;
      for (const [act, { leftMs, since, timer }] of [...scaled]) {
        clearTimeout(timer);
        timers.delete(timer);
        const passedMs = before === 0 ? leftMs : (Date.now() - since) / before;
        wait(Math.max(0, leftMs - passedMs), act);
      }
    },
    // A new function for each call, so that the same one may wait twice.
    after: (realisticMs, act) => wait(realisticMs, () => act()),
    afterExactly: (milliseconds, act) => void afterExactly(milliseconds, act),
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      scaled.clear();
    },
  };
}
