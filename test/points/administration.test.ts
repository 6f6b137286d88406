import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Named } from '../../src/points/administration.ts';
import type { Asker } from '../../src/points/policy.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aPlace, unique } from '../helpers/tasks.ts';

const { userId, book } = anOrigin();
const person: Asker = aCaller().asker;
const administrator: Asker = { userId: 'ada', book, roleIds: [], isAdministrator: true };
const operator: Asker = { userId: 'olga', book, roleIds: [], isAdministrator: false };
const day = 24 * 60 * 60_000;

function named(changes: Partial<Named> = {}): Named {
  return { userId, isBot: false, roleIds: [], ...changes };
}

const act = () => ({ interactionId: unique() });

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ operator: { operatorIds: new Set(['olga']), serverBudget: 10_000 } });
});
afterEach(() => relay.remove());

/** The relay's administration, for short. */
const desk = () => relay.administration;
const left = async (asker = person) => (await desk().statement(asker)).left;

describe('what only administrators may do', () => {
  it.each([
    ['statementOf', (asker: Asker) => desk().statementOf(asker, named())],
    ['overview', (asker: Asker) => desk().overview(asker)],
    ['setDefault', (asker: Asker) => desk().setDefault(asker, { points: 1 })],
    ['setPerson', (asker: Asker) => desk().setPerson(asker, named(), 1)],
    ['setRole', (asker: Asker) => desk().setRole(asker, 'patron', 1)],
    ['setBudget', (asker: Asker) => desk().setBudget(asker, 1)],
    ['grant', (asker: Asker) => desk().grant(asker, named(), 1, act())],
    ['reset', (asker: Asker) => desk().reset(asker, named(), 'spending', act())],
    ['history', (asker: Asker) => desk().history(asker, 'somebody else', 1)],
  ])('%s is refused for people, and done for administrators and operators', async (_name, work) => {
    expect(await codeOf(work(person))).toBe('administrators-only');
    expect(await left()).toBe(2_000);
    expect(await codeOf(work(administrator))).toBeUndefined();
    expect(await codeOf(work(operator))).toBeUndefined();
  });
});

describe('allowances', () => {
  it('apply by person, then role, then everybody', async () => {
    await desk().setDefault(administrator, { points: 500 });
    expect(await left()).toBe(500);
    await desk().setRole(administrator, 'patron', 900);
    expect(await left({ ...person, roleIds: ['patron'] })).toBe(900);
    expect((await desk().setPerson(administrator, named(), 70)).left).toBe(70);
    expect(await desk().statement({ ...person, roleIds: ['patron'] })).toMatchObject({
      left: 70,
      source: 'person',
    });
    await desk().setPerson(administrator, named({ roleIds: undefined }), undefined);
    await desk().setRole(administrator, 'patron', undefined);
    expect(await left({ ...person, roleIds: ['patron'] })).toBe(500);
  });

  it('are returned with what they were before', async () => {
    const before = { points: 2_000, unit: 'week', timeZone: 'UTC' };
    expect(await desk().setDefault(administrator, { points: 500, period: 'day' })).toMatchObject({ before });
    const person = await desk().setPerson(administrator, named(), 70);
    expect(person).toMatchObject({ allowance: 70, before: { allowance: 500 } });
    const unset = await desk().setPerson(administrator, named(), undefined);
    expect(unset).toMatchObject({ allowance: 500, before: { allowance: 70 } });
    expect((await desk().setRole(administrator, 'patron', 900)).before.points).toBeUndefined();
    expect((await desk().setRole(administrator, 'patron', 800)).before.points).toBe(900);
    expect(await desk().setBudget(administrator, 300)).toMatchObject({ before: { budget: 10_000 } });
  });

  it('can have no end for a person, whose spending still counts toward the month', async () => {
    await desk().setBudget(administrator, 250);
    const set = await desk().setPerson(administrator, named(), 'unlimited');
    expect(set).toMatchObject({ left: Number.POSITIVE_INFINITY, before: { allowance: 2_000 } });
    await desk().setDefault(administrator, { points: 0 });
    await relay.imagine();
    await relay.imagine();
    expect(await desk().statement(person)).toMatchObject({ spent: 200, source: 'person' });
    expect(await codeOf(relay.imagine())).toBe('budget-short');
    const limited = await desk().setPerson(administrator, named(), 150);
    expect(limited).toMatchObject({ left: 0, before: { allowance: Number.POSITIVE_INFINITY } });
    expect(await codeOf(relay.imagine())).toBe('points-short');
  });

  it('without an end are told to the person, and go with their data', async () => {
    await desk().setPerson(administrator, named(), 'unlimited');
    expect(JSON.parse(await relay.personalData.export(userId))).toMatchObject({
      allowances: { [book]: 'unlimited' },
    });
    await relay.personalData.forget(userId);
    expect(await left()).toBe(2_000);
  });

  it('lose no change that comes at the same time', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `person-${index}`);
    await Promise.all(names.map((name) => desk().setPerson(administrator, named({ userId: name }), 7)));
    expect(Object.keys((await desk().overview(administrator)).people)).toHaveLength(20);
  });

  it('lowered below what is spent leave nothing, and never less than nothing', async () => {
    await relay.imagine();
    expect((await desk().setPerson(administrator, named(), 30)).left).toBe(0);
    expect(await codeOf(relay.imagine())).toBe('points-short');
  });

  it("are full again in the next period, in the server's time zone", async () => {
    await desk().setDefault(administrator, { period: 'day', timeZone: 'asia/shanghai' });
    relay.clock.set(Date.parse('2026-11-23T15:59:00Z'));
    await relay.imagine();
    expect(await desk().statement(person)).toMatchObject({
      left: 1_900,
      unit: 'day',
      refillsAt: Date.parse('2026-11-23T16:00:00Z'),
    });
    relay.clock.set(Date.parse('2026-11-23T16:00:00Z'));
    expect(await left()).toBe(2_000);
  });

  it('keep running tasks in the period in which they were charged', async () => {
    const id = await relay.imagine();
    await desk().setDefault(administrator, { period: 'month' });
    expect(await left()).toBe(2_000);
    await relay.changes.change(id, { type: 'failed', failure: { kind: 'rejected', mayHaveCost: false } });
    expect(await left()).toBe(2_000);
    await desk().setDefault(administrator, { period: 'week' });
    expect(await left()).toBe(2_000);
  });
});

