import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import { InputError } from '../../src/inputs/pictures.ts';
import { auditDatabase } from '../../src/storage/audit.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, aResult, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const minute = 60_000;

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('the road of a task', () => {
  it('goes from the charge to an owed delivery', async () => {
    const id = await relay.imagine();
    expect(await relay.read(id)).toMatchObject({ state: 'running', ref: { id: 'remote-1' }, price: 100 });
    expect(await relay.left()).toBe(1_900);
    relay.provider.onLook = allDone;
    await relay.clock.pass(10_000);
    expect(await relay.read(id)).toMatchObject({ state: 'done' });
    expect(await relay.left()).toBe(1_900);
    expect((await relay.outbox.listDue(10)).map(({ task }) => task.id)).toEqual([id]);
  });

  it('submits nothing before Discord has acknowledged', async () => {
    const { task } = await relay.service.start(
      { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] },
      aCaller(),
    );
    await relay.clock.pass(minute);
    expect(relay.provider.submits).toEqual([]);
    await relay.service.unacknowledged(task.id);
    expect(await relay.read(task.id)).toMatchObject({ state: 'cancelled' });
    expect(await relay.left()).toBe(2_000);
    expect(await relay.outbox.listDue(10)).toEqual([]);
  });

  it('starts one task where Discord delivers an interaction twice', async () => {
    const caller = aCaller();
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const [first, second] = await Promise.all([
      relay.service.start(request, caller),
      relay.service.start(request, caller),
    ]);
    expect(second.task.id).toBe(first.task.id);
    expect([first.isNew, second.isNew].sort()).toEqual([false, true]);
    expect(await relay.left()).toBe(1_900);
  });

  it('refuses what the points do not pay for, and charges nothing for it', async () => {
    await relay.rules.update(aCaller().asker.book, () => ({ points: 350 }));
    for (let count = 0; count < 3; count += 1) await relay.imagine();
    expect(await codeOf(relay.imagine())).toBe('points-short');
    expect(await relay.left()).toBe(50);
    await relay.rules.update(aCaller().asker.book, () => ({}));
    expect(await relay.left('somebody else')).toBe(2_000);
  });

  it('lets no crowd of presses spend more than there is', async () => {
    await relay.rules.update(aCaller().asker.book, () => ({ points: 1_000 }));
    const outcomes = await Promise.all(Array.from({ length: 30 }, () => codeOf(relay.imagine())));
    expect(outcomes.filter((code) => code === undefined)).toHaveLength(10);
    expect(await relay.left()).toBe(0);
  });

  it('refuses a speed that the account does not have', async () => {
    const request = { action: 'imagine', prompt: 'a fox', speed: 'turbo', pictures: [] } as const;
    expect(await codeOf(relay.service.start(request, aCaller()))).toBe('speed-unavailable');
    expect(await codeOf(relay.service.start({ ...request, action: 'blend' }, aCaller()))).toBe(
      'action-unavailable',
    );
  });
});

