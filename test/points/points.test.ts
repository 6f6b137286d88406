import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeFor, pointsLeft, resettable } from '../../src/points/charge.ts';
import { dayAt, monthAt, periodAt, toTimeZone } from '../../src/points/period.ts';

describe('periodAt', () => {
  it.each([
    ['week', 'UTC', '2026-11-23T00:00:00.000Z', '2026-W48', '2026-11-30T00:00:00.000Z'],
    ['week', 'UTC', '2026-11-22T23:59:59.999Z', '2026-W47', '2026-11-23T00:00:00.000Z'],
    ['week', 'UTC', '2027-01-01T12:00:00.000Z', '2026-W53', '2027-01-04T00:00:00.000Z'],
    ['week', 'UTC', '2024-12-30T00:00:00.000Z', '2025-W01', '2025-01-06T00:00:00.000Z'],
    ['week', 'Asia/Shanghai', '2026-11-22T16:00:00.000Z', '2026-W48', '2026-11-29T16:00:00.000Z'],
    ['day', 'America/New_York', '2026-11-23T04:59:59.999Z', '2026-11-22', '2026-11-23T05:00:00.000Z'],
    // The day on which daylight saving time ends there has 25 hours, the one on which it begins 23.
    ['day', 'Europe/Berlin', '2026-10-25T12:00:00.000Z', '2026-10-25', '2026-10-25T23:00:00.000Z'],
    ['day', 'Europe/Berlin', '2026-03-29T12:00:00.000Z', '2026-03-29', '2026-03-29T22:00:00.000Z'],
    // A day that begins at 01:00, because midnight is skipped.
    ['day', 'Africa/Cairo', '2026-04-23T12:00:00.000Z', '2026-04-23', '2026-04-23T22:00:00.000Z'],
    ['month', 'UTC', '2026-12-31T23:59:59.999Z', '2026-12', '2027-01-01T00:00:00.000Z'],
    ['month', 'Pacific/Auckland', '2026-11-30T12:00:00.000Z', '2026-12', '2026-12-31T11:00:00.000Z'],
  ] as const)('a %s in %s: %s is in %s', (unit, timeZone, at, key, end) => {
    const period = periodAt(Date.parse(at), { unit, timeZone });
    expect(period.key).toBe(key);
    expect(new Date(period.endsAt).toISOString()).toBe(end);
  });

  it('begins where the previous one ends, in any calendar', () => {
    const moment = fc.integer({ min: Date.UTC(2020, 0), max: Date.UTC(2040, 0) });
    const unit = fc.constantFrom('day', 'week', 'month');
    const timeZone = fc.constantFrom(
      'UTC',
      'Europe/Berlin',
      'America/St_Johns',
      'Australia/Lord_Howe',
      'Africa/Cairo',
    );
    fc.assert(
      fc.property(moment, unit, timeZone, (at, unit, timeZone) => {
        const period = periodAt(at, { unit, timeZone });
        expect(period.endsAt).toBeGreaterThan(at);
        expect(periodAt(period.endsAt - 1, { unit, timeZone })).toEqual(period);
        expect(periodAt(period.endsAt, { unit, timeZone }).key).not.toBe(period.key);
        expect(periodAt(at, { unit, timeZone })).toEqual(period);
      }),
    );
  });
});

describe('monthAt', () => {
  it('is the month in UTC, from its first moment to its last', () => {
    expect(monthAt(Date.parse('2026-11-30T23:59:59.999Z')).key).toBe('2026-11');
    expect(monthAt(Date.parse('2026-12-01T00:00:00.000Z')).key).toBe('2026-12');
    expect(new Date(monthAt(Date.parse('2026-11-01T00:00:00Z')).endsAt).toISOString()).toBe(
      '2026-12-01T00:00:00.000Z',
    );
  });
});

describe('dayAt', () => {
  const time = Date.parse;

  it.each([
    ['UTC', '2026-11-28T00:00:00Z', '2026-11-28T00:00:00Z', '2026-11-29T00:00:00Z'],
    ['UTC', '2026-11-27T23:59:59.999Z', '2026-11-27T00:00:00Z', '2026-11-28T00:00:00Z'],
    ['Asia/Tokyo', '2026-11-28T15:00:00Z', '2026-11-28T15:00:00Z', '2026-11-29T15:00:00Z'],
    ['America/Los_Angeles', '2026-11-28T07:59:59Z', '2026-11-27T08:00:00Z', '2026-11-28T08:00:00Z'],
    // The clocks go back: 25 hours.
    ['Europe/Berlin', '2026-10-25T12:00:00Z', '2026-10-24T22:00:00Z', '2026-10-25T23:00:00Z'],
  ])('in %s contains %s', (timeZone, at, startsAt, endsAt) => {
    expect(dayAt(time(at), timeZone)).toEqual({ startsAt: time(startsAt), endsAt: time(endsAt) });
  });
});

describe('toTimeZone', () => {
  it.each([
    ['europe/berlin', 'Europe/Berlin'],
    [' UTC ', 'UTC'],
    ['Mars/Olympus', undefined],
    ['', undefined],
  ])('reads "%s" as %s', (name, timeZone) => {
    expect(toTimeZone(name)).toBe(timeZone);
  });
});

describe('chargeFor', () => {
  it('takes the allowance first, then grants', () => {
    expect(chargeFor(100, { allowance: 2_000, spent: 1_940, granted: 50 })).toEqual({
      allowancePart: 60,
      grantPart: 40,
    });
    expect(chargeFor(100, { allowance: 2_000, spent: 1_940, granted: 39 })).toBeUndefined();
  });

  it.each([
    [100, { allowance: 100, spent: 0, granted: 0 }, [100, 0]],
    [100, { allowance: 99, spent: 0, granted: 1 }, [99, 1]],
    [100, { allowance: 99, spent: 0, granted: 0 }, undefined],
    [100, { allowance: 0, spent: 0, granted: 100 }, [0, 100]],
    [100, { allowance: 0, spent: 0, granted: 99 }, undefined],
    [100, { allowance: 50, spent: 80, granted: 100 }, [0, 100]],
    [1, { allowance: 1, spent: 1, granted: 1 }, [0, 1]],
    [0, { allowance: 0, spent: 0, granted: 0 }, [0, 0]],
    [0, { allowance: 0, spent: 9, granted: -9 }, [0, 0]],
    [100, { allowance: 100, spent: 0, granted: -50 }, [100, 0]],
  ])('spends %i of %j to the last point', (price, purse, parts) => {
    const charge = chargeFor(price, purse);
    expect(charge && [charge.allowancePart, charge.grantPart]).toEqual(parts);
  });

  it('charges exactly the price, only if there is enough, and never from an empty part', () => {
    const amount = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(amount, amount, amount, amount, (price, allowance, spent, granted) => {
        const purse = { allowance, spent, granted };
        const charge = chargeFor(price, purse);
        expect(charge !== undefined).toBe(price <= pointsLeft(purse));
        if (charge === undefined) return;
        expect(charge.allowancePart + charge.grantPart).toBe(price);
        expect(charge.allowancePart).toBeLessThanOrEqual(Math.max(0, allowance - spent));
        expect(Math.min(charge.allowancePart, charge.grantPart)).toBeGreaterThanOrEqual(0);
      }),
    );
  });
});

describe('resettable', () => {
  it.each([
    [500, 0, 500],
    [500, 100, 400],
    [500, 500, 0],
    [100, 500, 0],
    [0, 0, 0],
    [-20, 0, 0],
  ])('of %i spent, with %i that may still come back, are %i', (spent, held, points) => {
    expect(resettable({ spent }, held)).toBe(points);
  });
});
