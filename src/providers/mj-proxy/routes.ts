/** How long a route counts as missing: an update may bring it, or the gateway may just have been in trouble. */
const missingForMs = 10 * 60_000;

/** Optional routes that a gateway turned out not to have. */
export interface Routes {
  isMissing(route: string): boolean;
  noteMissing(route: string): void;
}

/** Kept in memory, so every route is tried again after a restart. */
export function createRoutes(now: () => number): Routes {
  const missingUntil = new Map<string, number>();
  return {
    isMissing: (route) => now() < (missingUntil.get(route) ?? 0),
    noteMissing: (route) => void missingUntil.set(route, now() + missingForMs),
  };
}
