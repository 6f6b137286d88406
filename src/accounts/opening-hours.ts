import { Temporal } from 'temporal-polyfill';
import type { Hours } from '../config.ts';

/** Whether the hours cover that moment there. Hours past midnight (`22:00-06:00`) begin on one day and end on the next. */
export function isWithin({ from, to }: Hours, at: number, timeZone: string): boolean {
  const { hour, minute } = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone);
  const now = 60 * hour + minute;
  return from < to ? from <= now && now < to : from <= now || now < to;
}

/** Returns the first moment from `at` on that the hours cover, epoch milliseconds. */
export function openFrom(hours: Hours, at: number, timeZone: string): number {
  if (isWithin(hours, at, timeZone)) return at;
  const today = Temporal.Instant.fromEpochMilliseconds(at).toZonedDateTimeISO(timeZone).toPlainDate();
  const opening = Temporal.PlainTime.from({
    hour: Math.floor(hours.from / 60) % 24,
    minute: hours.from % 60,
  });
  const times = [0, 1, 2].flatMap((days) => {
    const local = today.add({ days }).toPlainDateTime(opening);
    // When clocks change, a time of day comes twice, or not at all.
    return (['earlier', 'later'] as const).map(
      (disambiguation) => local.toZonedDateTime(timeZone, { disambiguation }).epochMilliseconds,
    );
  });
  const coming = times.filter((time) => time > at && isWithin(hours, time, timeZone));
  return Math.min(...coming);
}
