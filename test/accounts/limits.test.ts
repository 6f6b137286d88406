import { describe, expect, it } from 'vitest';
import { createLimits, type LimitOptions } from '../../src/accounts/limits.ts';
import { createSpending } from '../../src/accounts/spending.ts';
import { hours as hoursSchema } from '../../src/config/values.ts';
import type { Task } from '../../src/task.ts';
import { aRunningTask, aTask } from '../helpers/tasks.ts';

const at = (time: string) => Date.parse(time);

/** Limits of the account that tasks in tests have, and what teaches them. */
function limit(options: LimitOptions, timeZone = 'UTC') {
  const spending = createSpending(timeZone);
  spending.watch(['main']);
  return { spending, limits: createLimits('main', options, { spending, timeZone }) };
}

const hours = (text: string) => hoursSchema.parse(text);

describe('hours', () => {
  it.each([
    ['08:00-22:00', '2026-11-28T08:00:00Z', 'UTC'],
    ['08:00-22:00', '2026-11-28T21:59:59Z', 'UTC'],
    ['8:00 – 24:00', '2026-11-28T23:59:00Z', 'UTC'],
    ['00:00-24:00', '2026-11-28T03:00:00Z', 'UTC'],
    ['22:00-06:00', '2026-11-28T23:00:00Z', 'UTC'],
    ['22:00-06:00', '2026-11-28T05:59:00Z', 'UTC'],
    ['08:00-22:00', '2026-11-28T00:30:00Z', 'Asia/Shanghai'],
    ['08:00-08:30', '2026-11-28T02:35:00Z', 'Asia/Kolkata'],
  ])('%s cover %s in %s', (text, time, timeZone) => {
    expect(limit({ hours: hours(text) }, timeZone).limits.closing({ price: 100 }, at(time))).toBeUndefined();
  });

  it.each([
    ['08:00-22:00', '2026-11-28T22:00:00Z', 'UTC', '2026-11-29T08:00:00Z'],
    ['08:00-22:00', '2026-11-28T07:59:59Z', 'UTC', '2026-11-28T08:00:00Z'],
    ['22:00-06:00', '2026-11-28T06:00:00Z', 'UTC', '2026-11-28T22:00:00Z'],
    ['08:00-22:00', '2026-11-28T14:00:00Z', 'Asia/Shanghai', '2026-11-29T00:00:00Z'],
    // Clocks go forward at 2:00 there, so there's no 2:30 on that day, and back at 3:00 in October, so 2:30 comes twice.
    ['02:30-04:00', '2026-03-29T00:59:00Z', 'Europe/Berlin', '2026-03-29T01:30:00Z'],
    ['02:30-04:00', '2026-10-25T01:10:00Z', 'Europe/Berlin', '2026-10-25T01:30:00Z'],
    ['00:00-00:30', '2026-12-31T12:00:00Z', 'UTC', '2027-01-01T00:00:00Z'],
  ])('%s begin again after %s in %s at %s', (text, time, timeZone, until) => {
    expect(limit({ hours: hours(text) }, timeZone).limits.closing({ price: 0 }, at(time))).toEqual({
      reason: 'hours',
      until: at(until),
    });
  });

  it.each(['08:00', '8-22', '08:00-08:00', '24:00-08:00', '08:00-24:30', '08:60-22:00', 'day', '-1:00-2:00'])(
    'are not %s',
    (text) => expect(hoursSchema.safeParse(text).success).toBe(false),
  );
});

describe('points a day', () => {
  const now = at('2026-11-28T12:00:00Z');
  const submitted = (changes: Partial<Task> = {}) => aRunningTask({ submittedAt: now, ...changes });
  const closed = { reason: 'points', until: at('2026-11-29T00:00:00Z') };

  it('are spent by what was submitted today', () => {
    const { limits, spending } = limit({ dailyPoints: 300 });
    spending.learn(submitted());
    spending.learn(submitted({ submittedAt: at('2026-11-27T23:59:59Z') }));
    spending.learn(submitted({ account: 'other' }));
    expect(limits.spent(now)).toBe(100);
    expect(limits.closing({ price: 200 }, now)).toBeUndefined();
    expect(limits.closing({ price: 201 }, now)).toEqual(closed);
    expect(limits.closing({ price: 200, besides: 1 }, now)).toEqual(closed);
    expect(limits.closing({ price: 0 }, now)).toBeUndefined();
    expect(limits.closing({ price: 201 }, closed.until)).toBeUndefined();
  });

  it.each([
    ['a result', { state: 'done' }, 100],
    ['an answer that was lost', { state: 'submitting', lostAt: 5 }, 100],
    [
      'a task that was lost and refunded',
      { state: 'failed', failure: { kind: 'lost', mayHaveCost: true } },
      100,
    ],
    ['a cancellation after it began', { state: 'cancelled', stop: { at: 5, isRefunded: true } }, 100],
    [
      'a result that Discord refuses',
      { state: 'failed', failure: { kind: 'unshown', mayHaveCost: true } },
      100,
    ],
    [
      'a failure that the provider reports',
      { state: 'failed', failure: { kind: 'generation', mayHaveCost: false } },
      0,
    ],
    ['one that is back in the queue', { state: 'queued' }, 0],
    ['a copy', { price: 0 }, 0],
  ] as const)('count %s as %s', (_name, changes, points) => {
    const { limits, spending } = limit({ dailyPoints: 300 });
    spending.learn(submitted());
    spending.learn(submitted({ id: 'other', ...changes } as Partial<Task>));
    expect(limits.spent(now)).toBe(100 + points);
  });

  it('count each task once, where it is now', () => {
    const { limits, spending } = limit({ dailyPoints: 300 });
    const task = aTask({ acknowledgedAt: now });
    spending.learn(task);
    expect([limits.waiting(), limits.spent(now)]).toEqual([100, 0]);
    spending.learn({ ...task, state: 'submitting', submittedAt: now });
    spending.learn({ ...task, state: 'running', submittedAt: now, acceptedAt: now });
    expect([limits.waiting(), limits.spent(now)]).toEqual([0, 100]);
    spending.learn({ ...task, account: 'other' });
    expect([limits.waiting(), limits.spent(now)]).toEqual([0, 0]);
  });

  it("aren't there again because the clock was set back by a day", () => {
    const { limits, spending } = limit({ dailyPoints: 300 });
    spending.learn(submitted());
    expect(limits.spent(now)).toBe(100);
    const nextDay = now + 86_400_000;
    spending.learn(submitted({ id: 'tomorrow', submittedAt: nextDay }));
    expect(limits.spent(nextDay)).toBe(100);
    expect(limits.spent(now)).toBe(100);
  });

  it('of a day that ends at night come back when the account opens', () => {
    const { limits, spending } = limit({ dailyPoints: 100, hours: hours('08:00-22:00') });
    spending.learn(submitted());
    expect(limits.closing({ price: 1 }, now)).toEqual({
      reason: 'points',
      until: at('2026-11-29T08:00:00Z'),
    });
    expect(limits.closing({ price: 101 }, now)?.until).toBe(Number.POSITIVE_INFINITY);
  });

  it('belong to days of the time zone', () => {
    const { limits, spending } = limit({ dailyPoints: 100 }, 'Asia/Shanghai');
    spending.learn(submitted({ submittedAt: at('2026-11-27T17:00:00Z') }));
    expect(limits.closing({ price: 1 }, now)).toEqual({
      reason: 'points',
      until: at('2026-11-28T16:00:00Z'),
    });
  });
});
