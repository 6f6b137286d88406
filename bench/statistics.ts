/** Returns the percentile for a share from 0 to 1, by nearest rank; NaN for an empty list. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Returns the largest value; NaN for an empty list. `Math.max(...values)` takes a limited number of arguments. */
export function maximum(values: readonly number[]): number {
  return percentile(values, 1);
}
