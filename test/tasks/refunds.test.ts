import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { listPrices } from '../../src/points/prices.ts';
import { auditDatabase } from '../../src/storage/audit.ts';
import type { Update } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { aResult, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, aPlace } from '../helpers/tasks.ts';

const hour = 3_600_000;
const userId = '444444444444444444';
const person = { userId, canManageMessages: false };
const book = '222222222222222222';
const cancelled: Update = { state: 'failed', kind: 'rejected', reason: 'cancelled' };

let relay: Relay;
/** What a look at each task finds, by the provider's id; a cancelled one has failed. */
let found: Map<string, Update>;

beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 20, operator: { refundedCancels: 2 } });
  found = new Map();
  relay.provider.cancel = async ({ id = '' }) => void found.set(id, cancelled);
  relay.provider.onLook = (refs) =>
    new Map(refs.map(({ id = '' }) => [id, found.get(id) ?? { state: 'running', progress: 40 }]));
});
afterEach(async () => {
  const { books } = await auditDatabase(relay.path);
  await relay.remove();
  expect(books?.findings).toEqual([]);
});

const target = (taskId: string) => ({ taskId, messageId: `message-of-${taskId}` });
const cancel = (id: string, isAgreed = false, presser = person) =>
  relay.service.cancel(target(id), presser, isAgreed);

/** What the server's month has spent, and how much of that went back to people. */
async function month(): Promise<[number, number]> {
  const asker = { ...aCaller().asker, isAdministrator: true };
  const { spent, kept } = await relay.administration.overview(asker);
  return [spent, kept];
}

/** A task that runs at the provider. */
async function runs(prompt = 'a fox', who = userId): Promise<string> {
  const id = await relay.imagine(who, prompt);
  expect((await relay.read(id)).state).toBe('running');
  return id;
}

/** A running task that is cancelled and then looked at. */
async function cancelsOne(prompt: string): Promise<string> {
  const id = await runs(prompt);
  expect(await cancel(id)).toEqual({ isCancelled: true, isRefunded: true, price: 100 });
  await relay.clock.pass(10_000);
  expect((await relay.read(id)).state).toBe('cancelled');
  return id;
}