describe('a result that can never be shown', () => {
  it('gives its points back once, and is told by its message and by one of its own', async () => {
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

describe('buttons', () => {
  async function finished(): Promise<{ taskId: string; messageId: string }> {
    const look = relay.provider.onLook;
    relay.provider.onLook = allDone;
    const taskId = await relay.imagine();
    await relay.clock.pass(10_000);
    relay.provider.onLook = look;
    return { taskId, messageId: `message-of-${taskId}` };
  }

  it('start what was offered, at the account and the place of the press', async () => {
    const parent = await finished();
    const { task } = await relay.service.act({ ...parent, offer: 1 }, aCaller({ userId: 'another' }));
    await relay.service.acknowledged(task.id, 'message-2');
    await settle();
    expect(relay.provider.submits.at(-1)).toMatchObject({
      action: 'upscale',
      parent: { ref: { id: 'remote-1' }, offer: { token: 'MJ::JOB::upsample::2::abc' } },
    });
    expect(await relay.left('another')).toBe(1_990);
    expect(await relay.read(task.id)).toMatchObject({
      parentId: parent.taskId,
      parentMessageId: parent.messageId,
    });
  });

  it('are one task for two presses at once by one person', async () => {
    const parent = await finished();
    const press = () => relay.service.act({ ...parent, offer: 0 }, aCaller({ userId: 'another' }));
    const codes = await Promise.all([codeOf(press()), codeOf(press())]);
    expect(codes.sort()).toEqual(['already-running', undefined]);
    expect(await relay.left('another')).toBe(1_990);
    expect(
      await codeOf(relay.service.act({ ...parent, offer: 0 }, aCaller({ userId: 'a third' }))),
    ).toBeUndefined();
  });

  it('count only on the message that shows the task', async () => {
    const parent = await finished();
    const other = await finished();
    const caller = aCaller({ userId: 'another' });
    for (const press of [
      { ...parent, messageId: other.messageId, offer: 0 },
      { ...parent, messageId: 'nowhere', offer: 0 },
      { ...parent, taskId: 'AAAAAAAAAAAAAAAA', offer: 0 },
      { ...parent, offer: 4 },
      { ...parent, offer: -1 },
    ]) {
      expect(await codeOf(relay.service.act(press, caller))).toBe('unknown-component');
    }
    expect(await relay.left('another')).toBe(2_000);
  });

  it('are found in the task table where the message map lost them', async () => {
    const parent = await finished();
    await relay.documents.messages.delete(parent.messageId);
    expect(await codeOf(relay.service.act({ ...parent, offer: 0 }, aCaller()))).toBeUndefined();
    expect(await relay.documents.messages.get(parent.messageId)).toBe(parent.taskId);
  });

  it('show a picture that was taken out before again, free', async () => {
    const parent = await finished();
    relay.provider.onLook = allDone;
    const first = await relay.service.act({ ...parent, offer: 0 }, aCaller({ userId: 'another' }));
    await relay.service.acknowledged(first.task.id, 'message-of-first');
    await relay.clock.pass(10_000);
    const submits = relay.provider.submits.length;
    const again = await relay.service.act({ ...parent, offer: 0 }, aCaller({ userId: 'a third' }));
    await relay.service.acknowledged(again.task.id, 'message-of-again');
    await relay.clock.pass(0);
    expect(await relay.read(again.task.id)).toMatchObject({
      state: 'done',
      price: 0,
      result: { keptAs: first.task.id },
    });
    expect(relay.provider.submits).toHaveLength(submits);
    expect(await relay.left('a third')).toBe(2_000);
    const press = { taskId: again.task.id, messageId: 'message-of-again', offer: 1 };
    const fromCopy = await relay.service.act(press, aCaller());
    await relay.service.acknowledged(fromCopy.task.id, 'message-of-child');
    await settle();
    expect(relay.provider.submits.at(-1)?.parent?.ref).toEqual((await relay.read(first.task.id)).ref);
  });

  it('pick one of separate pictures free, with what the provider can do to it, and without the provider', async () => {
    const media = ['a', 'b', 'c', 'd'].map((name) => ({
      kind: 'picture' as const,
      url: `https://pictures.example/${name}.png`,
    }));
    const offers = [
      { action: 'upscale', index: 2, token: '', isLocal: true },
      { action: 'variation', index: 2, token: 'vary:1' },
      { action: 'variation', index: 3, token: 'vary:2' },
      { action: 'reroll', token: 'reroll' },
    ] as const;
    const taskId = await relay.imagine();
    relay.provider.onLook = (refs) =>
      new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'done', media, offers: [...offers] }]));
    await relay.clock.pass(20_000);
    const press = { taskId, messageId: `message-of-${taskId}`, offer: 0 };
    const { task } = await relay.service.act(press, aCaller({ userId: 'another' }));
    await relay.service.acknowledged(task.id, 'pick-message');
    await settle();
    expect(await relay.read(task.id)).toMatchObject({
      state: 'done',
      price: 0,
      result: { media: [media[1]], keptAs: taskId, keptIndex: 1, offers: [offers[1]] },
    });
    expect(relay.provider.submits).toHaveLength(1);
    expect(await relay.left('another')).toBe(2_000);
    const vary = { taskId: task.id, messageId: 'pick-message', offer: 0 };
    const follow = await relay.service.act(vary, aCaller());
    await relay.service.acknowledged(follow.task.id, 'vary-message');
    await settle();
    expect(relay.provider.submits.at(-1)?.parent).toEqual({ ref: { id: 'remote-1' }, offer: offers[1] });
  });

  it('pay again where the picture is not kept any more', async () => {
    await relay.remove();
    relay = await createRelay({ isKept: false });
    const parent = await finished();
    relay.provider.onLook = allDone;
    for (const userId of ['one', 'two']) {
      const { task } = await relay.service.act({ ...parent, offer: 0 }, aCaller({ userId }));
      await relay.service.acknowledged(task.id, `of-${userId}`);
      await relay.clock.pass(10_000);
      expect(await relay.left(userId)).toBe(1_990);
    }
  });
});

