import type { FailureKind } from '../errors.ts';
import type { Task } from '../task.ts';
import { dayAt } from './period.ts';
import { calendarOf, type Settings } from './policy.ts';

/**
 * Who gets a task's points back: the person and the server's month; only the person, since the month keeps paying for what
 * the provider did; or nobody.
 */
export type Refund = 'person-and-month' | 'person' | 'nobody';

/** What went wrong on our side or Discord's, or was stopped by somebody: the provider may have done its work by then. */
const ownFailures: ReadonlySet<FailureKind> = new Set([
  ...(['input', 'internal', 'unshown', 'unfetched'] as const),
  'withdrawn',
]);

/**
 * Returns the refund of a task that failed or was cancelled. A provider charges nothing for what it never accepted, or says
 * that it couldn't do (Ace Data Cloud's and new-api's documentation); it may charge for everything else.
 */
export function refundOf({ state, stop, acceptedAt, failure }: Task): Refund {
  if (stop !== undefined) return stop.isRefunded ? 'person' : 'nobody';
  if (failure?.mayHaveCost === true) return 'person';
  if (acceptedAt === undefined) return 'person-and-month';
  const isByProvider = state === 'failed' && failure !== undefined && !ownFailures.has(failure.kind);
  return isByProvider ? 'person-and-month' : 'person';
}

/** How many refunds a day a person gets for what a provider had begun, and the day that counts now. */
export interface RefundLimit {
  readonly perDay: number;
  readonly day: { readonly startsAt: number; readonly endsAt: number };
}

/** Returns the limit now. Days are those of the server's time zone, as for allowances. */
export function refundLimitOf({ operator, book }: Settings, now: number): RefundLimit {
  return { perDay: operator.refundedCancels, day: dayAt(now, calendarOf(book).timeZone) };
}