describe('a cancel', () => {
  it("of a waiting task returns everything, to the server's month, too, any number of times", async () => {
    for (const name of ['x', 'y']) await cancelsOne(name); // which uses up the day's refunds
    for (const name of ['a', 'b', 'c']) await runs(name);
    for (const name of ['d', 'e', 'f', 'g']) {
      const id = await relay.imagine(userId, name);
      expect(await cancel(id)).toMatchObject({ isCancelled: true, isRefunded: true });
      expect((await relay.read(id)).state).toBe('cancelled');
    }
    expect([await relay.left(), await month()]).toEqual([1_700, [500, 200]]);
  });

  it("of a running task returns the points, but the server's month keeps them", async () => {
    await cancelsOne('a fox');
    expect([await relay.left(), await month()]).toEqual([2_000, [100, 100]]);
  });

  it("of a running task asks first once the day's refunds are used up, and then returns nothing", async () => {
    for (const name of ['a', 'b']) await cancelsOne(name);
    const id = await runs('c');
    const question = { isCancelled: false, price: 100, userId, perDay: 2 };
    expect(await cancel(id)).toMatchObject(question);
    expect(await relay.read(id)).toMatchObject({ state: 'running' });
    expect((await relay.read(id)).cancellingAt).toBeUndefined();
    expect(await cancel(id, true)).toEqual({ isCancelled: true, isRefunded: false, price: 100 });
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect([await relay.left(), await month()]).toEqual([1_900, [300, 200]]);
  });

  it("has refunds again the next day, in the server's time zone", async () => {
    for (const name of ['a', 'b']) await cancelsOne(name);
    const id = await runs('c');
    const question = await cancel(id);
    const now = relay.clock.now();
    expect(question).toMatchObject({ isCancelled: false, dayEndsAt: Date.parse('2025-11-25T00:00:00Z') });
    await relay.policies.update(book, () => ({ timeZone: 'Asia/Tokyo' }));
    // It's past midnight there by an hour: these refunds were of the same day.
    expect(await cancel(id)).toMatchObject({ dayEndsAt: Date.parse('2025-11-25T15:00:00Z') });
    relay.clock.set(Date.parse('2025-11-25T15:00:00Z'));
    expect(relay.clock.now()).toBeGreaterThan(now);
    expect(await cancel(id)).toMatchObject({ isCancelled: true, isRefunded: true });
  });

  it('of two tasks at once uses the last refund once', async () => {
    await cancelsOne('a');
    const ids = [await runs('b'), await runs('c')];
    const outcomes = await Promise.all(ids.map((id) => cancel(id)));
    expect(outcomes.filter(({ isCancelled }) => isCancelled)).toHaveLength(1);
  });

  it('of one task twice at once counts once', async () => {
    const id = await runs();
    const codes = await Promise.all([codeOf(cancel(id)), codeOf(cancel(id))]);
    expect(codes.toSorted()).toEqual(['cancel-too-late', undefined]);
    expect(await relay.database.tasks.countRefundsPromised(userId, 0)).toBe(1);
  });

  it('that a result outruns is charged, and leaves its refund for another cancel', async () => {
    await cancelsOne('a');
    const id = await runs('b');
    relay.provider.cancel = async () => undefined;
    await cancel(id);
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', aResult]));
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('done');
    expect([await relay.left(), await month()]).toEqual([1_900, [200, 100]]);
    expect(await relay.database.tasks.countRefundsPromised(userId, 0)).toBe(1);
  });

  it('that the provider turns down uses no refund; one without an answer does, no matter what comes', async () => {
    const [down, lost] = [await runs('a'), await runs('b')];
    relay.provider.cancel = () => Promise.reject(new ProviderError('rejected', 'no'));
    await cancel(down);
    await settle();
    expect(await relay.database.tasks.countRefundsPromised(userId, 0)).toBe(0);
    relay.provider.cancel = () => Promise.reject(new ProviderError('unavailable', 'silence'));
    await cancel(lost);
    await settle();
    expect(await relay.database.tasks.countRefundsPromised(userId, 0)).toBe(1);
    found.set('remote-1', cancelled).set('remote-2', cancelled);
    await relay.clock.pass(10_000);
    // Both have failed: the first on its own, the second perhaps because it was cancelled.
    expect([await relay.left(), await month()]).toEqual([2_000, [100, 100]]);
  });

  it('is counted, and holds, across a restart', async () => {
    await cancelsOne('a');
    const id = await runs('b');
    relay.provider.cancel = async () => undefined; // and a stop comes before the next look
    await cancel(id);
    await relay.close();
    const parts = await relay.reopen();
    try {
      const third = aCaller();
      const request = { action: 'imagine', prompt: 'c', speed: 'fast', pictures: [] } as const;
      const { task } = await parts.service.start(request, third);
      await parts.service.acknowledged(task.id, `message-of-${task.id}`);
      await settle();
      expect(await parts.service.cancel(target(task.id), person)).toMatchObject({ isCancelled: false });
      expect((await parts.database.tasks.get(id))?.stop).toMatchObject({ isRefunded: true });
    } finally {
      await parts.close();
    }
  });

  it("of a free task uses no refund and doesn't ask", async () => {
    await relay.remove();
    const prices = { main: listPrices('mjproxy', { points: { imagine: 0 }, percents: {} }) };
    relay = await createRelay({ operator: { refundedCancels: 0 }, prices });
    relay.provider.cancel = async () => undefined;
    expect(await cancel(await runs())).toEqual({ isCancelled: true, isRefunded: true, price: 0 });
  });
});

describe('a cancel by somebody else', () => {
  const moderator = { userId: '666666666666666666', canManageMessages: true };

  it('counts for the person whose points come back, and asks before it takes any', async () => {
    for (const name of ['a', 'b']) await cancel(await runs(name), false, moderator);
    await relay.clock.pass(10_000);
    const id = await runs('c');
    expect(await cancel(id, false, moderator)).toMatchObject({ isCancelled: false, userId });
    expect(await relay.left(moderator.userId)).toBe(2_000);
  });

  it.each([
    ['its person, anywhere', { ...aCaller(), ...person }, undefined],
    ['a moderator there', { ...aCaller(), ...moderator }, undefined],
    ['a moderator of another server', { ...aCaller({ book: 'elsewhere' }), ...moderator }, 'not-yours'],
    [
      'a moderator of another channel',
      { ...aCaller({ place: aPlace({ channelId: '999' }) }), ...moderator },
      'not-yours',
    ],
    ['anybody else', { ...aCaller(), ...moderator, canManageMessages: false }, 'not-yours'],
  ])('without a refund is allowed for %s', async (_what, presser, code) => {
    for (const name of ['a', 'b']) await cancelsOne(name);
    const id = await runs('c');
    expect(await codeOf(relay.service.cancelAnyway(id, presser))).toBe(code);
    expect((await relay.read(id)).cancellingAt === undefined).toBe(code !== undefined);
  });

  it("of a task that doesn't exist is refused", async () => {
    const presser = { ...aCaller(), ...person };
    expect(await codeOf(relay.service.cancelAnyway('abcdefghijklmnop', presser))).toBe('unknown-component');
  });
});

