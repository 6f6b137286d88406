import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Submitted } from '../../src/providers/provider.ts';
import { settle } from '../helpers/clock.ts';
import {
  allDone,
  createRelay,
  createScriptedProvider,
  type Relay,
  type ScriptedProvider,
} from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;
let providers: Record<'down' | 'poor' | 'good', ScriptedProvider>;

beforeEach(async () => {
  providers = {
    down: createScriptedProvider(),
    poor: createScriptedProvider(),
    good: createScriptedProvider(),
  };
  providers.down.onSubmit = () =>
    Promise.reject(new ProviderError('unavailable', 'refused', { definite: true }));
  providers.poor.onSubmit = () =>
    Promise.reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
  relay = await createRelay({ accounts: ['down', 'poor', 'good'], providers, maxInFlight: 50 });
});
afterEach(() => relay.remove());

describe('new work', () => {
  it('goes to the next account after a definite refusal, and is submitted once', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 30; count += 1)
      ids.push(await relay.imagine(`person-${count}`, `fox ${count}`));
    await settle();
    await settle();
    providers.good.onLook = allDone;
    await relay.clock.pass(60_000);
    for (const id of ids) expect(await relay.read(id)).toMatchObject({ state: 'done', account: 'good' });
    expect((await relay.read(ids[0] ?? '')).tried).toEqual(['down', 'poor']);
    expect(providers.good.submits).toHaveLength(30);
    // The others don't bother it again.
    expect(providers.down.submits.length).toBeLessThanOrEqual(5);
    expect(providers.poor.submits.length).toBeLessThanOrEqual(3);
    expect(await relay.left('person-7')).toBe(1_900);
  });

  it('fails and is refunded if every account refuses it', async () => {
    providers.good.onSubmit = () => Promise.reject(new ProviderError('auth', 'wrong key'));
    const id = await relay.imagine();
    await settle();
    await settle();
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'auth' } });
    expect(await relay.left()).toBe(2_000);
  });

  it('stays if its outcome is unknown, or its words are refused', async () => {
    providers.down.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'cut'));
    const lost = await relay.imagine('one', 'a fox');
    providers.down.onSubmit = () => Promise.reject(new ProviderError('rejected', 'banned'));
    const banned = await relay.imagine('two', 'a hare');
    await settle();
    expect(await relay.read(lost)).toMatchObject({ state: 'submitting', account: 'down' });
    expect(await relay.read(banned)).toMatchObject({ state: 'failed', failure: { kind: 'rejected' } });
    expect(providers.poor.submits).toEqual([]);
  });

  it("isn't offered again to an account that has just asked for a pause", async () => {
    providers.down.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'slow down', { retryAfterMs: 60_000 }));
    providers.poor.onSubmit = createScriptedProvider().onSubmit;
    for (let count = 0; count < 5; count += 1) await relay.imagine(`person-${count}`, `fox ${count}`);
    await settle();
    expect(providers.down.submits).toHaveLength(1);
    expect(providers.poor.submits).toHaveLength(5);
    await relay.clock.pass(61_000);
    await relay.imagine('late', 'an owl');
    expect(providers.down.submits).toHaveLength(2);
  });

  it("isn't left hanging if it's refused while the queues can't be read", async () => {
    const { countInFlight } = relay.database.tasks;
    providers.down.onSubmit = () => {
      relay.database.tasks.countInFlight = () => Promise.reject(new Error('disk full'));
      return Promise.reject(new ProviderError('unavailable', 'refused', { definite: true }));
    };
    const id = await relay.imagine();
    expect(await relay.read(id)).toMatchObject({ state: 'queued', account: 'down' });
    relay.database.tasks.countInFlight = countInFlight;
    providers.down.onSubmit = createScriptedProvider().onSubmit;
    await relay.clock.pass(30_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running', account: 'down' });
    expect(providers.down.submits).toHaveLength(2);
  });

  it("doesn't go to an account that would drop some of its flags", async () => {
    providers.poor.review = () => [{ flag: '--s', asked: '77', used: '100' }];
    const id = await relay.imagine();
    await settle();
    await settle();
    expect(await relay.read(id)).toMatchObject({ account: 'good', tried: ['down'] });
  });
});

