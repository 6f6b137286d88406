import { afterEach, describe, expect, it } from 'vitest';
import type { LimitOptions } from '../../src/accounts/limits.ts';
import { ProviderError } from '../../src/errors.ts';
import { listPrices, type PriceList } from '../../src/points/prices.ts';
import { settle } from '../helpers/clock.ts';
import { detailsOf } from '../helpers/errors.ts';
import { allDone, createRelay, createScriptedProvider, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
afterEach(() => relay.remove());

/** The tests' clock starts there, in UTC. */
const fourInTheAfternoon = 16 * 60;
const minutes = (count: number) => count * 60_000;

function hours(from: number, to: number): LimitOptions {
  return { hours: { from, to, text: 'as tested' } };
}

async function withLimits(limits: Record<string, LimitOptions>, prices?: Record<string, PriceList>) {
  const providers = { first: createScriptedProvider(), second: createScriptedProvider() };
  relay = await createRelay({
    accounts: Object.keys(limits),
    providers,
    limits,
    ...(prices === undefined ? {} : { prices }),
    maxInFlight: 50,
    findsByPrompt: false,
  });
  return providers;
}

const fox = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;

/** Starts one for each person, all before the first is acknowledged, so that each finds the account as it was before. */
async function startAtOnce(people: readonly string[]) {
  const opened = await Promise.all(people.map((userId) => relay.service.start(fox, aCaller({ userId }))));
  await Promise.all(opened.map(({ task }) => relay.service.acknowledged(task.id, `message-of-${task.id}`)));
  await settle();
  await settle();
  return Promise.all(opened.map(({ task }) => relay.read(task.id)));
}

const names = (count: number) => Array.from({ length: count }, (_, index) => `person-${index}`);

describe('an account that may spend so many points a day', () => {
  it('gets no more tasks than that, and the next account gets the others', async () => {
    const { first, second } = await withLimits({ first: { dailyPoints: 250 }, second: {} });
    for (const name of names(4)) await relay.imagine(name);
    expect([first.submits.length, second.submits.length]).toEqual([2, 2]);
  });

  it("isn't sent more than that if many ask at once; the others go elsewhere", async () => {
    const { first, second } = await withLimits({ first: { dailyPoints: 300 }, second: {} });
    const tasks = await startAtOnce(names(8));
    expect([first.submits.length, second.submits.length]).toEqual([3, 5]);
    expect(tasks.every(({ state }) => state === 'running')).toBe(true);
  });

  it('refunds those that it was too late for, if there is no other account', async () => {
    const { first } = await withLimits({ first: { dailyPoints: 300 } });
    const tasks = await startAtOnce(names(5));
    expect(first.submits).toHaveLength(3);
    const late = tasks.filter(({ state }) => state === 'failed');
    expect(late.map(({ failure }) => failure)).toEqual(Array(2).fill({ kind: 'closed', mayHaveCost: false }));
    for (const { origin } of late) expect(await relay.left(origin.userId)).toBe(2_000);
  });

  it('refuses the next task, and says until when, before anything is charged', async () => {
    await withLimits({ first: { dailyPoints: 100 } });
    await relay.imagine('one');
    const until = Date.parse('2025-11-25T00:00:00Z');
    await expect(relay.imagine('other')).rejects.toMatchObject({
      code: 'account-closed',
      details: { reason: 'points', until },
    });
    expect(await relay.left('other')).toBe(2_000);
    await relay.clock.pass(until - relay.clock.now());
    await relay.imagine('other');
  });

  it('refuses the buttons of its results, too, and what costs less still fits', async () => {
    const { first } = await withLimits({ first: { dailyPoints: 110 }, second: {} });
    first.onLook = allDone;
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    const press = (offer: number) =>
      relay.service.act({ taskId: id, messageId: `message-of-${id}`, offer }, aCaller());
    const before = await relay.left();
    const { task } = await press(0);
    await relay.service.acknowledged(task.id, 'upscaled');
    await settle();
    expect(await relay.left()).toBe(before - 10);
    expect(first.submits).toHaveLength(2);
    await expect(press(1)).rejects.toMatchObject({ code: 'account-closed', details: { reason: 'points' } });
    expect(await relay.left()).toBe(before - 10);
  });

  it('gets back what the provider certainly did not charge for', async () => {
    const { first } = await withLimits({ first: { dailyPoints: 100 } });
    first.onSubmit = () => Promise.reject(new ProviderError('rejected', 'banned', { definite: true }));
    await relay.imagine('one');
    first.onSubmit = createScriptedProvider().onSubmit;
    await relay.imagine('other');
    expect(first.submits).toHaveLength(2);
  });

  it('has spent them after a crash, too', async () => {
    await withLimits({ first: { dailyPoints: 200 } });
    await relay.imagine('done');
    relay.provider.onLook = allDone;
    await relay.imagine('running');
    await relay.crash();
    const again = await relay.reopen();
    await expect(again.service.start(fox, aCaller({ userId: 'late' }))).rejects.toMatchObject({
      code: 'account-closed',
    });
    await again.close();
  });
});

describe('an account with hours', () => {
  it('gets nothing outside of them, and the next account gets it', async () => {
    const { first, second } = await withLimits({ first: hours(0, 60), second: {} });
    await relay.imagine();
    expect([first.submits.length, second.submits.length]).toEqual([0, 1]);
    await relay.clock.pass(minutes(8 * 60 + 1));
    await relay.imagine('other');
    expect(first.submits).toHaveLength(1);
  });

  it('refuses before the charge, and says when it opens', async () => {
    await withLimits({ first: hours(fourInTheAfternoon + 90, fourInTheAfternoon + 100) });
    const until = relay.clock.now() + minutes(90);
    await expect(relay.imagine()).rejects.toMatchObject({
      code: 'account-closed',
      details: { reason: 'hours', until },
    });
    expect(await relay.left()).toBe(2_000);
  });

  it('closes while a task waits there: another account gets it', async () => {
    const { first, second } = await withLimits({
      first: hours(fourInTheAfternoon, fourInTheAfternoon + 1),
      second: hours(fourInTheAfternoon + 1, fourInTheAfternoon + 9),
    });
    first.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { definite: true, retryAfterMs: 90_000 }));
    await relay.imagine();
    await relay.clock.pass(minutes(3));
    expect([first.submits.length, second.submits.length]).toEqual([1, 1]);
  });

  it('closes while a task waits there: it is refunded unless the account opens before its deadline', async () => {
    const { first } = await withLimits({ first: hours(fourInTheAfternoon, fourInTheAfternoon + 1) });
    first.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { definite: true, retryAfterMs: 90_000 }));
    const id = await relay.imagine();
    await relay.clock.pass(minutes(3));
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'closed' } });
    expect(first.submits).toHaveLength(1);
    expect(await relay.left()).toBe(2_000);
  });

  it('waits through a short break', async () => {
    const { first } = await withLimits({ first: hours(fourInTheAfternoon + 10, fourInTheAfternoon + 1) });
    first.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { definite: true, retryAfterMs: 90_000 }));
    const id = await relay.imagine();
    first.onSubmit = createScriptedProvider().onSubmit;
    await relay.clock.pass(minutes(9));
    expect((await relay.read(id)).state).toBe('queued');
    await relay.clock.pass(minutes(2));
    expect((await relay.read(id)).state).toBe('running');
  });

  it('still finishes what it has begun', async () => {
    const { first } = await withLimits({ first: hours(fourInTheAfternoon, fourInTheAfternoon + 1) });
    const id = await relay.imagine();
    await relay.clock.pass(minutes(2));
    first.onLook = allDone;
    await relay.clock.pass(minutes(1));
    expect((await relay.read(id)).state).toBe('done');
  });
});

