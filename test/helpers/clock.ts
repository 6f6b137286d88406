import type { Clock } from '../../src/clock.ts';

export interface FakeClock extends Clock {
  /** Lets time pass: timers fire in order, each with what it starts, before the next one does. */
  pass(ms: number): Promise<void>;
  /** Sets the clock without firing anything, as an operator or a time server would. */
  set(now: number): void;
}

/** Time that stands still until it is told to pass. */
export function createFakeClock(start = 1_764_000_000_000): FakeClock {
  let now = start;
  const timers = new Set<{ at: number; work: () => void }>();

  function next(until: number) {
    return [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  }

  return {
    now: () => now,
    after(delayMs, work) {
      const timer = { at: now + Math.max(0, delayMs), work };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    set(time) {
      for (const timer of timers) timer.at += time - now; // timers keep counting, no matter what the clock says
      now = time;
    },
    async pass(ms) {
      const end = now + ms;
      await settle();
      for (let timer = next(end); timer !== undefined; timer = next(end)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.work();
        await settle();
      }
      now = end;
    },
  };
}

/** Lets everything that was started run until it waits for a timer or for the outside. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 12; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
