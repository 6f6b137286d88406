import { Temporal } from 'temporal-polyfill';

export const periodUnits = ['day', 'week', 'month'] as const;
export type PeriodUnit = (typeof periodUnits)[number];

/** How a server divides time: allowances are full again at the start of each day, week or month there. */
export interface Calendar {
  readonly unit: PeriodUnit;
  /** A name of the IANA time zone database, as `Europe/Berlin`. */
  readonly timeZone: string;
}

/** A stretch of time in which points are spent. */
export interface Period {
  /** Names it in the ledger: `2026-11-23`, `2026-W48` or `2026-11`. */
  readonly key: string;
  /** When the next one begins, epoch milliseconds. */
  readonly endsAt: number;
}

/** The period that a moment lies in. Weeks are those of ISO 8601: Monday to Sunday. */
export function periodAt(at: number, { unit, timeZone }: Calendar): Period {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  const endingBefore = (date: Temporal.PlainDate) => date.toZonedDateTime(timeZone).epochMilliseconds;
  switch (unit) {
    case 'day':
      return { key: today.toString(), endsAt: endingBefore(today.add({ days: 1 })) };
    case 'week': {
      const key = `${today.yearOfWeek}-W${String(today.weekOfYear).padStart(2, '0')}`;
      return { key, endsAt: endingBefore(today.add({ days: 8 - today.dayOfWeek })) };
    }
    case 'month':
      return {
        key: today.toPlainYearMonth().toString(),
        endsAt: endingBefore(today.with({ day: 1 }).add({ months: 1 })),
      };
  }
}

/** The day that a moment lies in. Times are epoch milliseconds. */
export function dayAt(at: number, timeZone: string): { startsAt: number; endsAt: number } {
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).startOfDay();
  return { startsAt: today.epochMilliseconds, endsAt: today.add({ days: 1 }).epochMilliseconds };
}

/** The month that a server's budget counts a moment in. It is the operator's money, so it is in UTC everywhere. */
export function monthAt(at: number): Period {
  return periodAt(at, { unit: 'month', timeZone: 'UTC' });
}

/** The database's own spelling of a time zone; `undefined` for what is none. */
export function toTimeZone(name: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name.trim() }).resolvedOptions().timeZone;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Every time zone there is, by name. */
export const timeZones: readonly string[] = ['UTC', ...Intl.supportedValuesOf('timeZone')];
