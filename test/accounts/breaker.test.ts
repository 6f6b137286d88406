import { beforeEach, describe, expect, it } from 'vitest';
import { type Breaker, createBreaker, type Trouble } from '../../src/accounts/breaker.ts';
import { createFakeClock, type FakeClock, settle } from '../helpers/clock.ts';

let clock: FakeClock;
let breaker: Breaker;
let told: string[];
/** What a free call does; absent if none can be made. */
let askFreely: (() => Promise<Trouble | undefined>) | undefined;

/** What the account itself says. */
const own = { isOwn: true, userId: 'max' };
/** What one person may have caused. */
const by = (userId: string) => ({ isOwn: false, userId });

beforeEach(() => {
  clock = createFakeClock();
  told = [];
  askFreely = undefined;
  breaker = open();
});

function open() {
  return createBreaker({
    clock,
    atOnce: 3,
    askFreely,
    onOpen: ({ trouble, until }, failures) =>
      told.push(`${trouble} for ${(until - clock.now()) / 1_000} s after ${failures}`),
    onClose: () => told.push('works'),
  });
}

async function enter() {
  const attempt = await breaker.enter();
  if (attempt === undefined) throw new Error('nothing may be submitted');
  return attempt;
}

async function failThrice() {
  for (let count = 0; count < 3; count += 1) (await enter()).failed('unavailable', own);
}

describe('createBreaker', () => {
  it('lets only a few through at once, and turns everybody away when it opens', async () => {
    const entered = Array.from({ length: 12 }, () => breaker.enter());
    const [first, second, third] = await Promise.all(entered.slice(0, 3));
    for (const attempt of [first, second, third]) attempt?.failed('unavailable', own);
    const rest = await Promise.all(entered.slice(3));
    // Two went ahead before the third failure was known.
    expect(rest.filter((attempt) => attempt !== undefined).length).toBeLessThanOrEqual(2);
    expect(told).toEqual(['unavailable for 30 s after 3']);
  });

  it('opens at once if the next would fail just as surely', async () => {
    (await enter()).failed('balance', own);
    expect(breaker.outage()).toEqual({ trouble: 'balance', until: clock.now() + 30_000 });
    expect(await breaker.enter()).toBeUndefined();
  });

  it('is never closed for long by lack of credit: after topping up nobody should wait', async () => {
    (await enter()).failed('balance', own);
    for (let count = 0; count < 5; count += 1) {
      await clock.pass(30_000);
      (await enter()).failed('balance', own);
    }
    expect(breaker.outage()?.until).toBe(clock.now() + 30_000);
  });

  it('counts only failures in a row', async () => {
    for (let count = 0; count < 5; count += 1) {
      (await enter()).failed('unavailable', own);
      (await enter()).failed('malformed', own);
      (await enter()).answered();
    }
    expect(breaker.outage()).toBeUndefined();
  });

  it('lets one try, after longer and longer waits, and closes when that works', async () => {
    await failThrice();
    for (const seconds of [60, 120, 240, 300, 300]) {
      await clock.pass(300_000);
      const trial = await enter();
      expect(breaker.isOnTrial()).toBe(true);
      expect(await breaker.enter()).toBeUndefined();
      trial.failed('unavailable', own);
      expect(breaker.outage()?.until).toBe(clock.now() + seconds * 1_000);
    }
    await clock.pass(300_000);
    (await enter()).answered();
    expect(told.at(-1)).toBe('works');
    expect(breaker.isOnTrial()).toBe(false);
    await failThrice();
    expect(breaker.outage()?.until).toBe(clock.now() + 30_000);
  });

  it("tries again if the trial wasn't made", async () => {
    await failThrice();
    await clock.pass(30_000);
    (await enter()).saidNothing();
    expect(await breaker.enter()).toBeDefined();
  });

  it("isn't closed for longer because the clock was set back", async () => {
    await failThrice();
    clock.set(clock.now() - 3_600_000);
    expect(breaker.outage()).toBeDefined();
    await clock.pass(300_000);
    expect(breaker.outage()).toBeUndefined();
    expect(await breaker.enter()).toBeDefined();
  });

  it('ignores calls that left before it opened', async () => {
    const early = await enter();
    const alsoEarly = await enter();
    (await enter()).failed('auth', own);
    early.answered();
    alsoEarly.failed('unavailable', own);
    await settle();
    expect(breaker.outage()?.trouble).toBe('auth');
    expect(told).toHaveLength(1);
  });
});