describe("an account that doesn't work", () => {
  const refusal = () => Promise.reject(new ProviderError('unavailable', 'refused', { definite: true }));
  const startMany = async (count: number, name: string) => {
    const ids: string[] = [];
    for (let number = 0; number < count; number += 1)
      ids.push(await relay.imagine(`${name}-${number}`, `${name} ${number}`));
    await settle();
    return ids;
  };
  const accountsOf = async (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await relay.read(id)).account));

  it('is tried after a while with one task, and gets all the others once it works', async () => {
    await startMany(10, 'early');
    const before = providers.down.submits.length;
    await relay.clock.pass(31_000);
    await startMany(1, 'trial');
    expect(providers.down.submits).toHaveLength(before + 1);
    // It didn't work, so it is left alone for longer.
    await relay.clock.pass(31_000);
    await startMany(1, 'too early');
    expect(providers.down.submits).toHaveLength(before + 1);
    providers.down.onSubmit = createScriptedProvider().onSubmit;
    await relay.clock.pass(30_000);
    expect(await accountsOf(await startMany(5, 'late'))).toEqual(Array(5).fill('down'));
  });

  it("has the others go elsewhere even if the settings of one can't be read", async () => {
    await relay.remove();
    relay = await createRelay({ accounts: ['poor', 'good'], providers, maxInFlight: 1 });
    let fail = () => {};
    providers.poor.onSubmit = () =>
      new Promise((_resolve, reject) => {
        fail = () => reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
      });
    await startMany(1, 'early');
    const request = { action: 'imagine', prompt: 'a hare', speed: 'fast', pictures: [] } as const;
    const { task } = await relay.service.start(request, aCaller({ userId: 'max', book: 'broken' }));
    await relay.service.acknowledged(task.id, '1');
    const [late = ''] = await startMany(1, 'late');
    const { read } = relay.policies;
    relay.policies.read = (book) =>
      book === 'broken' ? Promise.reject(new Error('unknown shape')) : read(book);
    fail();
    await settle();
    await settle();
    expect(await accountsOf([task.id, late])).toEqual(['poor', 'good']);
  });

  it('loses a handful where every submit ends in nothing; the rest go elsewhere, the handful is refunded', async () => {
    providers.down.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'HTTP 500'));
    providers.poor.onSubmit = createScriptedProvider().onSubmit;
    providers.poor.onLook = allDone;
    providers.good.onLook = allDone;
    const ids = await startMany(100, 'person');
    await relay.clock.pass(120_000);
    const tasks = await Promise.all(ids.map((id) => relay.read(id)));
    const lost = tasks.filter(({ account }) => account === 'down');
    expect(lost.length).toBeGreaterThanOrEqual(3);
    expect(lost.length).toBeLessThanOrEqual(7);
    expect(lost.every(({ state }) => state === 'submitting')).toBe(true);
    expect(tasks.filter(({ state }) => state === 'done')).toHaveLength(100 - lost.length);
    const sent = Object.values(providers).flatMap(({ submits }) => submits.map(({ reference }) => reference));
    expect(new Set(sent).size).toBe(sent.length);
    await relay.clock.pass(3_700_000);
    for (const { id, origin } of lost) {
      expect(await relay.read(id)).toMatchObject({
        state: 'failed',
        failure: { kind: 'lost', mayHaveCost: true },
      });
      expect(await relay.left(origin.userId)).toBe(2_000);
    }
  });

  it('with no credit refuses before anything is charged, and refunds what waits', async () => {
    await relay.remove();
    relay = await createRelay({ accounts: ['poor'], providers, maxInFlight: 1 });
    let fail = () => {};
    providers.poor.onSubmit = () =>
      new Promise((_resolve, reject) => {
        fail = () => reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
      });
    const ids = await startMany(3, 'person');
    fail();
    await settle();
    await settle();
    for (const id of ids)
      expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'balance' } });
    expect(providers.poor.submits).toHaveLength(1);
    const refused = await relay.imagine('late').catch((error: unknown) => error);
    expect(refused).toMatchObject({ code: 'account-unusable', details: { trouble: 'balance' } });
    expect(await relay.left('late')).toBe(2_000);
    await relay.clock.pass(31_000);
    providers.poor.onSubmit = createScriptedProvider().onSubmit;
    expect((await relay.read(await relay.imagine('later'))).state).toBe('running');
  });

  it('with no credit makes everybody wait while one tries it again', async () => {
    await relay.remove();
    relay = await createRelay({ accounts: ['poor'], providers, maxInFlight: 5 });
    await startMany(1, 'first');
    await relay.clock.pass(31_000);
    let end = (_hasCredit: boolean) => {};
    providers.poor.onSubmit = () =>
      new Promise((resolve, reject) => {
        end = (hasCredit) =>
          hasCredit
            ? resolve({ ref: { id: 'remote' }, update: { state: 'running' } })
            : reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
      });
    const trials = await startMany(3, 'trial');
    await relay.clock.pass(5_000);
    const states = async () => Promise.all(trials.map(async (id) => (await relay.read(id)).state));
    expect(await states()).toEqual(['submitting', 'queued', 'queued']);
    end(false);
    await settle();
    expect(await states()).toEqual(['failed', 'failed', 'failed']);
    expect(await relay.left('trial-2')).toBe(2_000);
    await relay.clock.pass(61_000);
    const [trial, next] = await startMany(2, 'next');
    providers.poor.onSubmit = createScriptedProvider().onSubmit;
    end(true);
    await settle();
    await settle();
    for (const id of [trial, next]) expect((await relay.read(id ?? '')).state).toBe('running');
  });

  it('is tried by one, no matter how long that takes to prepare', async () => {
    await relay.remove();
    let loads = 0;
    let release = () => {};
    const isReleased = new Promise<void>((resolve) => {
      release = resolve;
    });
    const loadInput = async ({ url }: { url: string }) => {
      loads += 1;
      await isReleased;
      return { bytes: Buffer.from('x'), type: 'image/png' as const, url };
    };
    relay = await createRelay({ accounts: ['down'], providers, maxInFlight: 50, loadInput });
    await startMany(5, 'early');
    await relay.clock.pass(29_000);
    const describe = async (userId: string) => {
      const pictures = [{ url: 'https://pictures.example/1.png', name: '1.png' }];
      const request = { action: 'describe', prompt: '', speed: 'fast', pictures } as const;
      const { task } = await relay.service.start(request, aCaller({ userId }));
      await relay.service.acknowledged(task.id, `message-of-${task.id}`);
      await settle();
      return task.id;
    };
    for (const { id } of await relay.database.tasks.listWaiting('down', relay.clock.now()))
      await relay.changes.change(id, { type: 'cancelled' });
    for (let count = 0; count < 10; count += 1) await describe(`person-${count}`);
    providers.down.onSubmit = createScriptedProvider().onSubmit;
    await relay.clock.pass(5_000);
    for (let count = 10; count < 20; count += 1) await describe(`person-${count}`);
    // Meanwhile files for several are fetched, without a slot.
    expect(loads).toBeGreaterThan(1);
    const before = providers.down.submits.length;
    const trial = Promise.withResolvers<Submitted>();
    providers.down.onSubmit = () => trial.promise;
    release();
    await settle();
    await settle();
    expect(providers.down.submits).toHaveLength(before + 1);
    providers.down.onSubmit = createScriptedProvider().onSubmit;
    trial.resolve({ ref: { id: 'trial' }, update: { state: 'running' } });
    for (let count = 0; count < 10; count += 1) await settle();
    expect(loads).toBe(20);
    expect(providers.down.submits).toHaveLength(before + 20);
  });

  it('alone, keeps its tasks until it is back', async () => {
    await relay.remove();
    relay = await createRelay({ accounts: ['down'], providers, maxInFlight: 50 });
    providers.down.onSubmit = refusal;
    const ids = await startMany(20, 'person');
    await relay.clock.pass(200_000);
    const tries = providers.down.submits.length;
    expect(tries).toBeLessThan(12);
    providers.down.onSubmit = createScriptedProvider().onSubmit;
    providers.down.onLook = allDone;
    await relay.clock.pass(600_000);
    for (const id of ids) expect((await relay.read(id)).state).toBe('done');
    expect(providers.down.submits).toHaveLength(tries + 20);
  });

  it("that asks for a long pause isn't waited for", async () => {
    providers.down.onSubmit = createScriptedProvider().onSubmit;
    const [first] = await startMany(1, 'first');
    providers.down.onLook = () =>
      Promise.reject(new ProviderError('busy', 'slow down', { retryAfterMs: 120_000 }));
    providers.poor.onSubmit = createScriptedProvider().onSubmit;
    await relay.clock.pass(20_000);
    expect(await accountsOf([first ?? ''])).toEqual(['down']);
    expect(await accountsOf(await startMany(3, 'next'))).toEqual(Array(3).fill('poor'));
  });
});