describe('grants', () => {
  it('are spent after the allowance, and outlive it', async () => {
    await desk().setDefault(administrator, { points: 150 });
    const statement = await desk().grant(administrator, named(), 300, { ...act(), note: 'thank you' });
    expect(statement).toMatchObject({ left: 450, granted: 300 });
    await relay.imagine(userId, 'a fox');
    await relay.imagine(userId, 'a hare');
    expect(await desk().statement(person)).toMatchObject({ left: 250, granted: 250, spent: 150 });
    relay.clock.set(relay.clock.now() + 30 * day);
    expect(await desk().statement(person)).toMatchObject({ left: 400, granted: 250, spent: 0 });
  });

  it('come once, no matter how often Discord delivers the interaction', async () => {
    const once = act();
    await desk().grant(administrator, named(), 300, once);
    await desk().grant(administrator, named(), 300, once);
    expect((await desk().statement(person)).granted).toBe(300);
  });

  it.each([0, -5, 1.5, 1_000_001, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 60])(
    'of %s points are refused',
    async (points) => {
      expect(await codeOf(desk().grant(administrator, named(), points, act()))).toBe('points-malformed');
      expect(await left()).toBe(2_000);
    },
  );

  it.each([
    ['a bot', named({ isBot: true }), 'person-is-bot'],
    ['people who left', named({ roleIds: undefined }), 'person-left'],
  ])('to %s are refused', async (_who, who, code) => {
    expect(await codeOf(desk().grant(administrator, who, 5, act()))).toBe(code);
    expect(await codeOf(desk().setPerson(administrator, who, 5))).toBe(code);
    expect(await desk().history(administrator, userId, 1)).toMatchObject({ rows: [] });
  });

  it('are taken back by a reset', async () => {
    await desk().grant(administrator, named(), 300, act());
    const outcome = await desk().reset(administrator, named(), 'grants', act());
    expect(outcome).toMatchObject({ points: 300, held: 0, statement: { granted: 0, left: 2_000 } });
    await desk().grant(administrator, named(), 300, act());
    await desk().setPerson(administrator, named(), 0);
    const running = await relay.imagine();
    const kept = await desk().reset(administrator, named(), 'grants', act());
    expect(kept).toMatchObject({ points: 200, held: 100 });
    await relay.changes.change(running, {
      type: 'failed',
      failure: { kind: 'rejected', mayHaveCost: false },
    });
    expect(await left()).toBe(100);
    expect(await desk().reset(administrator, named(), 'grants', act())).toMatchObject({ points: 100 });
    expect(await desk().reset(administrator, named(), 'grants', act())).toMatchObject({ points: 0, held: 0 });
  });
});