describe('a question from the provider', () => {
  async function asks(prompt: string): Promise<string> {
    relay.provider.onSubmit = () => ({
      ref: { id: `window-${prompt}` },
      update: { state: 'asking', prompt },
    });
    const id = await relay.imagine(userId, prompt);
    expect((await relay.read(id)).state).toBe('asking');
    return id;
  }

  it("that nobody answers returns the points and counts, and the server's month keeps them", async () => {
    for (const name of ['a', 'b']) await asks(name);
    await relay.clock.pass(hour);
    expect([await relay.left(), await month()]).toEqual([2_000, [200, 200]]);
    const id = await asks('c');
    expect((await relay.read(id)).stop?.isRefunded).toBe(false);
    expect(await cancel(id)).toMatchObject({ isCancelled: false });
    await relay.clock.pass(hour);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect([await relay.left(), await month()]).toEqual([1_900, [300, 200]]);
  });

  it('keeps its promise, no matter what happens until then', async () => {
    const first = await asks('a');
    relay.provider.onSubmit = () => ({ ref: { id: 'later' }, update: { state: 'running' } });
    await cancelsOne('b');
    expect(await cancel(await runs('c'))).toMatchObject({ isCancelled: false });
    expect(await cancel(first)).toMatchObject({ isCancelled: true, isRefunded: true });
  });

  it('leaves its refund for another cancel once it is answered', async () => {
    for (const name of ['a', 'b']) await relay.service.answer(target(await asks(name)), userId, 'a hare');
    await settle();
    const id = await asks('c');
    expect((await relay.read(id)).stop?.isRefunded).toBe(true);
    expect(await relay.database.tasks.countRefundsPromised(userId, 0)).toBe(1);
  });
});

describe('a result that never comes', () => {
  it("returns the points, but the server's month keeps them", async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'silence'));
    await relay.imagine(userId, 'a fox');
    await relay.clock.pass(2 * hour);
    expect([await relay.left(), await month()]).toEqual([2_000, [100, 100]]);
  });

  it('returns everything if its task was refused', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
    await relay.imagine(userId, 'a fox');
    found.set('remote-2', { state: 'failed', kind: 'rejected' });
    relay.provider.onSubmit = () => ({ ref: { id: 'remote-2' }, update: { state: 'running' } });
    await runs('a hare');
    await relay.clock.pass(10_000);
    expect([await relay.left(), await month()]).toEqual([2_000, [0, 0]]);
  });
});

describe('a refund', () => {
  it('happens once, whichever outcome comes first', async () => {
    const id = await relay.imagine();
    const failure = { kind: 'rejected', mayHaveCost: false } as const;
    const outcomes = await Promise.all([
      relay.changes.change(id, { type: 'failed', failure }),
      relay.changes.change(id, { type: 'looked', update: aResult, nextLookAt: 1 }),
      relay.changes.change(id, { type: 'failed', failure }),
    ]);
    expect(outcomes.filter((task) => task !== undefined)).toHaveLength(1);
    expect(await relay.left()).toBe(2_000);
    expect((await relay.database.ledger.listByTask(id)).map((row) => row.id)).toEqual([
      `charge:${id}`,
      `refund:${id}`,
    ]);
  });

  it('goes back into the period that was charged', async () => {
    const id = await relay.imagine();
    relay.clock.set(relay.clock.now() + 8 * 24 * hour);
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('failed');
    const [charge, refund] = await relay.database.ledger.listByTask(id);
    expect(refund).toMatchObject({
      kind: 'refund',
      period: charge?.period,
      allowancePart: 100,
      grantPart: 0,
    });
    expect(await relay.left()).toBe(2_000);
  });
});
