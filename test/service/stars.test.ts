import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isForwardable } from '../../src/service/stars.ts';
import type { Task } from '../../src/task.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { anOrigin, aPlace, aTask, owner, targetOf } from '../helpers/tasks.ts';

const { book } = anOrigin();
const channel = '999999999999999999';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
  await relay.policies.update(book, () => ({ star: { channel, hearts: 2 } }));
});
afterEach(() => relay.remove());

async function finished(): Promise<string> {
  relay.provider.onLook = allDone;
  const id = await relay.imagine();
  await relay.clock.pass(10_000);
  return id;
}

const like = (taskId: string, userId: string) => relay.favorites.add(targetOf(taskId), userId);
const due = async () => (await relay.stars.listDue(10)).map(({ taskId, state }) => ({ taskId, state }));

describe('a result that people like', () => {
  it("is forwarded from the hearts that the server set, of which one's own is none", async () => {
    const id = await finished();
    await like(id, owner.userId);
    await like(id, 'ann');
    await like(id, 'ann');
    expect(await due()).toEqual([]);
    await like(id, 'ben');
    expect(await due()).toEqual([{ taskId: id, state: 'due' }]);
  });

  it('is forwarded once, ever', async () => {
    const id = await finished();
    for (const person of ['ann', 'ben', 'cid']) await like(id, person);
    await relay.stars.settle(id, 'a-message');
    await relay.favorites.remove(id, 'ben');
    for (const person of ['ben', 'dan']) await like(id, person);
    expect(await due()).toEqual([]);
  });

  it('is taken back if its owner deletes it, even while it is being forwarded', async () => {
    const id = await finished();
    for (const person of ['ann', 'ben']) await like(id, person);
    await relay.service.remove(targetOf(id), owner);
    await relay.stars.settle(id, 'a-message');
    const [star] = await relay.stars.listDue(10);
    expect(star).toMatchObject({ taskId: id, state: 'withdrawn', messageId: 'a-message' });
  });

  it('is a favorite like any other on a server without a star channel', async () => {
    await relay.policies.update(book, () => ({}));
    const id = await finished();
    for (const person of ['ann', 'ben']) await like(id, person);
    expect(await due()).toEqual([]);
    expect(await relay.database.favorites.listAmong('ann', [id])).toEqual([id]);
  });
});

describe('what may be forwarded', () => {
  const place = aPlace({ messageId: 'a-message' });
  const result = { media: [{ kind: 'picture', url: 'https://pictures.example/1.png' }], offers: [] } as const;
  const done = (changes: Partial<Task> = {}) =>
    aTask({ state: 'done', result, origin: anOrigin({ place }), ...changes });

  it.each([
    ['a result', done(), true],
    ['a late result', done({ state: 'failed', lateAt: 1 }), true],
    ['a failed task', done({ state: 'failed' }), false],
    ['words', done({ result: { media: [], text: ['a fox'], offers: [] } }), false],
    [
      'what only one person sees',
      done({ origin: anOrigin({ place: { ...place, isOpenToBot: false } }) }),
      false,
    ],
    ['a message that nobody knows', done({ origin: anOrigin({ place: aPlace() }) }), false],
    ['a deleted result', done({ removedAt: 1 }), false],
    ['an emptied task', done({ emptied: 'all' }), false],
    ['a direct message', done({ origin: anOrigin({ place, book: 'direct' }) }), false],
    ['a result of another server', done({ origin: anOrigin({ place, book: '777777777777777777' }) }), false],
  ])('%s: %j', (_what, task, expected) => {
    expect(isForwardable(task)).toBe(expected);
  });
});
