/** How often to poll an account, milliseconds. */
export interface PollTiming {
  /** Until the first look, if there aren't enough durations to learn from. */
  readonly firstMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

/** The next look comes after this share of a task's age. */
const ageShare = 0.08;
const jitter = 0.1;

/**
 * Returns how long after acceptance to look for the first time, in milliseconds: at the tenth percentile of how long such
 * tasks have taken lately, since an earlier look is nearly always in vain.
 */
export function firstLookDelay(
  timing: PollTiming,
  durationsMs: readonly number[],
  random: () => number,
): number {
  const expected = durationsMs.length < 5 ? timing.firstMs : percentile(durationsMs, 0.1);
  return Math.max(timing.minMs, spread(Math.min(expected, 120_000), random));
}

/**
 * Returns how long until the next look, in milliseconds: a share of the task's age within the timing's bounds, so that looks
 * are frequent at first and rare for a task that takes long.
 */
export function nextLookDelay(timing: PollTiming, ageMs: number, random: () => number): number {
  return Math.max(timing.minMs, spread(Math.min(timing.maxMs, ageMs * ageShare), random));
}

/** Returns a pause with full jitter, milliseconds: anything from 0 to a bound that doubles with each failure. */
export function errorBackoff(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(60_000, 1_000 * 2 ** Math.min(failures, 10)));
}

/** Returns the value that the given share of the values doesn't exceed; 0 if there are none. `values` needn't be sorted. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

function spread(delayMs: number, random: () => number): number {
  return Math.round(delayMs * (1 + jitter * (2 * random() - 1)));
}
