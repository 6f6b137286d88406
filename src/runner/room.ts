import { type Account, type Accounts, isUsable } from '../accounts/accounts.ts';
import type { Database } from '../storage/database.ts';
import type { Waiting } from '../storage/waiting.ts';

/** How many more tasks accounts take now, by name; those without a free slot are left out. */
export type FreeSlots = Map<string, number>;

/** Where a task doesn't have to queue up. */
export interface Room {
  /** Tasks that were taken out of a queue, but aren't saved as `submitting` yet, by id. */
  readonly claimed: Map<string, Waiting & { account: string }>;
  /** An account that was just full, or is tried again after an outage, has no free slots. */
  freeSlots(now: number): Promise<FreeSlots>;
  /** When another account may have room again, epoch milliseconds; `undefined` if none of them is waited for. */
  nextAt(account: Account, now: number): number | undefined;
}

export function createRoom({
  accounts,
  database,
}: {
  accounts: Accounts;
  database: Pick<Database, 'tasks'>;
}): Room {
  const claimed: Room['claimed'] = new Map();

  async function countFree(account: Account, now: number): Promise<number> {
    const { name, breaker, maxInFlight } = account;
    if (!isUsable(account, now) || breaker.isOnTrial() || restsUntil(account) > now) return 0;
    const inFlight = await database.tasks.countInFlight(name, now);
    const waiting = (await database.tasks.listWaiting(name, now)).filter(({ id }) => !claimed.has(id));
    const claimedHere = [...claimed.values()].filter((claim) => claim.account === name);
    return maxInFlight - inFlight - waiting.length - claimedHere.length;
  }

  return {
    claimed,
    async freeSlots(now) {
      const free: FreeSlots = new Map();
      if (accounts.all.length === 1) return free;
      for (const account of accounts.all) {
        const count = await countFree(account, now);
        if (count > 0) free.set(account.name, count);
      }
      return free;
    },
    nextAt(account, now) {
      const others = accounts.all.filter((other) => other !== account);
      const times = others.map(restsUntil).filter((at) => at > now);
      return times.length === 0 ? undefined : Math.min(...times);
    },
  };
}

/** Returns when the account takes tasks again, as far as that is known. */
export function restsUntil({ pausedUntil, fullUntil, breaker }: Account): number {
  return Math.max(pausedUntil, fullUntil, breaker.outage()?.until ?? 0);
}
