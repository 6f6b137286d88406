/** The one place where a stand-in waits, so that one factor scales everything and `close` leaves nothing behind. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** Runs `act` after `realisticMs`, scaled by the pace. */
  after(realisticMs: number, act: () => void): void;
  /** Runs `act` after exactly `milliseconds`, whatever the pace; never, if that is more than a timer can hold. */
  afterExactly(milliseconds: number, act: () => void): void;
  close(): void;
}

const longestTimerMs = 2 ** 31 - 1;

export function createClock(pace: number): Clock {
  const timers = new Set<NodeJS.Timeout>();
  let isClosed = false;

  function afterExactly(milliseconds: number, act: () => void): void {
    if (isClosed || milliseconds > longestTimerMs) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, milliseconds);
    timers.add(timer);
  }

  return {
    now: () => Date.now(),
    after: (realisticMs, act) => afterExactly(realisticMs * pace, act),
    afterExactly,
    close() {
      isClosed = true;
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}
