import { describe, expect, it } from 'vitest';
import {
  type Asker,
  allowanceOf,
  type BookSettings,
  budgetOf,
  decide,
  type OperatorSettings,
  type Settings,
  type Standing,
  type Wish,
} from '../../src/points/policy.ts';

const operator: OperatorSettings = {
  allowedGuilds: new Set(['server']),
  allowsDirect: true,
  operatorIds: new Set(['olga']),
  serverBudget: undefined,
  refundedCancels: 10,
};

function settings(book: BookSettings = {}, changes: Partial<OperatorSettings> = {}): Settings {
  return { operator: { ...operator, ...changes }, book };
}

function asker(changes: Partial<Asker> = {}): Asker {
  return { userId: 'max', book: 'server', roleIds: [], isAdministrator: false, ...changes };
}

const standing: Standing = {
  spent: 0,
  granted: 0,
  refillsAt: 1,
  serverSpent: 0,
  monthEndsAt: 2,
  unfinished: 0,
  serverWaiting: 0,
};

function start(changes: Partial<Standing> = {}, wish: Partial<Extract<Wish, { to: 'start' }>> = {}): Wish {
  const standingNow = { ...standing, ...changes };
  const work = { action: 'imagine', speed: 'fast' } as const;
  return { to: 'start', work, price: 100, count: 1, standing: standingNow, ...wish };
}

/** The rule that decided, and the answer. */
function outcome(settingsNow: Settings, who: Asker, wish: Wish) {
  const decision = decide(settingsNow, who, wish);
  return decision.isAllowed ? decision.rule : `${decision.rule}: ${decision.refusal.code}`;
}

describe('where the bot may be used', () => {
  const direct = (changes: Partial<Asker> = {}) => asker({ book: 'direct', ...changes });
  it.each([
    ['an allowed server', settings(), asker(), 'all'],
    ['another server', settings(), asker({ book: 'elsewhere' }), 'server: server-not-allowed'],
    [
      'another server, by an operator',
      settings(),
      asker({ book: 'elsewhere', userId: 'olga' }),
      'server: server-not-allowed',
    ],
    ['any server', settings({}, { allowedGuilds: '*' }), asker({ book: 'elsewhere' }), 'all'],
    ['direct, by an operator', settings(), direct({ userId: 'olga' }), 'all'],
    ['direct, by somebody with a grant', settings(), direct({ hasDirectGrant: true }), 'all'],
    ['direct, by anybody else', settings(), direct(), 'direct: direct-not-allowed'],
    [
      'direct, off',
      settings({}, { allowsDirect: false }),
      direct({ userId: 'olga' }),
      'direct: direct-not-allowed',
    ],
    [
      'direct, all servers allowed',
      settings({}, { allowedGuilds: '*' }),
      direct(),
      'direct: direct-not-allowed',
    ],
  ])('%s', (_where, settingsNow, who, expected) => {
    for (const wish of [{ to: 'use' } as const, start()])
      expect(outcome(settingsNow, { ...who, hasDirectGrant: who.hasDirectGrant }, wish)).toBe(
        who.book === 'direct' && who.hasDirectGrant && wish.to === 'start'
          ? 'points: points-short'
          : expected,
      );
  });
});

describe('who may decide', () => {
  it.each([
    ['a person', asker(), 'administrator: administrators-only', 'operator: operators-only'],
    ['an administrator', asker({ isAdministrator: true }), 'all', 'operator: operators-only'],
    ['an operator', asker({ userId: 'olga' }), 'all', 'all'],
    [
      'an administrator elsewhere',
      asker({ isAdministrator: true, book: 'elsewhere' }),
      'server: server-not-allowed',
      'server: server-not-allowed',
    ],
    [
      'a person outside of servers',
      asker({ book: 'direct', hasDirectGrant: true }),
      'operator: operators-only',
      'operator: operators-only',
    ],
    ['an operator outside of servers', asker({ book: 'direct', userId: 'olga' }), 'all', 'all'],
  ])('%s', (_who, who, administer, operate) => {
    expect(outcome(settings(), who, { to: 'administer' })).toBe(administer);
    expect(outcome(settings(), who, { to: 'operate' })).toBe(operate);
  });
});

describe('somebody who is blocked', () => {
  const blocked = { at: 1, by: 'ada' };
  const book: BookSettings = { blocked: { max: blocked, olga: blocked, ada: blocked } };
  it.each([
    ['a person', asker(), 'blocked: blocked'],
    ['somebody else', asker({ userId: 'mei' }), 'all'],
    ['somebody who manages the server now', asker({ userId: 'ada', isAdministrator: true }), 'all'],
    ['an operator', asker({ userId: 'olga' }), 'all'],
  ])('starts and uses nothing: %s', (_who, who, expected) => {
    for (const wish of [{ to: 'use' } as const, start(), start({}, { price: 0 })])
      expect(outcome(settings(book), who, wish)).toBe(expected);
    expect(outcome(settings(book), who, { to: 'see' })).toBe('all');
  });

  it('hears so only on a server that may use the bot', () => {
    const elsewhere = asker({ book: 'elsewhere' });
    expect(outcome(settings(book), elsewhere, { to: 'use' })).toBe('server: server-not-allowed');
  });
});

