import { type Accounts, longestPauseMs } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import type { Database } from '../storage/database.ts';
import { leastWaitMs } from './lost.ts';

export interface DueDependencies {
  database: Database;
  accounts: Accounts;
  lostAfterMs: number;
  clock: Clock;
}

/**
 * Pulls back everything that is due later than a clock that was never wrong could have made it, and looks to within
 * `longestLookMs`: a first look that was due later comes early, once, which does no harm.
 */
export async function clampDue(
  { database, accounts, lostAfterMs, clock }: DueDependencies,
  longestLookMs = 15_000,
) {
  const now = clock.now();
  await database.tasks.clampDue({
    look: now + longestLookMs,
    wait: now + longestPauseMs,
    lost: now + Math.max(lostAfterMs, leastWaitMs),
  });
  await database.deliveries.clampDue(now + longestPauseMs);
  for (const account of accounts.all) {
    account.pausedUntil = Math.min(account.pausedUntil, now + longestPauseMs);
    account.fullUntil = Math.min(account.fullUntil, now + longestPauseMs);
  }
}
