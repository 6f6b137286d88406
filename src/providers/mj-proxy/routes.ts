/** How long a route counts as missing: a gateway may get it by an update, or may have been in trouble. */
const missingForMs = 10 * 60_000;

/** Which optional routes a gateway turned out not to have. */
export interface Routes {
  isMissing(route: string): boolean;
  noteMissing(route: string): void;
}

/** Kept in memory, so that everything is asked again after a restart. */
export function createRoutes(now: () => number): Routes {
  const missingUntil = new Map<string, number>();
  return {
    isMissing: (route) => now() < (missingUntil.get(route) ?? 0),
    noteMissing: (route) => void missingUntil.set(route, now() + missingForMs),
  };
}
