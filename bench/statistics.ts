/** The value that a share of the values doesn't exceed (nearest rank); NaN if there are none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The largest value; NaN if there are none. `Math.max(...values)` has a limit on arguments. */
export function maximum(values: readonly number[]): number {
  return percentile(values, 1);
}
