import type { Speed } from '../task.ts';

/** How often to poll an account, milliseconds. */
export interface PollTiming {
  /** Until the first look, if there aren't enough durations to learn from. */
  readonly firstMs: number;
  /** The API's documents ask not to look any earlier than this, by speed. */
  readonly leastFirstMs?: Readonly<Partial<Record<Speed, number>>>;
  readonly minMs: number;
  readonly maxMs: number;
}

/** The next look comes after this share of a task's age. */
const ageShare = 0.08;
const jitter = 0.1;

/** However long tasks have taken lately, the next one may be quicker. */
const latestFirstMs = 120_000;

/**
 * Returns how long after acceptance to look for the first time, in milliseconds: at the tenth percentile of how long such
 * tasks have taken lately, since an earlier look is nearly always in vain; but no earlier than the API's documents ask for.
 */
export function firstLookDelay(
  { firstMs, minMs, leastFirstMs }: PollTiming,
  { speed, durationsMs }: { speed: Speed; durationsMs: readonly number[] },
  random: () => number,
): number {
  const leastMs = leastFirstMs?.[speed];
  const expected = durationsMs.length < 5 ? (leastMs ?? firstMs) : percentile(durationsMs, 0.1);
  const latestMs = Math.max(leastMs ?? 0, latestFirstMs);
  return Math.max(minMs, leastMs ?? 0, spread(Math.min(expected, latestMs), random));
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