describe('whether a task may start', () => {
  it.each([
    ['all is there', settings(), start(), 'all'],
    ['the last point is enough', settings({ points: 100 }), start(), 'all'],
    ['one point is missing', settings({ points: 99 }), start(), 'points: points-short'],
    ['a grant fills the gap', settings({ points: 99 }), start({ granted: 1 }), 'all'],
    [
      'an allowance below what is spent',
      settings({ points: 50 }),
      start({ spent: 400 }),
      'points: points-short',
    ],
    ['what costs more', settings({ points: 150 }), start({}, { price: 200 }), 'points: points-short'],
    [
      'four at once cost four times',
      settings({ points: 399 }),
      start({}, { count: 4 }),
      'points: points-short',
    ],
    ['the server has enough', settings({ budget: 100 }), start(), 'all'],
    [
      'the server lacks a point',
      settings({ budget: 199 }),
      start({ serverSpent: 100 }),
      'budget: budget-short',
    ],
    [
      'a budget below what is spent',
      settings({ budget: 10 }),
      start({ serverSpent: 500 }),
      'budget: budget-short',
    ],
    [
      "the operator's limit counts",
      settings({ budget: 1_000 }, { serverBudget: 99 }),
      start(),
      'budget: budget-short',
    ],
    ['the thirteenth task', settings(), start({ unfinished: 12 }), 'all'],
    ['the fourteenth task', settings(), start({ unfinished: 13 }), 'person-limit: too-many-yours'],
    [
      'two more than thirteen',
      settings(),
      start({ unfinished: 11 }, { count: 3 }),
      'person-limit: too-many-yours',
    ],
    ['the two hundredth in the server', settings(), start({ serverWaiting: 199 }), 'all'],
    ['one more', settings(), start({ serverWaiting: 200 }), 'server-limit: too-many-here'],
    [
      'a picture that is there, whatever is left',
      settings({ points: 0, budget: 0 }),
      start({}, { price: 0 }),
      'all',
    ],
    [
      'a picture that is there, to somebody who asks for too much at once',
      settings(),
      start({ unfinished: 13 }, { price: 0 }),
      'person-limit: too-many-yours',
    ],
  ])('%s', (_what, settingsNow, wish, expected) => {
    expect(outcome(settingsNow, asker(), wish)).toBe(expected);
  });

  it('says what it costs, what is left and when there will be more', () => {
    const decision = decide(
      settings({ points: 130 }),
      asker(),
      start({ spent: 100, granted: 7, refillsAt: 9 }),
    );
    expect(decision).toMatchObject({ refusal: { details: { price: 100, left: 37, refillsAt: 9 } } });
    const never = decide(settings({ points: 80 }), asker(), start({ refillsAt: 9 }));
    expect(never).toMatchObject({ refusal: { details: { price: 100, left: 80, refillsAt: undefined } } });
    const broke = decide(settings({ budget: 130 }), asker(), start({ serverSpent: 100, monthEndsAt: 8 }));
    expect(broke).toMatchObject({ refusal: { details: { price: 100, left: 30, refillsAt: 8 } } });
  });
});

describe('an allowance', () => {
  const book: BookSettings = { points: 10, people: { mei: 0 }, roles: { artist: 500, patron: 900 } };
  it.each([
    ['everybody’s', asker(), 10, 'everybody'],
    ['a role’s', asker({ roleIds: ['artist', 'other'] }), 500, 'role'],
    ['the highest role’s', asker({ roleIds: ['artist', 'patron'] }), 900, 'role'],
    ['their own goes first, even 0', asker({ userId: 'mei', roleIds: ['patron'] }), 0, 'person'],
    ['none outside of servers', asker({ book: 'direct' }), 0, 'none'],
    ['an operator’s outside of servers', asker({ book: 'direct', userId: 'olga' }), 10, 'everybody'],
  ] as const)('%s', (_what, who, allowance, source) => {
    expect(allowanceOf(settings(book), who)).toEqual({ allowance, source });
  });

  it('is 2,000 by default', () => {
    expect(allowanceOf(settings(), asker()).allowance).toBe(2_000);
  });
});

describe("a server's budget", () => {
  it.each([
    [undefined, undefined, undefined, undefined],
    [500, undefined, undefined, 500],
    [500, undefined, 300, 300],
    [500, undefined, 900, 500],
    [500, 2_000, undefined, 2_000],
    [500, 2_000, 1_000, 1_000],
    [undefined, 0, 1_000, 0],
  ])(
    'of %s, %s for this one, and %s by its administrators, is %s',
    (serverBudget, ceiling, budget, expected) => {
      expect(budgetOf(settings({ ceiling, budget }, { serverBudget }), asker())).toBe(expected);
    },
  );

  it("doesn't limit what operators grant outside of servers", () => {
    expect(budgetOf(settings({}, { serverBudget: 5 }), asker({ book: 'direct' }))).toBeUndefined();
  });
});
