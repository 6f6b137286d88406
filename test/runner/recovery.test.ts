import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import { ProviderError } from '../../src/errors.ts';
import { toPrivatePlace } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aPlace } from '../helpers/tasks.ts';

const minute = 60_000;
const owner = { userId: '444444444444444444', canManageMessages: false };

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ maxInFlight: 1 });
});
afterEach(() => relay.remove());

const target = (taskId: string) => ({ taskId, messageId: `message-of-${taskId}` });

/** Another process on the same folder, started like in `main.ts`. */
async function restart() {
  await relay.crash();
  const again = await relay.reopen();
  await again.recover();
  again.tracker.start();
  await settle();
  return again;
}

describe('a start after a crash', () => {
  it('asks again for a cancel that may never have arrived', async () => {
    let asked = 0;
    relay.provider.cancel = async () => {
      asked += 1;
    };
    const id = await relay.imagine();
    await relay.service.cancel(target(id), owner);
    expect(asked).toBe(1);
    const again = await restart();
    expect(asked).toBe(2);
    relay.provider.onLook = (refs) =>
      new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'failed', kind: 'rejected' }]));
    await relay.clock.pass(20_000);
    expect(await again.database.tasks.get(id)).toMatchObject({ state: 'cancelled' });
  });

  it('draws private tasks that run, since nothing may happen to them before their token ends', async () => {
    const hidden = aCaller({ place: toPrivatePlace(aPlace()) });
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const { task } = await relay.service.start(request, hidden);
    await relay.service.acknowledged(task.id, 'hidden');
    await settle();
    expect((await relay.read(task.id)).state).toBe('running');
    relay.announced.length = 0;
    await restart();
    expect(relay.announced.map(({ id }) => id)).toContain(task.id);
  });

  it('counts a submit in progress as lost, and its slot comes free', async () => {
    const accept = relay.provider.submit;
    relay.provider.submit = () => new Promise(() => undefined);
    const id = await relay.imagine();
    expect((await relay.read(id)).state).toBe('submitting');
    relay.provider.submit = accept;
    const waiting = await relay.imagine('another', 'a hare');
    const again = await restart();
    expect(await again.database.tasks.get(id)).toMatchObject({
      state: 'submitting',
      lostAt: relay.clock.now(),
    });
    await relay.clock.pass(3 * minute);
    expect(await again.database.tasks.get(waiting)).toMatchObject({ state: 'running' });
    expect(relay.provider.submits.map(({ reference }) => reference)).not.toContain(id);
  });

  it('picks up what waited for a free slot', async () => {
    const { service, database, clock } = relay;
    const request = { action: 'imagine', prompt: 'an owl', speed: 'fast', pictures: [] } as const;
    const { task } = await service.start(request, aCaller());
    // Saved as acknowledged, but the process died before anybody was told.
    const acknowledged = apply(task, { type: 'acknowledged', messageId: '5' }, clock.now());
    if (acknowledged !== undefined) await database.tasks.save(acknowledged, task);
    const again = await restart();
    await expect.poll(async () => (await again.database.tasks.get(task.id))?.state).toBe('running');
  });

  it('has the messages of waiting tasks drawn again', async () => {
    await relay.imagine();
    const waiting = await relay.imagine('another', 'a hare');
    expect((await relay.read(waiting)).state).toBe('queued');
    relay.announced.length = 0;
    await restart();
    expect(relay.announced.map(({ id, state }) => [id, state])).toContainEqual([waiting, 'queued']);
  });

  it('looks at once at tasks that were due much later', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = () =>
      Promise.reject(new ProviderError('busy', 'slow down', { retryAfterMs: 10 * minute }));
    await relay.clock.pass(10_000);
    relay.provider.onLook = allDone;
    const again = await restart();
    await relay.clock.pass(1_000);
    expect(await again.database.tasks.get(id)).toMatchObject({ state: 'done' });
  });

  it('owes at once messages that were to be tried much later', async () => {
    relay.provider.onLook = allDone;
    await relay.imagine();
    await relay.clock.pass(10_000);
    const [owed] = await relay.outbox.listDue(10);
    if (owed !== undefined) await relay.outbox.postpone(owed, 60 * minute);
    expect(await relay.outbox.listDue(10)).toEqual([]);
    const again = await restart();
    expect(await again.outbox.listDue(10)).toHaveLength(1);
  });

  it('submits only what Discord has acknowledged', async () => {
    const { service } = relay;
    const request = { action: 'imagine', prompt: 'an owl', speed: 'fast', pictures: [] } as const;
    const origin = anOrigin();
    const asker = { userId: origin.userId, book: origin.book, roleIds: [], isAdministrator: false };
    const { task } = await service.start(request, { origin, asker });
    const again = await restart();
    await relay.clock.pass(minute);
    expect(relay.provider.submits).toEqual([]);
    expect((await again.service.listUnacknowledged()).map(({ id }) => id)).toEqual([task.id]);
    await again.service.acknowledged(task.id, '5');
    await settle();
    expect(relay.provider.submits.map(({ reference }) => reference)).toEqual([task.id]);
  });
});
