import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chargeFor, pointsLeft } from '../../src/quota/charge.ts';
import { monthOf, weekOf } from '../../src/quota/period.ts';
import { priceOf } from '../../src/quota/prices.ts';

describe('priceOf', () => {
  it.each([
    ['imagine', 'fast', 100],
    ['imagine', 'relax', 40],
    ['imagine', 'turbo', 200],
    ['upscale', 'fast', 10],
    ['upscale', 'relax', 4],
    ['variation', 'relax', 20],
  ] as const)('%s at %s costs %i', (action, speed, points) => {
    expect(priceOf(action, speed)).toBe(points);
  });
});

describe('weekOf', () => {
  it.each([
    ['2026-11-23T00:00:00.000Z', '2026-W48', '2026-11-30T00:00:00.000Z'],
    ['2026-11-22T23:59:59.999Z', '2026-W47', '2026-11-23T00:00:00.000Z'],
    ['2027-01-01T12:00:00.000Z', '2026-W53', '2027-01-04T00:00:00.000Z'],
    ['2024-12-30T00:00:00.000Z', '2025-W01', '2025-01-06T00:00:00.000Z'],
  ])('%s lies in %s', (at, key, end) => {
    const week = weekOf(Date.parse(at));
    expect(week.key).toBe(key);
    expect(new Date(week.endsAt).toISOString()).toBe(end);
  });
});

describe('monthOf', () => {
  it('is the month in UTC', () => {
    expect(monthOf(Date.parse('2026-11-30T23:59:59Z'))).toBe('2026-11');
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

  it('charges exactly the price, only where it is there, and from no empty pocket', () => {
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
