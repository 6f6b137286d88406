import { Temporal } from 'temporal-polyfill';

export const periodUnits = ['day', 'week', 'month'] as const;
export type PeriodUnit = (typeof periodUnits)[number];

/** How a server divides time: allowances refill at the start of each day, week, or month there. */
export interface Calendar {
  readonly unit: PeriodUnit;
  /** A name from the IANA time zone database, such as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** A stretch of time in which points are spent. */
export interface Period {
  /** Its name in the ledger: `2026-11-23`, `2026-W48`, or `2026-11`. */
  readonly key: string;
  readonly startsAt: number;
  /** When the next one begins; both are epoch milliseconds. */
  readonly endsAt: number;
}

/** The latest period of each calendar that was asked about: nearly every question is about now. */
const latest = new Map<string, Period>();

/** Returns the period that a moment falls in. Weeks are those of ISO 8601: Monday to Sunday. */
export function periodAt(at: number, { unit, timeZone }: Calendar): Period {
  const calendar = `${unit} ${timeZone}`;
  const known = latest.get(calendar);
  if (known !== undefined && known.startsAt <= at && at < known.endsAt) return known;
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  const { key, first, next } = toDates(today, unit);
  const startOf = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).epochMilliseconds;
  const period = { key, startsAt: startOf(first), endsAt: startOf(next) };
  latest.set(calendar, period);
  return period;
}

/** The name of a day's period, its first day, and the first one after it. */
function toDates(today: Temporal.PlainDate, unit: PeriodUnit) {
  switch (unit) {
    case 'day':
      return { key: today.toString(), first: today, next: today.add({ days: 1 }) };
    case 'week': {
      const key = `${today.yearOfWeek}-W${String(today.weekOfYear).padStart(2, '0')}`;
      const first = today.subtract({ days: today.dayOfWeek - 1 });
      return { key, first, next: first.add({ weeks: 1 }) };
    }
    case 'month': {
      const first = today.with({ day: 1 });
      return { key: today.toPlainYearMonth().toString(), first, next: first.add({ months: 1 }) };
    }
  }
}

/** Returns the day that a moment falls in. Times are epoch milliseconds. */
export function dayAt(at: number, timeZone: string): { startsAt: number; endsAt: number } {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).startOfDay();
  return { startsAt: today.epochMilliseconds, endsAt: today.add({ days: 1 }).epochMilliseconds };
}

/** Returns the month that a moment falls in for budgets: those are the operator's money, so it's in UTC everywhere. */
export function monthAt(at: number): Period {
  return periodAt(at, { unit: 'month', timeZone: 'UTC' });
}

/** Returns the IANA database's spelling of a time zone; `undefined` if there's no such time zone. */
export function toTimeZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name.trim() }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The names of all time zones. */
export const timeZones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];
