import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { allDone, always, aResult, createRelay, type Relay } from '../helpers/relay.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('looking', () => {
  it('keeps the task when a look fails, and asks less and less often', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = () => Promise.reject(new ProviderError('unavailable', 'down'));
    await relay.clock.pass(10 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'running' });
    expect(relay.provider.looks.length).toBeLessThan(40);
    relay.provider.onLook = allDone;
    await relay.clock.pass(2 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'done' });
  });

  it('waits as long as the provider says before it looks again', async () => {
    await relay.imagine();
    relay.provider.onLook = () =>
      Promise.reject(new ProviderError('busy', 'slow down', { retryAfterMs: 90_000 }));
    await relay.clock.pass(10_000);
    const looks = relay.provider.looks.length;
    expect(looks).toBe(1);
    await relay.clock.pass(80_000);
    expect(relay.provider.looks).toHaveLength(looks);
    await relay.clock.pass(15_000);
    expect(relay.provider.looks).toHaveLength(looks + 1);
  });

  it('saves progress as finely as the provider reports it', async () => {
    const id = await relay.imagine();
    const seen: number[] = [];
    for (const progress of [1, 2, 8, 9, 12, 17, 18, 99]) {
      relay.provider.onLook = always({ state: 'running', progress });
      await relay.clock.pass(20_000);
      seen.push((await relay.read(id)).progress ?? 0);
    }
    expect(seen).toEqual([1, 2, 8, 9, 12, 17, 18, 99]);
  });

  it('saves the same progress once, and announces it once', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = always({ state: 'running', progress: 30 });
    await relay.clock.pass(minute);
    expect(relay.provider.looks.length).toBeGreaterThan(3);
    expect(relay.announced.filter((task) => task.id === id && task.progress === 30)).toHaveLength(1);
  });

  it('fails and refunds a task that the provider reports as failed', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = always({ state: 'failed', kind: 'rejected', reason: 'banned' });
    await relay.clock.pass(10_000);
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'rejected', reason: 'banned' },
    });
    expect(await relay.left()).toBe(2_000);
  });

  it('fails a task at its deadline', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(61 * minute);
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'timeout', mayHaveCost: true },
    });
    expect(await relay.left()).toBe(2_000);
  });

  it('gives up a task that the provider has forgotten, but not at once', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = () => new Map();
    await relay.clock.pass(5 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'running' });
    await relay.clock.pass(7 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'forgotten' } });
  });

  it('asks about many tasks in calls of at most fifty', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 500 });
    const ids = await Promise.all(
      Array.from({ length: 120 }, (_, index) => relay.imagine(`person-${index}`, `prompt ${index}`)),
    );
    relay.provider.onLook = allDone;
    await relay.clock.pass(10_000);
    expect(Math.max(...relay.provider.looks.map((refs) => refs.length))).toBe(50);
    expect(relay.provider.looks.length).toBeLessThanOrEqual(4);
    for (const id of ids) expect((await relay.read(id)).state).toBe('done');
  });

  it("saves the results of others if the settings of a task that asks can't be read", async () => {
    const asked = await relay.imagine('max', 'a fox');
    const done = await relay.imagine('mei', 'a hare');
    relay.policies.read = () => Promise.reject(new Error('broken'));
    relay.provider.onLook = () =>
      new Map([
        ['remote-1', { state: 'asking' }],
        ['remote-2', aResult],
      ]);
    await relay.clock.pass(10_000);
    expect((await relay.read(done)).state).toBe('done');
    expect(await relay.read(asked)).toMatchObject({ state: 'asking', stop: { isRefunded: true } });
  });

  it("isn't held up by a clock that was set back", async () => {
    const id = await relay.imagine();
    await relay.clock.pass(6_000);
    relay.clock.set(relay.clock.now() - 60 * minute);
    relay.provider.onLook = allDone;
    await relay.clock.pass(30_000);
    expect(await relay.read(id)).toMatchObject({ state: 'done' });
  });

  it('leaves tasks of a removed account to their deadline, without looking', async () => {
    const id = await relay.imagine();
    await relay.crash();
    const again = await relay.reopen();
    let changes = 0;
    const real = again.changes.changeAll;
    again.changes.changeAll = (all) => {
      changes += all.length;
      return real(all);
    };
    again.accounts.get = () => undefined;
    again.tracker.start();
    await relay.clock.pass(80 * minute);
    expect((await again.database.tasks.get(id))?.state).toBe('failed');
    expect(changes).toBeLessThan(10);
  });
});
