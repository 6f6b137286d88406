import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settle } from '../helpers/clock.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;

beforeEach(async () => {
  relay = await createRelay({ accounts: ['main', 'other'] });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await relay.remove();
});

describe('a lane', () => {
  it('reads its queue once for one acknowledgement', async () => {
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const { task } = await relay.service.start(request, aCaller());
    await settle();
    const held = Promise.withResolvers<never>();
    relay.provider.onSubmit = () => held.promise;
    const reads = vi.spyOn(relay.database.tasks, 'listWaiting');
    await relay.service.acknowledged(task.id, 'message');
    await settle();
    expect(relay.provider.submits).toHaveLength(1);
    expect(reads.mock.calls).toHaveLength(1);
    held.reject(new Error('it is over'));
  });

  it('reads its queue once when one of its tasks ends while others wait', async () => {
    const ids: string[] = [];
    for (const prompt of ['one', 'two', 'three', 'four']) ids.push(await relay.imagine('mei', prompt));
    expect((await relay.read(ids[3] ?? '')).state).toBe('queued');
    const held = Promise.withResolvers<never>();
    relay.provider.onSubmit = () => held.promise;
    const reads = vi.spyOn(relay.database.tasks, 'listWaiting');
    await relay.changes.change(ids[0] ?? '', {
      type: 'failed',
      failure: { kind: 'rejected', mayHaveCost: false },
    });
    await settle();
    expect((await relay.read(ids[3] ?? '')).state).toBe('submitting');
    expect(reads.mock.calls.filter(([account]) => account === 'main')).toHaveLength(1);
    held.reject(new Error('it is over'));
  });
});

describe('the words of a task', () => {
  it('are read by its API once before they are charged', async () => {
    const review = vi.fn(() => []);
    relay.provider.review = review;
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    await relay.service.start(request, aCaller());
    // Of each account that could take it: what one of them drops, another may not.
    expect(review.mock.calls).toHaveLength(2);
  });
});
