/** A price above this share of what somebody has a period is agreed to first. */
const share = 5;

/**
 * The most that somebody pays without being asked: a fifth of their allowance or, without one, of what they were granted.
 * Whole points, since prices are.
 */
export function mostUnasked({ allowance, granted }: { allowance: number; granted: number }): number {
  return Math.floor((allowance > 0 ? allowance : granted) / share);
}
