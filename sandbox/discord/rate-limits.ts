import type { Quota } from './trouble.ts';

export interface Allowance {
  readonly headers: Record<string, string>;
  /** Set when the bucket is empty. */
  readonly retryAfterMs?: number;
}

const GENEROUS: Omit<Quota, 'match'> = { limit: 10_000, windowMs: 1_000 };

/**
 * Buckets as clients see them in the headers of Discord docs, topics/rate-limits. Discord does not publish their sizes; here they
 * are so large that nobody hits them, unless a quota says otherwise.
 */
export function createRateLimits(quotas: readonly Quota[], now: () => number) {
  const windows = new WeakMap<Quota, Map<string, { used: number; endsAt: number }>>();

  return function spend(request: string, bucket: string): Allowance {
    const quota = quotas.find(({ match }) => match.test(request));
    if (!quota)
      return { headers: toHeaders(GENEROUS, GENEROUS.limit - 1, now() + GENEROUS.windowMs, bucket) };
    const ofQuota = windows.get(quota) ?? new Map<string, { used: number; endsAt: number }>();
    windows.set(quota, ofQuota);
    const open = ofQuota.get(request);
    const current = open && open.endsAt > now() ? open : { used: 0, endsAt: now() + quota.windowMs };
    ofQuota.set(request, current);
    if (current.used >= quota.limit) {
      return {
        headers: toHeaders(quota, 0, current.endsAt, bucket),
        retryAfterMs: current.endsAt - now(),
      };
    }
    current.used += 1;
    return { headers: toHeaders(quota, quota.limit - current.used, current.endsAt, bucket) };
  };

  function toHeaders({ limit }: Omit<Quota, 'match'>, remaining: number, endsAt: number, bucket: string) {
    return {
      'x-ratelimit-limit': String(limit),
      'x-ratelimit-remaining': String(remaining),
      'x-ratelimit-reset': String(endsAt / 1000),
      'x-ratelimit-reset-after': String((endsAt - now()) / 1000),
      'x-ratelimit-bucket': bucket,
    };
  }
}
