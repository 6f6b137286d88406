/** What a person has, in points. */
export interface Purse {
  /** What the policy allows in this period. */
  readonly allowance: number;
  /** How much of the allowance is spent in this period. */
  readonly spent: number;
  /** How many granted points are left; they don't expire. */
  readonly granted: number;
}

/** A price, split by where its points come from. Both parts are 0 or more. */
export interface Charge {
  readonly allowancePart: number;
  readonly grantPart: number;
}

/** Returns how many points a person can spend now, 0 or more: an allowance below what is already spent leaves none. */
export function pointsLeft(purse: Purse): number {
  return Math.max(0, purse.allowance - purse.spent) + Math.max(0, purse.granted);
}

/** Takes a price from the allowance first, then from grants; `undefined` if both together aren't enough. */
export function chargeFor(price: number, purse: Purse): Charge | undefined {
  const allowancePart = Math.min(price, Math.max(0, purse.allowance - purse.spent));
  const grantPart = price - allowancePart;
  return grantPart > Math.max(0, purse.granted) ? undefined : { allowancePart, grantPart };
}

/**
 * Returns how much of a period's spending a reset gives back: all but what unfinished tasks hold, since each of those may
 * still be refunded, and no point may come back twice.
 */
export function resettable(purse: Pick<Purse, 'spent'>, heldByUnfinished: number): number {
  return Math.max(0, purse.spent - heldByUnfinished);
}
