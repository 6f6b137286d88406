import type { Clock } from '../clock.ts';

/** Refreshes on the beat of a fixed period, and only when something may have changed: no timer runs idly. */
export interface Refresher {
  /** Something changed: the next beat is worth it. */
  soon(): void;
  now(): void;
}

export interface RefresherParts {
  clock: Clock;
  periodMs: number;
  refresh(): void;
}

export function createRefresher({ clock, periodMs, refresh }: RefresherParts): Refresher {
  const startedAt = clock.now();
  let isDue = false;
  return {
    soon() {
      if (isDue) return;
      isDue = true;
      const sinceBeat = periodMs > 0 ? (clock.now() - startedAt) % periodMs : 0;
      clock.afterExactly(periodMs - sinceBeat, () => {
        isDue = false;
        refresh();
      });
    },
    now: refresh,
  };
}
