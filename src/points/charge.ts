/** What a person has, in points. */
export interface Purse {
  /** Allowed in this period by policy. */
  readonly allowance: number;
  /** Spent of it in this period. */
  readonly spent: number;
  /** Granted points that are left; they do not expire. */
  readonly granted: number;
}

/** A price, split into where it comes from. Both parts are 0 or more. */
export interface Charge {
  readonly allowancePart: number;
  readonly grantPart: number;
}

/** Points that a person can spend now, 0 or more: an allowance lowered below what is spent leaves none. */
export function pointsLeft(purse: Purse): number {
  return Math.max(0, purse.allowance - purse.spent) + Math.max(0, purse.granted);
}

/** Takes a price from the allowance first, then from grants; `undefined` where both do not suffice. */
export function chargeFor(price: number, purse: Purse): Charge | undefined {
  const allowancePart = Math.min(price, Math.max(0, purse.allowance - purse.spent));
  const grantPart = price - allowancePart;
  return grantPart > Math.max(0, purse.granted) ? undefined : { allowancePart, grantPart };
}

/**
 * What a reset gives back of a period's spending: all but what unfinished tasks hold, since each of those may still be
 * refunded, and the same point must not come back twice.
 */
export function resettable(purse: Pick<Purse, 'spent'>, heldByUnfinished: number): number {
  return Math.max(0, purse.spent - heldByUnfinished);
}
