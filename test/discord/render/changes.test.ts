import { describe, expect, it } from 'vitest';
import {
  toBudgetChange,
  toDefaultChange,
  toPersonChange,
  toRoleChange,
} from '../../../src/discord/render/changes.ts';
import { english } from '../../../src/locales/index.ts';
import type { Overview } from '../../../src/points/administration.ts';
import type { Statement } from '../../../src/points/bookings.ts';

const overview = (changes: Partial<Overview> = {}): Overview => ({
  points: 2_000,
  unit: 'week',
  timeZone: 'UTC',
  people: {},
  roles: {},
  budget: undefined,
  ceiling: undefined,
  spent: 0,
  kept: 0,
  monthEndsAt: 0,
  ...changes,
});
const statement = (allowance: number) => ({ allowance }) as Statement;

describe('a change', () => {
  it("says what everyone got, and what's different now", () => {
    const before = { points: 2_000, unit: 'week', timeZone: 'UTC' } as const;
    const said = (changes: Partial<Overview>) =>
      toDefaultChange({ ...overview(changes), before }, english).split('\n');
    expect(said({ points: 3_000 })).toEqual(['**Everyone:** 2,000 points a week → 3,000 points a week']);
    expect(said({})).toEqual(['**Everyone:** still 2,000 points a week']);
    expect(said({ timeZone: 'Asia/Tokyo' })).toEqual(['**Time zone:** UTC → Asia/Tokyo']);
    const [line, period] = said({ unit: 'day' });
    expect(line).toBe('**Everyone:** 2,000 points a week → 2,000 points a day');
    expect(period).toContain('starts the new period with a full allowance');
  });

  it("says what a person's allowance was", () => {
    const set = { ...statement(5_000), before: { allowance: 2_000 } };
    expect(toPersonChange(set, true, english)).toBe('**Allowance:** 2,000 points → 5,000 points');
    const unset = { ...statement(2_000), before: { allowance: 5_000 } };
    expect(toPersonChange(unset, false, english)).toMatch(
      /^\*\*Allowance:\*\* 5,000 points → 2,000 points\nThey no longer have/,
    );
  });

  it('says what a role gave', () => {
    const said = (from: number | undefined, to: number | undefined) =>
      toRoleChange({ roleId: '7', points: to }, { points: from }, english);
    expect(said(500, 1)).toBe('**<@&7>:** 500 points → 1 point');
    expect(said(undefined, 500)).toBe('**<@&7>:** no allowance of its own → 500 points');
    expect(said(500, undefined)).toBe('**<@&7>:** 500 points → no allowance of its own');
  });

  it('says what a month was limited to, and if that is spent', () => {
    const said = (from: number | undefined, to: number | undefined, spent = 0) =>
      toBudgetChange({ ...overview({ budget: to, spent }), before: { budget: from } }, english);
    expect(said(undefined, 500, 400)).toBe('**Monthly limit:** no limit → 500 points');
    expect(said(500, undefined)).toBe('**Monthly limit:** 500 points → no limit');
    expect(said(500, 100, 200)).toMatch(/→ 100 points\n200 points have already been spent/);
  });
});
