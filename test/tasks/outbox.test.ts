import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { auditDatabase } from '../../src/storage/audit.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, owner, targetOf } from '../helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('what is owed', () => {
  it('never includes a mention after a message that no longer exists', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(2 * minute);
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    const [final] = await relay.outbox.listDue(10);
    expect(final).toMatchObject({ kind: 'final', task: { id } });
    if (final !== undefined) await relay.outbox.giveUp(final);
    expect(await relay.outbox.listDue(10)).toEqual([]);
  });

  it('stays owed when an older delivery of the same message ends', async () => {
    const id = await relay.finished();
    const [old] = await relay.outbox.listDue(10);
    await relay.clock.pass(1);
    await relay.service.moveTo(targetOf(id), { ...anOrigin().place, token: 'new' }, owner.userId);
    if (old !== undefined) await relay.outbox.giveUp(old);
    expect((await relay.outbox.listDue(10)).map(({ task }) => task.origin.place.token)).toEqual(['new']);
  });

  it('includes a mention for people who waited over a minute, and for nobody else', async () => {
    await relay.finished();
    const slow = await relay.imagine();
    await relay.clock.pass(2 * minute);
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    expect((await relay.outbox.listDue(10)).map(({ task, kind }) => [task.id, kind])).toEqual([
      [slow, 'mention'],
    ]);
  });

  it('includes no mention for somebody who wants none', async () => {
    const { task } = await relay.service.start(
      { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] },
      aCaller({ isQuiet: true }),
    );
    await relay.service.acknowledged(task.id, `message-of-${task.id}`);
    await relay.clock.pass(2 * minute);
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    expect((await relay.outbox.listDue(10)).map(({ kind }) => kind)).toEqual(['final']);
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    expect(await relay.outbox.listDue(10)).toEqual([]);
  });
});

describe('a result that can never be shown', () => {
  it('returns its points once, and says so in its message and in a mention', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = allDone;
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('done');
    expect(await relay.left()).toBe(1_900);
    const [delivery] = await relay.outbox.listDue(9);
    if (delivery === undefined) throw new Error('nothing is owed');
    const changes = await Promise.all(
      [1, 2].map(() => relay.changes.change(id, { type: 'unshown', kind: 'unshown' })),
    );
    expect(changes.filter((task) => task !== undefined)).toHaveLength(1);
    expect(await relay.changes.change(id, { type: 'unshown', kind: 'unshown' })).toBeUndefined();
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'unshown' } });
    expect(await relay.left()).toBe(2_000);
    expect((await auditDatabase(relay.path)).books?.findings).toEqual([]);
    const [told] = await relay.outbox.listDue(9);
    expect(told).toMatchObject({ kind: 'final', attempts: 0, task: { state: 'failed' } });
    if (told !== undefined) await relay.outbox.settle(told);
    expect(await relay.outbox.listDue(9)).toMatchObject([{ kind: 'mention' }]);
  });
});