describe('a reset of spending', () => {
  it('returns what is spent, but not what may still be refunded', async () => {
    const done = await relay.imagine(userId, 'a fox');
    await relay.changes.change(done, {
      type: 'looked',
      update: { state: 'done', media: [], offers: [] },
      nextLookAt: 0,
    });
    const running = await relay.imagine(userId, 'a hare');
    expect(await left()).toBe(1_800);
    const outcome = await desk().reset(administrator, named({ roleIds: undefined }), 'spending', act());
    expect(outcome).toMatchObject({ points: 100, held: 100, statement: { left: 1_900 } });
    const failure = { kind: 'rejected', mayHaveCost: false } as const;
    await relay.changes.change(running, { type: 'failed', failure });
    expect(await left()).toBe(2_000);
  });

  it('is done once, no matter how often Discord delivers the interaction', async () => {
    const end = async () => {
      const id = await relay.imagine();
      const update = { state: 'done' as const, media: [], offers: [] };
      await relay.changes.change(id, { type: 'looked', update, nextLookAt: 0 });
    };
    const once = act();
    await end();
    expect(await desk().reset(administrator, named(), 'spending', once)).toMatchObject({ points: 100 });
    await end();
    const again = await desk().reset(administrator, named(), 'spending', once);
    expect(again).toMatchObject({ points: 100, statement: { left: 1_900 } });
  });

  it("doesn't return to the server what it has paid", async () => {
    const id = await relay.imagine();
    await relay.changes.change(id, {
      type: 'looked',
      update: { state: 'done', media: [], offers: [] },
      nextLookAt: 0,
    });
    await desk().reset(administrator, named(), 'spending', act());
    expect((await desk().overview(administrator)).spent).toBe(100);
  });
});

describe("a server's budget", () => {
  it('is lowered by administrators and raised by operators', async () => {
    expect(await codeOf(desk().setBudget(administrator, 10_001))).toBe('budget-too-high');
    expect(await desk().setBudget(administrator, 500)).toMatchObject({ budget: 500, ceiling: 10_000 });
    // An operator's setting applies at once; administrators may lower it again.
    expect(await desk().setBudget(operator, 20_000)).toMatchObject({ budget: 20_000, ceiling: 20_000 });
    expect(await desk().setBudget(administrator, 15_000)).toMatchObject({ budget: 15_000 });
    expect(await desk().setBudget(administrator, undefined)).toMatchObject({ budget: 20_000 });
    expect(await desk().setBudget(operator, undefined)).toMatchObject({ budget: 10_000, ceiling: 10_000 });
  });

  it('is at most what the operator set, and at least zero', async () => {
    expect(await desk().setBudget(administrator, 10_000)).toMatchObject({ budget: 10_000, ceiling: 10_000 });
    expect(await desk().setBudget(administrator, 0)).toMatchObject({ budget: 0, ceiling: 10_000 });
    expect(await codeOf(desk().setBudget(administrator, -1))).toBeDefined();
    expect(await codeOf(desk().setBudget(operator, 1_000_000_001))).toBeDefined();
    expect(await desk().setBudget(operator, 1_000_000_000)).toMatchObject({ ceiling: 1_000_000_000 });
  });

  it('stops everybody at once, and allows as much again as is refunded', async () => {
    await desk().setBudget(administrator, 250);
    const first = await relay.imagine('one', 'a fox');
    await relay.imagine('two', 'a hare');
    expect(await codeOf(relay.imagine('three', 'a lynx'))).toBe('budget-short');
    await relay.changes.change(first, { type: 'failed', failure: { kind: 'rejected', mayHaveCost: false } });
    expect(await codeOf(relay.imagine('three', 'a lynx'))).toBeUndefined();
  });

  it('below what is spent stops new tasks, and nothing else', async () => {
    const id = await relay.imagine();
    expect(await desk().setBudget(administrator, 50)).toMatchObject({ budget: 50, spent: 100 });
    expect(await codeOf(relay.imagine())).toBe('budget-short');
    expect((await relay.read(id)).state).toBe('running');
  });

  it('runs exactly as many of a hundred tasks as it pays for', async () => {
    await desk().setBudget(administrator, 6_000);
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) => codeOf(relay.imagine(`person-${index}`, `fox ${index}`))),
    );
    expect(outcomes.filter((code) => code === undefined)).toHaveLength(60);
    expect(outcomes.filter((code) => code === 'budget-short')).toHaveLength(40);
    expect((await desk().overview(administrator)).spent).toBe(6_000);
  });

  it('starts again with the month, in UTC', async () => {
    relay.clock.set(Date.parse('2026-11-30T23:59:59Z'));
    await desk().setBudget(administrator, 100);
    await relay.imagine('one', 'a fox');
    expect(await codeOf(relay.imagine('two', 'a hare'))).toBe('budget-short');
    relay.clock.set(Date.parse('2026-12-01T00:00:00Z'));
    expect(await codeOf(relay.imagine('two', 'a hare'))).toBeUndefined();
  });
});

