/** `perSecond` times a second for `seconds`. */
export interface Schedule {
  perSecond: number;
  seconds: number;
}

/**
 * Calls `act` on a fixed schedule without waiting for earlier calls: late ones are made up for at once. Returns by how
 * much the latest was late, in milliseconds: a large number means that the runner itself is the bottleneck.
 */
export async function onSchedule({ perSecond, seconds }: Schedule, act: () => void): Promise<number> {
  const startedAt = performance.now();
  let latestMs = 0;
  for (let call = 0; call < perSecond * seconds; call += 1) {
    const dueAt = startedAt + (call * 1_000) / perSecond;
    while (performance.now() < dueAt) await sleep(Math.max(0, dueAt - performance.now()));
    latestMs = Math.max(latestMs, performance.now() - dueAt);
    act();
  }
  return latestMs;
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
