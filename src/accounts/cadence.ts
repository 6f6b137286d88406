/** How often an account may be asked, milliseconds. */
export interface PollTiming {
  /** First look where nothing was learned yet. */
  readonly firstMs: number;
  readonly minMs: number;
  readonly maxMs: number;
}

const ageShare = 0.08;
const jitter = 0.1;

/**
 * How long after acceptance to look for the first time: at the tenth percentile of what tasks of that sort
 * took lately, since looking before is nearly always in vain.
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
 * How long until the next look at a task of that age: a share of the age, so that a long task is asked about
 * rarely and a short one soon, within the timing's bounds.
 */
export function nextLookDelay(timing: PollTiming, ageMs: number, random: () => number): number {
  return Math.max(timing.minMs, spread(Math.min(timing.maxMs, ageMs * ageShare), random));
}

/** Full jitter: anywhere between nothing and a bound that doubles with each failure. */
export function errorBackoff(failures: number, random: () => number): number {
  return Math.round(random() * Math.min(60_000, 1_000 * 2 ** Math.min(failures, 10)));
}

/** The value that a share of the values does not exceed; `values` need not be sorted nor be many. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
}

function spread(delayMs: number, random: () => number): number {
  return Math.round(delayMs * (1 + jitter * (2 * random() - 1)));
}
