import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('a lost answer from an API that can be searched', () => {
  it('is found and adopted', async () => {
    relay.provider.find = async (reference) => ({ id: `found-${reference}` });
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running', ref: { id: `found-${id}` } });
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    expect((await relay.read(id)).state).toBe('done');
    expect(relay.provider.submits).toHaveLength(1);
    expect(await relay.left()).toBe(1_900);
  });

  it('is searched for until the deadline, even when searches fail or find nothing', async () => {
    let searches = 0;
    relay.provider.find = () => {
      searches += 1;
      return searches % 2 === 0
        ? Promise.resolve(undefined)
        : Promise.reject(new ProviderError('unavailable', 'down'));
    };
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await relay.imagine();
    await relay.clock.pass(61 * minute);
    expect(searches).toBeGreaterThan(50);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
  });

  it('is found after a crash in the middle of the call', async () => {
    relay.provider.find = async () => ({ id: 'found' });
    relay.provider.onSubmit = () => new Promise(() => undefined);
    const id = await relay.imagine();
    await relay.crash();
    const again = await relay.reopen();
    again.tracker.start();
    await again.recover();
    await relay.clock.pass(10_000);
    expect(await again.database.tasks.get(id)).toMatchObject({ state: 'running', ref: { id: 'found' } });
  });
});