describe('trouble that one person may have caused', () => {
  it.each(['auth', 'balance'] as const)('closes nothing by itself, as %s', async (trouble) => {
    for (let count = 0; count < 20; count += 1) (await enter()).failed(trouble, by('max'));
    expect(breaker.outage()).toBeUndefined();
    expect(told).toEqual([]);
  });

  it.each(['unavailable', 'malformed', 'blocked', 'moved', 'faulty'] as const)(
    'closes nothing by itself, as %s, no matter how often',
    async (trouble) => {
      for (let count = 0; count < 20; count += 1) (await enter()).failed(trouble, by('max'));
      expect(breaker.outage()).toBeUndefined();
    },
  );

  it('closes it if another person meets the same next', async () => {
    (await enter()).failed('balance', by('max'));
    (await enter()).failed('balance', by('mei'));
    expect(breaker.outage()?.trouble).toBe('balance');
  });

  it('closes it if another person is among three in a row', async () => {
    (await enter()).failed('unavailable', by('max'));
    (await enter()).failed('malformed', by('mei'));
    expect(breaker.outage()).toBeUndefined();
    (await enter()).failed('unavailable', by('max'));
    expect(breaker.outage()?.trouble).toBe('unavailable');
  });

  it("isn't the same if two people meet something different, or if it worked in between", async () => {
    (await enter()).failed('auth', by('max'));
    (await enter()).failed('balance', by('mei'));
    (await enter()).answered();
    (await enter()).failed('auth', by('mei'));
    expect(breaker.outage()).toBeUndefined();
  });

  it('ignores what says nothing about the account', async () => {
    (await enter()).failed('auth', by('max'));
    for (const _ of 'several') (await enter()).saidNothing();
    expect(breaker.outage()).toBeUndefined();
  });

  it.each([
    ['closes it if a free call meets it, too', 'unavailable'],
    ['leaves it open if a free call works', undefined],
  ] as const)('%s', async (_what, trouble) => {
    let asked = 0;
    askFreely = async () => {
      asked += 1;
      return trouble;
    };
    breaker = open();
    (await enter()).failed('auth', by('max'));
    await settle();
    expect(asked).toBe(1);
    expect(breaker.outage()?.trouble).toBe(trouble);
  });

  it('leaves it open if it worked during the free call, or that call had no outcome', async () => {
    let end = (_trouble: Trouble) => {};
    askFreely = () => new Promise((resolve) => (end = resolve));
    breaker = open();
    (await enter()).failed('auth', by('max'));
    (await enter()).answered();
    end('auth');
    await settle();
    expect(breaker.outage()).toBeUndefined();
    askFreely = () => Promise.reject(new Error('no'));
    breaker = open();
    (await enter()).failed('auth', by('max'));
    await settle();
    expect(breaker.outage()).toBeUndefined();
  });

  it("can't keep it closed: the next person's try counts", async () => {
    (await enter()).failed('balance', by('max'));
    (await enter()).failed('balance', by('mei'));
    await clock.pass(30_000);
    (await enter()).failed('balance', by('max'));
    expect(breaker.outage()).toBeUndefined();
    (await enter()).answered();
    expect(told.at(-1)).toBe('works');
  });

  it("keeps it closed if a third person's try meets it again", async () => {
    (await enter()).failed('balance', by('max'));
    (await enter()).failed('balance', by('mei'));
    await clock.pass(30_000);
    (await enter()).failed('balance', by('ada'));
    expect(breaker.outage()?.until).toBe(clock.now() + 30_000);
  });
});
