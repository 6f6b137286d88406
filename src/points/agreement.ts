/**
 * The most that somebody pays without being asked: a fifth of their allowance or, without one, of the granted points that
 * they have left. Whole points, since prices are.
 */
export function mostUnasked({ allowance, granted }: { allowance: number; granted: number }): number {
  return Math.floor((allowance > 0 ? allowance : granted) / 5);
}
