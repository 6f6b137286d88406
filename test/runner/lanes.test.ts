import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { settle } from '../helpers/clock.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

let relay: Relay;

beforeEach(async () => {
  relay = await createRelay({ accounts: ['main', 'other'] });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await relay.remove();
});

/** Presses U1 of a finished grid, without an acknowledgement yet. */
async function pressPick(parentId: string): Promise<string> {
  const press = { taskId: parentId, messageId: `message-of-${parentId}`, offer: 0 };
  return (await relay.service.act(press, aCaller())).task.id;
}

async function finish(): Promise<void> {
  relay.provider.onLook = allDone;
  await relay.clock.pass(60_000);
  await settle();
}

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

describe('a picture that is there already', () => {
  it('is shown from the moment its press is acknowledged, in no state between', async () => {
    const grid = await relay.imagine();
    await finish();
    const first = await pressPick(grid);
    await relay.service.acknowledged(first, 'message of the first pick');
    await finish();
    expect((await relay.read(first)).state).toBe('done');

    const again = await pressPick(grid);
    relay.announced.length = 0;
    await relay.service.acknowledged(again, 'message of the second pick');
    expect(relay.announced.map(({ id, state }) => [id, state])).toEqual([[again, 'done']]);
    expect(relay.provider.submits).toHaveLength(2);
    expect(await relay.database.deliveries.listDue(relay.clock.now(), 10)).toContainEqual(
      expect.objectContaining({ taskId: again }),
    );
  });

  it('is shown at the next start if an earlier version died before that', async () => {
    const grid = await relay.imagine();
    await finish();
    const first = await pressPick(grid);
    await relay.service.acknowledged(first, 'message of the first pick');
    await finish();
    const again = await relay.read(await pressPick(grid));
    const acknowledgedAt = relay.clock.now();
    await relay.database.tasks.save({ ...again, acknowledgedAt, revision: again.revision + 1 }, again);
    await relay.crash();

    const reopened = await relay.reopen();
    await reopened.recover();
    await settle();
    expect((await reopened.database.tasks.get(again.id))?.state).toBe('done');
    expect(relay.provider.submits).toHaveLength(2);
  });
});
