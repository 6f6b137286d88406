import type { Hours } from '../config.ts';
import { dayAt } from '../points/period.ts';
import { isWithin, openFrom } from './opening-hours.ts';
import type { Spending } from './spending.ts';

/** What an operator lets an account do: at which hours, and for how many points a day. Neither has to be set. */
export interface LimitOptions {
  readonly dailyPoints?: number | undefined;
  readonly hours?: Hours | undefined;
}

/** Why an account gets no task of some price now. */
export interface Closing {
  readonly reason: 'hours' | 'points';
  /** When it may get one, epoch milliseconds; infinite if the price alone is more than it may spend a day. */
  readonly until: number;
}

/** The operator's limits for an account. */
export interface Limits extends LimitOptions {
  /** Whose hours and days count: a name from the IANA time zone database. */
  readonly timeZone: string;
  /**
   * Returns why a task of that price may not be submitted now; `undefined` if it may. `besides`: points of other tasks that
   * will be submitted first. With a price of 0, only the hours count.
   */
  closing(work: { readonly price: number; readonly besides?: number }, now: number): Closing | undefined;
  /** Returns the points that its tasks have spent today. */
  spent(now: number): number;
  /** Returns the points of tasks that wait for it. */
  waiting(): number;
}

export function createLimits(
  account: string,
  { dailyPoints, hours }: LimitOptions,
  { spending, timeZone }: { spending: Pick<Spending, 'spentBy' | 'waitingFor'>; timeZone: string },
): Limits {
  const spent = (now: number) => spending.spentBy(account, now);
  return {
    dailyPoints,
    hours,
    timeZone,
    closing({ price, besides = 0 }, now) {
      if (dailyPoints !== undefined && price > dailyPoints)
        return { reason: 'points', until: Number.POSITIVE_INFINITY };
      const isSpent = dailyPoints !== undefined && price > 0 && spent(now) + besides + price > dailyPoints;
      const from = isSpent ? dayAt(now, timeZone).endsAt : now;
      if (isSpent)
        return { reason: 'points', until: hours === undefined ? from : openFrom(hours, from, timeZone) };
      if (hours === undefined || isWithin(hours, now, timeZone)) return undefined;
      return { reason: 'hours', until: openFrom(hours, now, timeZone) };
    },
    spent,
    waiting: () => spending.waitingFor(account),
  };
}