describe("what can't be decided", () => {
  it('is an allowance for the role that everybody has', async () => {
    expect(await codeOf(desk().setRole(administrator, book, 5))).toBe('role-is-everybody');
  });

  it('is a monthly limit outside of servers', async () => {
    const direct = { ...operator, book: 'direct' };
    await relay.remove();
    relay = await createRelay({ operator: { operatorIds: new Set(['olga']), allowsDirect: true } });
    expect(await codeOf(desk().setBudget(direct, 5))).toBe('no-limit-here');
  });

  it("is anything while the settings can't be read, so that none of them are lost", async () => {
    await relay.documents.settings.set(book, { budget: 100, people: { max: -5 } });
    await expect(desk().setDefault(administrator, { points: 5 })).rejects.toThrow('unknown shape');
    await expect(relay.imagine()).rejects.toThrow('unknown shape');
  });
});

describe('a default', () => {
  it.each([
    [{ points: -1 }, 'points-malformed'],
    [{ points: 2.5 }, 'points-malformed'],
    [{ points: 1_000_001 }, 'points-malformed'],
    [{ timeZone: 'Mars/Olympus' }, 'time-zone-unknown'],
    [{}, 'nothing-to-change'],
  ])('of %j is refused', async (change, code) => {
    expect(await codeOf(desk().setDefault(administrator, change))).toBe(code);
    expect(await desk().overview(administrator)).toMatchObject({ points: 2_000, unit: 'week' });
  });
});

describe("a person's history", () => {
  it("has a row for each step, newest first, in pages, with its task's place", async () => {
    for (let count = 0; count < 12; count += 1) {
      relay.clock.set(relay.clock.now() + 1_000);
      await relay.imagine(userId, `fox ${count}`);
    }
    relay.clock.set(relay.clock.now() + 1_000);
    await desk().grant(administrator, named(), 40, { ...act(), note: 'for the fox' });
    const first = await desk().history(administrator, userId, 1);
    expect(first).toMatchObject({ page: 1, pages: 2 });
    expect(first.rows).toHaveLength(10);
    expect(first.rows[0]).toMatchObject({
      kind: 'grant',
      grantPart: 40,
      actorId: 'ada',
      note: 'for the fox',
    });
    expect(first.rows[1]?.task).toMatchObject({ action: 'imagine', place: { guildId: book } });
    const last = await desk().history(administrator, userId, 99);
    expect(last).toMatchObject({ page: 2 });
    expect(last.rows).toHaveLength(3);
    expect(await desk().history(person, userId, Number.NaN, 5)).toMatchObject({ page: 1, pages: 3 });
  });
});

describe('outside of servers', () => {
  const place = aPlace({ guildId: undefined as never });
  const olga: Asker = { userId: 'olga', book: 'direct', roleIds: [], isAdministrator: false };
  const max: Asker = { ...olga, userId };

  it('operators let people in by granting them points', async () => {
    await relay.remove();
    relay = await createRelay({ operator: { operatorIds: new Set(['olga']), allowsDirect: true } });
    expect(await codeOf(relay.policies.admit(max))).toBe('direct-not-allowed');
    await desk().grant(olga, named({ roleIds: undefined }), 150, act());
    const admitted = await relay.policies.admit(max);
    expect(await desk().statement(admitted)).toMatchObject({ left: 150, source: 'none' });
    const caller = { asker: admitted, origin: anOrigin({ place, book: 'direct' }) };
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    await relay.agreed(relay.service.start(request, caller), caller);
    expect(
      await codeOf(relay.service.start(request, { ...caller, origin: anOrigin({ place, book: 'direct' }) })),
    ).toBe('points-short');
    expect(await left()).toBe(2_000); // a server has other books
    expect(await codeOf(desk().grant(admitted, named(), 1, act()))).toBe('operators-only');
  });
});
