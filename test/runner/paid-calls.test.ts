import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { InputError } from '../../src/inputs/pictures.ts';
import { settle } from '../helpers/clock.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('a paid call', () => {
  it.each(['rejected', 'auth', 'balance'] as const)('fails and refunds its task after %s', async (kind) => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError(kind, 'no', { reason: 'because' }));
    const id = await relay.imagine();
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind, reason: 'because', mayHaveCost: false },
    });
    expect(await relay.left()).toBe(2_000);
    expect(await relay.outbox.listDue(10)).toHaveLength(1);
  });

  it('is never made twice if its outcome is unknown: the deadline refunds it', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await relay.imagine();
    expect(await relay.read(id)).toMatchObject({ state: 'submitting', lostAt: relay.clock.now() });
    expect(await relay.left()).toBe(1_900);
    await relay.clock.pass(61 * minute);
    expect(relay.provider.submits).toHaveLength(1);
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'lost', mayHaveCost: true },
    });
    expect(await relay.left()).toBe(2_000);
  });

  it("isn't made, and costs nothing, if a picture can't be used", async () => {
    await relay.remove();
    relay = await createRelay({
      loadInput: () =>
        Promise.reject(new InputError({ code: 'picture-unreadable', details: { name: 'cat.txt' } })),
    });
    const pictures = [{ url: 'https://cdn.example/cat.txt', name: 'cat.txt' }];
    const { task } = await relay.service.start(
      { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures },
      aCaller(),
    );
    await relay.service.acknowledged(task.id, '5');
    await settle();
    expect(relay.provider.submits).toEqual([]);
    expect(await relay.read(task.id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'input', refusal: { code: 'picture-unreadable', details: { name: 'cat.txt' } } },
    });
    expect(await relay.left()).toBe(2_000);
  });

  it('keeps what the provider answered while the database refuses writes, and is made once', async () => {
    const real = relay.changes.change;
    let failures = 0;
    relay.changes.change = (id, event) => {
      if (event.type !== 'accepted' || failures >= 3) return real(id, event);
      failures += 1;
      return Promise.reject(new Error('disk full'));
    };
    const id = await relay.imagine();
    expect((await relay.read(id)).state).toBe('submitting');
    await relay.clock.pass(10_000);
    expect(await relay.read(id)).toMatchObject({ state: 'running', ref: { id: 'remote-1' } });
    expect(relay.provider.submits).toHaveLength(1);
  });
});