describe('relax mode', () => {
  async function withRelax(fast: LimitOptions = {}, prices?: Record<string, PriceList>) {
    const providers = await withLimits({ first: fast, second: {} }, prices);
    Object.assign(providers.first, { speeds: new Set(['fast']) });
    Object.assign(providers.second, { speeds: new Set(['relax']) });
    return providers;
  }

  it('is offered at its own price once the fast account has no credit, and starts only with consent', async () => {
    const { first, second } = await withRelax();
    first.onSubmit = () => Promise.reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
    await relay.imagine('poor');
    await settle();
    const caller = aCaller({ userId: 'late' });
    const refused = await relay.service.start(fox, caller).catch((error: unknown) => error);
    const offer = detailsOf(refused, 'price-unconfirmed');
    expect(offer).toMatchObject({ price: 40, unavailable: { asked: 'fast', used: 'relax' } });
    expect(second.submits).toEqual([]);
    expect(await relay.left('late')).toBe(2_000);
    const { task } = await relay.resume.agree(offer?.draft ?? '', caller);
    expect(task).toMatchObject({ price: 40, account: 'second', request: { speed: 'relax' } });
    await relay.service.acknowledged(task.id, 'a-message');
    await settle();
    expect(second.submits).toMatchObject([{ speed: 'relax' }]);
    expect(await relay.left('late')).toBe(1_960);
  });

  it('is offered with a word about a price that nobody has published', async () => {
    const { first } = await withRelax({}, { second: listPrices('4allapi') });
    first.onSubmit = () => Promise.reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
    await relay.imagine('poor');
    await settle();
    const asked = relay.service.start({ ...fox, prompt: 'a fox --hd' }, aCaller({ userId: 'late' }));
    const offer = detailsOf(await asked.catch((error: unknown) => error), 'price-unconfirmed');
    expect(offer).toMatchObject({ price: 66, guess: 'hd', unavailable: { asked: 'fast', used: 'relax' } });
  });

  it("is offered once the fast account has spent the day's points, but not outside of its hours", async () => {
    await withRelax({ dailyPoints: 100 });
    await relay.imagine('one');
    await expect(relay.service.start(fox, aCaller())).rejects.toMatchObject({ code: 'price-unconfirmed' });
    await relay.remove();
    await withRelax(hours(0, 1));
    await expect(relay.service.start(fox, aCaller())).rejects.toMatchObject({ code: 'account-closed' });
  });

  it("isn't offered if no account has it, or for somebody who asked for it", async () => {
    const { second } = await withRelax({ dailyPoints: 100 });
    Object.assign(second, { speeds: new Set(['turbo']) });
    await relay.imagine('one');
    await expect(relay.service.start(fox, aCaller())).rejects.toMatchObject({ code: 'account-closed' });
    await expect(relay.service.start({ ...fox, speed: 'relax' }, aCaller())).rejects.toMatchObject({
      code: 'speed-unavailable',
    });
  });
});
