/** A stretch of time in which an allowance is spent. */
export interface Period {
  /** Names it in the ledger: `2026-W48`. */
  readonly key: string;
  /** When the next one begins, epoch milliseconds. */
  readonly endsAt: number;
}

const dayMs = 86_400_000;
const weekMs = 7 * dayMs;

/** The ISO 8601 week (Monday to Sunday, UTC) that a moment lies in. */
export function weekOf(at: number): Period {
  const mondayOffset = 3 * dayMs; // 1970-01-01 was a Thursday
  const start = Math.floor((at + mondayOffset) / weekMs) * weekMs - mondayOffset;
  const thursday = new Date(start + mondayOffset); // the year of its Thursday is the year of a week
  const firstOfYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const number = 1 + Math.floor((thursday.getTime() - firstOfYear) / weekMs);
  return { key: `${thursday.getUTCFullYear()}-W${String(number).padStart(2, '0')}`, endsAt: start + weekMs };
}

/** The month (UTC) that a server's budget counts a moment in: `2026-11`. */
export function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}