describe('a provider that says no', () => {
  it.each(['rejected', 'auth', 'balance'] as const)('ends and refunds a task that is %s', async (kind) => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError(kind, 'no', { reason: 'because' }));
    const id = await relay.imagine();
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind, reason: 'because', mayHaveCost: false },
    });
    expect(await relay.left()).toBe(2_000);
    expect(await relay.outbox.listDue(10)).toHaveLength(1);
  });

  it('is asked again later when it is busy, after as long as it says', async () => {
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

  it('is given up after half an hour of being busy, and the points come back', async () => {
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

  it('is never asked twice where the outcome is unknown: the deadline refunds', async () => {
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

  it('costs nothing where a picture cannot be used', async () => {
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
});

describe('looking', () => {
  it('keeps the task when a look fails, and asks ever less often', async () => {
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

  it('saves progress in steps that people notice, and the first sign of it at once', async () => {
    const id = await relay.imagine();
    const seen: number[] = [];
    for (const progress of [1, 2, 8, 9, 12, 17, 18, 99]) {
      relay.provider.onLook = (refs) =>
        new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running', progress }]));
      await relay.clock.pass(20_000);
      seen.push((await relay.read(id)).progress ?? 0);
    }
    expect(seen).toEqual([1, 1, 1, 9, 9, 17, 17, 99]);
  });

  it('saves progress once, and says nothing where nothing is new', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = (refs) =>
      new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running', progress: 30 }]));
    await relay.clock.pass(minute);
    expect(relay.provider.looks.length).toBeGreaterThan(3);
    expect(relay.announced.filter((task) => task.id === id && task.progress === 30)).toHaveLength(1);
  });

  it('fails and refunds what the provider says has failed', async () => {
    const id = await relay.imagine();
    relay.provider.onLook = (refs) =>
      new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'failed', kind: 'rejected', reason: 'banned' }]));
    await relay.clock.pass(10_000);
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'rejected', reason: 'banned' },
    });
    expect(await relay.left()).toBe(2_000);
  });

  it('ends what never ends at its deadline', async () => {
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

  it('asks for many tasks in calls of at most fifty', async () => {
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

  it('is not parked by a clock that was set back', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(6_000);
    relay.clock.set(relay.clock.now() - 60 * minute);
    relay.provider.onLook = allDone;
    await relay.clock.pass(30_000);
    expect(await relay.read(id)).toMatchObject({ state: 'done' });
  });
});

describe('places', () => {
  it('are never more than the account has, and go round between people', async () => {
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
});

describe('a restart', () => {
  it('looks on at what was running and sends what was waiting', async () => {
    const ids = [];
    for (let count = 0; count < 4; count += 1)
      ids.push(await relay.imagine(`person-${count}`, `prompt ${count}`));
    await relay.close();
    const again = await relay.reopen();
    relay.provider.onLook = allDone;
    again.tracker.start();
    await again.recover();
    await relay.clock.pass(minute);
    for (const id of ids) expect((await again.database.tasks.get(id))?.state).toBe('done');
    expect(relay.provider.submits).toHaveLength(4);
  });

  it('sends nothing again that was on its way, and refunds it at the deadline', async () => {
    const call = Promise.withResolvers<never>();
    relay.provider.onSubmit = () => call.promise;
    const id = await relay.imagine();
    await relay.crash();
    const again = await relay.reopen();
    again.tracker.start();
    await again.recover();
    expect(await again.database.tasks.get(id)).toMatchObject({
      state: 'submitting',
      lostAt: relay.clock.now(),
    });
    await relay.clock.pass(61 * minute);
    expect(await again.database.tasks.get(id)).toMatchObject({ state: 'failed', failure: { kind: 'lost' } });
    expect(relay.provider.submits).toHaveLength(1);
    const statement = await again.administration.statement(aCaller().asker);
    expect(statement.left).toBe(2_000);
  });

  it('knows of answers that Discord may or may not have taken', async () => {
    const { task } = await relay.service.start(
      { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] },
      aCaller(),
    );
    await relay.close();
    const again = await relay.reopen();
    expect((await again.service.listUnacknowledged()).map(({ id }) => id)).toEqual([task.id]);
  });
});

describe('refunds', () => {
  it('happen once, whoever comes first', async () => {
    const id = await relay.imagine();
    const failure = { kind: 'rejected', mayHaveCost: false } as const;
    const outcomes = await Promise.all([
      relay.changes.change(id, { type: 'failed', failure }),
      relay.changes.change(id, { type: 'looked', update: aResult, nextLookAt: 1 }),
      relay.changes.change(id, { type: 'failed', failure }),
    ]);
    expect(outcomes.filter((task) => task !== undefined)).toHaveLength(1);
    expect(await relay.left()).toBe(2_000);
    expect((await relay.database.ledger.listByTask(id)).map((row) => row.id)).toEqual([
      `charge:${id}`,
      `refund:${id}`,
    ]);
  });

  it('go back into the period that was charged', async () => {
    const id = await relay.imagine();
    relay.clock.set(relay.clock.now() + 8 * 24 * 60 * minute);
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('failed');
    const [charge, refund] = await relay.database.ledger.listByTask(id);
    expect(refund).toMatchObject({
      kind: 'refund',
      period: charge?.period,
      allowancePart: 100,
      grantPart: 0,
    });
    expect(await relay.left()).toBe(2_000);
  });
});
