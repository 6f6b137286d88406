import { beforeEach, describe, expect, it } from 'vitest';
import { type Breaker, createBreaker } from '../../src/tasks/breaker.ts';
import { createFakeClock, type FakeClock, settle } from '../helpers/clock.ts';

let clock: FakeClock;
let breaker: Breaker;
let told: string[];

beforeEach(() => {
  clock = createFakeClock();
  told = [];
  breaker = createBreaker({
    clock,
    atOnce: 3,
    onOpen: ({ trouble, until }, failures) =>
      told.push(`${trouble} for ${(until - clock.now()) / 1_000} s after ${failures}`),
    onClose: () => told.push('works'),
  });
});

async function enter() {
  const attempt = await breaker.enter();
  if (attempt === undefined) throw new Error('nothing may be submitted');
  return attempt;
}

async function failThrice() {
  for (let count = 0; count < 3; count += 1) (await enter()).failed('unavailable');
}

describe('createBreaker', () => {
  it('lets only a few through at once, and sends all who wait away when it opens', async () => {
    const entered = Array.from({ length: 12 }, () => breaker.enter());
    const [first, second, third] = await Promise.all(entered.slice(0, 3));
    for (const attempt of [first, second, third]) attempt?.failed('unavailable');
    const rest = await Promise.all(entered.slice(3));
    // Two had their turn before the third failure was known.
    expect(rest.filter((attempt) => attempt !== undefined).length).toBeLessThanOrEqual(2);
    expect(told).toEqual(['unavailable for 30 s after 3']);
  });

  it('opens at once where the next would fail as surely', async () => {
    (await enter()).failed('balance');
    expect(breaker.outage()).toEqual({ trouble: 'balance', until: clock.now() + 30_000 });
    expect(await breaker.enter()).toBeUndefined();
  });

  it('is never closed for long by want of credit: whoever has topped up should not wait', async () => {
    (await enter()).failed('balance');
    for (let count = 0; count < 5; count += 1) {
      await clock.pass(30_000);
      (await enter()).failed('balance');
    }
    expect(breaker.outage()?.until).toBe(clock.now() + 30_000);
  });

  it('counts failures in a row only', async () => {
    for (let count = 0; count < 5; count += 1) {
      (await enter()).failed('unavailable');
      (await enter()).failed('malformed');
      (await enter()).answered();
    }
    expect(breaker.outage()).toBeUndefined();
  });

  it('lets one try, for longer each time it fails, and closes when that works', async () => {
    await failThrice();
    for (const seconds of [60, 120, 240, 300, 300]) {
      await clock.pass(300_000);
      const trial = await enter();
      expect(breaker.isOnTrial()).toBe(true);
      expect(await breaker.enter()).toBeUndefined();
      trial.failed('unavailable');
      expect(breaker.outage()?.until).toBe(clock.now() + seconds * 1_000);
    }
    await clock.pass(300_000);
    (await enter()).answered();
    expect(told.at(-1)).toBe('works');
    expect(breaker.isOnTrial()).toBe(false);
    await failThrice();
    expect(breaker.outage()?.until).toBe(clock.now() + 30_000);
  });

  it('tries again where the one that was to try was not made', async () => {
    await failThrice();
    await clock.pass(30_000);
    (await enter()).saidNothing();
    expect(await breaker.enter()).toBeDefined();
  });

  it('is not closed for longer because the clock was set back', async () => {
    await failThrice();
    clock.set(clock.now() - 3_600_000);
    expect(breaker.outage()).toBeDefined();
    await clock.pass(300_000);
    expect(breaker.outage()).toBeUndefined();
    expect(await breaker.enter()).toBeDefined();
  });

  it('does not listen to what left before it opened', async () => {
    const early = await enter();
    const alsoEarly = await enter();
    (await enter()).failed('auth');
    early.answered();
    alsoEarly.failed('unavailable');
    await settle();
    expect(breaker.outage()?.trouble).toBe('auth');
    expect(told).toHaveLength(1);
  });
});
