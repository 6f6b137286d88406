import type { Clock } from '../clock.ts';

/** Refreshes at a fixed period, but only if something may have changed, so no timer runs for nothing. */
export interface Refresher {
  /** Something changed: refresh at the next period. */
  soon(): void;
  now(): void;
}

export interface RefresherParts {
  clock: Clock;
  /** Scaled by the pace unless `isExact`. */
  periodMs: number;
  isExact: boolean;
  refresh(): void;
}

export function createRefresher({ clock, periodMs, isExact, refresh }: RefresherParts): Refresher {
  const startedAt = clock.now();
  let isDue = false;
  return {
    soon() {
      if (isDue) return;
      isDue = true;
      const factor = isExact ? 1 : clock.pace;
      const passedMs = factor > 0 ? (clock.now() - startedAt) / factor : 0;
      const wait = isExact ? clock.afterExactly : clock.after;
      wait(periodMs > 0 ? periodMs - (passedMs % periodMs) : 0, () => {
        isDue = false;
        refresh();
      });
    },
    now: refresh,
  };
}
