import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { settle } from '../helpers/clock.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('slots', () => {
  it('never exceed what the account has, and go to people in turn', async () => {
    const mine = [];
    for (let count = 0; count < 6; count += 1) mine.push(await relay.imagine('eager', `prompt ${count}`));
    const late = await relay.imagine('late', 'late prompt');
    expect(relay.provider.submits).toHaveLength(3);
    relay.provider.onLook = (refs) => allDone(refs.slice(0, 1));
    await relay.clock.pass(6_000);
    expect(relay.provider.submits[3]?.prompt).toBe('late prompt');
    expect((await relay.read(late)).state).toBe('running');
    relay.provider.onLook = allDone;
    await relay.clock.pass(5 * minute);
    for (const id of mine) expect((await relay.read(id)).state).toBe('done');
  });

  it('held by tasks whose answers were lost come free after a while', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 1 });
    const accept = relay.provider.onSubmit;
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    await relay.imagine();
    relay.provider.onSubmit = accept;
    const waiting = await relay.imagine('another', 'a hare');
    await relay.clock.pass(minute);
    expect((await relay.read(waiting)).state).toBe('queued');
    await relay.clock.pass(2 * minute);
    expect((await relay.read(waiting)).state).toBe('running');
  });

  it('are no longer taken once the bot stops', async () => {
    await relay.remove();
    const loading = Promise.withResolvers<never>();
    relay = await createRelay({ loadInput: () => loading.promise });
    const pictures = [{ url: 'https://cdn.example/1.png', name: '1.png' }];
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures } as const;
    const { task } = await relay.service.start(request, aCaller());
    await relay.service.acknowledged(task.id, '1');
    await settle();
    const stopped = relay.lanes.stop();
    loading.resolve({ bytes: Buffer.from('x'), type: 'image/png' } as never);
    await stopped;
    expect(relay.provider.submits).toEqual([]);
    expect((await relay.read(task.id)).state).toBe('queued');
  });
});

describe('a provider that is busy', () => {
  it('is asked again after as long as it says', async () => {
    const accept = relay.provider.onSubmit;
    relay.provider.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 20_000 }));
    const id = await relay.imagine();
    expect(await relay.read(id)).toMatchObject({ state: 'queued', postponedFor: 'busy' });
    relay.provider.onSubmit = accept;
    await relay.clock.pass(19_000);
    expect(relay.provider.submits).toHaveLength(1);
    await relay.clock.pass(2_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running' });
    expect(await relay.left()).toBe(1_900);
  });

  it('is given up on after half an hour, and the points come back', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('busy', 'full'));
    const id = await relay.imagine();
    await relay.clock.pass(31 * minute);
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'busy', mayHaveCost: false },
    });
    expect(await relay.left()).toBe(2_000);
    expect(relay.provider.submits.length).toBeGreaterThan(10);
  });

  it("isn't asked without a pause when it says to wait zero seconds", async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 0 }));
    await relay.imagine();
    await relay.clock.pass(20_000);
    expect(relay.provider.submits.length).toBeLessThan(25);
  });

  it('is asked again after ten minutes, even if it says tomorrow', async () => {
    const accept = relay.provider.onSubmit;
    relay.provider.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 86_400_000 }));
    const id = await relay.imagine();
    relay.provider.onSubmit = accept;
    await relay.clock.pass(11 * minute);
    expect((await relay.read(id)).state).toBe('running');
  });
});

describe('a database that refuses writes', () => {
  it("is left alone for a while when a task can't leave the queue", async () => {
    let failures = 0;
    const real = relay.changes.change;
    relay.changes.change = (id, event) => {
      if (event.type !== 'submitting') return real(id, event);
      failures += 1;
      return Promise.reject(new Error('disk full'));
    };
    const id = await relay.imagine();
    await relay.clock.pass(minute);
    expect(failures).toBeLessThan(15);
    relay.changes.change = real;
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('running');
  });

  it('is asked again even if the clock was set back', async () => {
    const real = relay.changes.change;
    relay.changes.change = (id, event) =>
      event.type === 'submitting' ? Promise.reject(new Error('disk full')) : real(id, event);
    const id = await relay.imagine();
    relay.changes.change = real;
    relay.clock.set(relay.clock.now() - 60 * minute);
    await relay.clock.pass(40_000);
    expect((await relay.read(id)).state).toBe('running');
  });
});
