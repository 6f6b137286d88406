/** How many sessions a bot may start (Discord docs, events/gateway, "Session Start Limit"), and how many it started. */
export interface SessionStarts {
  readonly total: number;
  remaining: number;
  /** When all of them are available again, epoch milliseconds. */
  resetsAt: number;
  /** The time of every IDENTIFY with a valid token, refused or not. */
  readonly list: number[];
}

const DAY_MS = 24 * 60 * 60_000;
/** A small bot may IDENTIFY every 5 s (same page). */
const MAX_CONCURRENCY = 1;

export function createSessionStarts(now: () => number): SessionStarts {
  return { total: 1_000, remaining: 1_000, resetsAt: now() + DAY_MS, list: [] };
}

/** Takes one; false if none are left. Discord then resets the bot's token. */
export function takeStart(starts: SessionStarts, now: number): boolean {
  refill(starts, now);
  starts.list.push(now);
  if (starts.remaining <= 0) return false;
  starts.remaining -= 1;
  return true;
}

export function toApiLimit(starts: SessionStarts, now: number): object {
  refill(starts, now);
  const { total, remaining, resetsAt } = starts;
  return { total, remaining, reset_after: resetsAt - now, max_concurrency: MAX_CONCURRENCY };
}

function refill(starts: SessionStarts, now: number): void {
  if (now < starts.resetsAt) return;
  starts.remaining = starts.total;
  starts.resetsAt = now + DAY_MS;
}