describe("a server's own choice", () => {
  it('decides where its new work goes, first and after a refusal', async () => {
    const { book } = aCaller().asker;
    await relay.policies.update(book, (settings) => ({ ...settings, accounts: ['poor', 'good'] }));
    const id = await relay.imagine();
    await settle();
    await settle();
    expect(await relay.read(id)).toMatchObject({ account: 'good', tried: ['poor'] });
    expect(providers.down.submits).toEqual([]);
    await relay.policies.update(book, (settings) => ({ ...settings, accounts: ['gone'] }));
    expect((await relay.read(await relay.imagine('somebody'))).tried ?? []).not.toContain('gone');
  });
});

describe('a follow-up', () => {
  it("stays with its parent's account", async () => {
    const parent = await relay.imagine();
    await settle();
    await settle();
    providers.good.onLook = allDone;
    await relay.clock.pass(20_000);
    providers.good.onSubmit = () =>
      Promise.reject(new ProviderError('balance', 'no credit', { hasOwnMarks: true }));
    const press = { taskId: parent, messageId: `message-of-${parent}`, offer: 0 };
    const { task } = await relay.service.act(press, aCaller());
    await relay.service.acknowledged(task.id, 'follow-up');
    await settle();
    expect(await relay.read(task.id)).toMatchObject({ state: 'failed', account: 'good' });
    expect(await relay.left()).toBe(1_900);
  });
});
