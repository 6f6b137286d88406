import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, always, createRelay, type Relay } from '../helpers/relay.ts';
import { moderator, owner, stranger, targetOf } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('cancelling', () => {
  it('works for a waiting task even if the settings of its server can’t be read', async () => {
    for (let count = 0; count < 3; count += 1) await relay.imagine('eager', `prompt ${count}`);
    const id = await relay.imagine('eager');
    const again = await relay.reopen(); // so that no settings are in memory
    again.documents.settings.get = () => Promise.reject(new Error('the disk is gone'));
    await again.service.cancel(targetOf(id), { userId: 'eager', canManageMessages: false });
    expect((await relay.read(id)).state).toBe('cancelled');
  });

  it('takes a waiting task out of the queue and returns its points', async () => {
    for (let count = 0; count < 3; count += 1) await relay.imagine('eager', `prompt ${count}`);
    const id = await relay.imagine();
    expect(await codeOf(relay.service.cancel(targetOf(id), stranger))).toBe('not-yours');
    await relay.service.cancel(targetOf(id), owner);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect(await relay.left()).toBe(2_000);
  });

  it("is too late for a running task if the provider can't cancel", async () => {
    const id = await relay.imagine();
    expect(await codeOf(relay.service.cancel(targetOf(id), owner))).toBe('cancel-too-late');
    expect((await relay.read(id)).state).toBe('running');
  });

  it('asks the provider, and believes only a look', async () => {
    const cancelled: string[] = [];
    relay.provider.cancel = async (ref) => void cancelled.push(ref['id'] ?? '');
    const id = await relay.imagine();
    await relay.service.cancel(targetOf(id), moderator);
    expect(cancelled).toEqual(['remote-1']);
    expect((await relay.read(id)).state).toBe('running');
    expect(await codeOf(relay.service.cancel(targetOf(id), owner))).toBe('cancel-too-late');
    relay.provider.onLook = always({ state: 'failed', kind: 'rejected', reason: 'cancelled' });
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect(await relay.left()).toBe(2_000);
  });

  it("can be tried again if the provider couldn't be reached", async () => {
    relay.provider.cancel = () => Promise.reject(new ProviderError('unavailable', 'down'));
    const id = await relay.imagine();
    await relay.service.cancel(targetOf(id), owner);
    await settle();
    expect((await relay.read(id)).cancellingAt).toBeUndefined();
    relay.provider.cancel = async () => undefined;
    expect(await codeOf(relay.service.cancel(targetOf(id), owner))).toBeUndefined();
  });

  it('keeps a result that was faster', async () => {
    relay.provider.cancel = async () => undefined;
    const id = await relay.imagine();
    await relay.service.cancel(targetOf(id), owner);
    relay.provider.onLook = allDone;
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('done');
    expect(await relay.left()).toBe(1_900);
  });
});
