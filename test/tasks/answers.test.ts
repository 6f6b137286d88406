import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { apply } from '../../src/apply.ts';
import { ProviderError } from '../../src/errors.ts';
import type { InputPicture, Task, TaskEvent, Update } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin } from '../helpers/tasks.ts';

const minute = 60_000;
const owner = { userId: '444444444444444444', canManageMessages: false };
const stranger = { userId: '555555555555555555', canManageMessages: false };
const moderator = { userId: '666666666666666666', canManageMessages: true };

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

function target(taskId: string) {
  return { taskId, messageId: `message-of-${taskId}` };
}

function always(update: Update): Relay['provider']['onLook'] {
  return (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', update]));
}

async function finished(): Promise<string> {
  const look = relay.provider.onLook;
  relay.provider.onLook = allDone;
  const id = await relay.imagine();
  await relay.clock.pass(10_000);
  relay.provider.onLook = look;
  return id;
}

describe('a custom zoom', () => {
  const asking = (prompt: string) => () => ({
    ref: { id: 'window-1' },
    update: { state: 'asking' as const, prompt },
  });

  async function zoom(prompt: string, proposal = ''): Promise<string> {
    const parent = await finished();
    relay.provider.onSubmit = asking(proposal);
    const { task } = await relay.service.act({ ...target(parent), offer: 2, prompt }, aCaller());
    await relay.service.acknowledged(task.id, `message-of-${task.id}`);
    await relay.clock.pass(0);
    return task.id;
  }

  it('proposes its parent with a zoom', async () => {
    const parent = await finished();
    expect(await relay.service.windowFor({ ...target(parent), offer: 2 }, aCaller())).toEqual({
      prompt: 'a fox --zoom 1.8',
      needsRegion: false,
    });
    expect(await relay.service.windowFor({ ...target(parent), offer: 0 }, aCaller())).toBeUndefined();
  });

  it.each(['a fox', 'a fox --zoom 3', 'a fox --zoom 1 --turbo'])(
    'refuses %j before anything is charged',
    async (prompt) => {
      const parent = await finished();
      const before = await relay.left();
      expect(
        await codeOf(relay.service.act({ ...target(parent), offer: 2, prompt }, aCaller())),
      ).toBeDefined();
      expect(await relay.left()).toBe(before);
    },
  );

  it('answers the window of the provider with the text of the person, once', async () => {
    const id = await zoom('a hare --zoom 1.5', 'something else');
    expect(relay.provider.answers).toEqual([{ ref: { id: 'window-1' }, prompt: 'a hare --zoom 1.5' }]);
    expect((await relay.read(id)).state).toBe('running');
    relay.provider.onLook = always({ state: 'asking' });
    await relay.clock.pass(minute);
    expect(relay.provider.answers).toHaveLength(1);
    expect((await relay.read(id)).state).toBe('running');
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('answers after a restart between the window and the answer', async () => {
    const parent = await finished();
    const { task } = await relay.service.act(
      { ...target(parent), offer: 2, prompt: 'a hare --zoom 2' },
      aCaller(),
    );
    // Saved, but nobody was told of it: the process died in between.
    const at = { deadlineAt: relay.clock.now() + 60 * minute, nextLookAt: relay.clock.now() };
    const events: TaskEvent[] = [
      { type: 'acknowledged', messageId: '1' },
      { type: 'submitting', deadlineAt: at.deadlineAt },
      { type: 'accepted', ref: { id: 'window-1' }, update: { state: 'asking' }, ...at },
    ];
    let saved: Task = task;
    for (const event of events) {
      const before: Task = saved;
      saved = apply(before, event, relay.clock.now()) as Task;
      await relay.database.tasks.save(saved, before);
    }
    await relay.crash();
    const again = await relay.reopen();
    await again.recover();
    await relay.clock.pass(0);
    expect(relay.provider.answers).toEqual([{ ref: { id: 'window-1' }, prompt: 'a hare --zoom 2' }]);
    expect((await again.database.tasks.get(task.id))?.state).toBe('running');
  });

  it('learns from looks what became of an answer whose reply was lost', async () => {
    relay.provider.onAnswer = () => Promise.reject(new ProviderError('unavailable', 'reset'));
    const id = await zoom('a hare --zoom 1.5');
    expect((await relay.read(id)).state).toBe('answering');
    relay.provider.onLook = always({ state: 'asking' });
    await relay.clock.pass(minute);
    expect((await relay.read(id)).state).toBe('answering');
    expect(relay.provider.answers).toHaveLength(1);
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    expect((await relay.read(id)).state).toBe('done');
  });

  it('fails and refunds where the provider refuses the answer', async () => {
    relay.provider.onAnswer = () =>
      Promise.reject(new ProviderError('rejected', 'no', { reason: 'bad zoom' }));
    const before = await relay.left();
    const id = await zoom('a hare --zoom 1.5');
    expect(await relay.read(id)).toMatchObject({
      state: 'failed',
      failure: { kind: 'rejected', reason: 'bad zoom' },
    });
    expect(await relay.left()).toBe(before - 100);
  });
});

describe('a full queue at the answer', () => {
  const full = () => Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 20_000 }));

  it('is waited out with the text that was given before', async () => {
    const parent = await finished();
    relay.provider.onSubmit = () => ({ ref: { id: 'window-1' }, update: { state: 'asking' } });
    const accept = relay.provider.onAnswer;
    relay.provider.onAnswer = full;
    const { task } = await relay.service.act(
      { ...target(parent), offer: 2, prompt: 'a hare --zoom 2' },
      aCaller(),
    );
    await relay.service.acknowledged(task.id, '1');
    await relay.clock.pass(0);
    expect((await relay.read(task.id)).state).toBe('asking');
    relay.provider.onAnswer = accept;
    await relay.clock.pass(15_000);
    expect(relay.provider.answers).toHaveLength(1);
    await relay.clock.pass(6_000);
    expect(relay.provider.answers).toHaveLength(2);
    expect((await relay.read(task.id)).state).toBe('running');
  });

  it('gives the question back to the person, and the points after half an hour', async () => {
    relay.provider.onLook = always({ state: 'asking' });
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    relay.provider.onAnswer = full;
    await relay.service.answer(target(id), owner.userId, 'a hare');
    await settle();
    expect(await relay.read(id)).toMatchObject({ state: 'asking', request: { prompt: 'a hare' } });
    await relay.clock.pass(31 * minute);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect(await relay.left()).toBe(2_000);
  });
});

describe('a window', () => {
  it('is not opened for who could not pay', async () => {
    const parent = await finished();
    const caller = aCaller({ userId: 'poor' });
    await relay.rules.update(caller.asker.book, () => ({ people: { poor: 99 } }));
    expect(await codeOf(relay.service.windowFor({ ...target(parent), offer: 2 }, caller))).toBe(
      'points-short',
    );
  });
});

describe('a question of the provider', () => {
  async function asked(): Promise<string> {
    relay.provider.onLook = always({ state: 'asking', prompt: 'a fox --v 7' });
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('asking');
    return id;
  }

  it('goes to the owner alone, with what the provider proposes', async () => {
    const id = await asked();
    expect(await codeOf(relay.service.questionOf(target(id), stranger.userId))).toBe('not-yours');
    expect(await relay.service.questionOf(target(id), owner.userId)).toEqual({ prompt: 'a fox --v 7' });
  });

  it('is answered once', async () => {
    const id = await asked();
    await relay.service.answer(target(id), owner.userId, 'a hare');
    await settle();
    expect(relay.provider.answers).toEqual([{ ref: { id: 'remote-1' }, prompt: 'a hare' }]);
    expect((await relay.read(id)).request.prompt).toBe('a hare');
    expect(await codeOf(relay.service.answer(target(id), owner.userId, 'again'))).toBe('asked-no-more');
    expect(relay.provider.answers).toHaveLength(1);
  });

  it('is cancelled and refunded after half an hour', async () => {
    const id = await asked();
    await relay.clock.pass(31 * minute);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect(await relay.left()).toBe(2_000);
    expect(await codeOf(relay.service.answer(target(id), owner.userId, 'late'))).toBe('asked-no-more');
  });

  it('holds no place while it waits', async () => {
    await relay.remove();
    relay = await createRelay({ maxInFlight: 1 });
    await asked();
    relay.provider.onLook = allDone;
    const second = await relay.imagine('another');
    await relay.clock.pass(20_000);
    expect((await relay.read(second)).state).toBe('done');
  });
});

describe('cancelling', () => {
  it('takes a waiting task out of the queue and gives its points back', async () => {
    for (let count = 0; count < 3; count += 1) await relay.imagine('eager', `prompt ${count}`);
    const id = await relay.imagine();
    expect(await codeOf(relay.service.cancel(target(id), stranger))).toBe('not-yours');
    await relay.service.cancel(target(id), owner);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect(await relay.left()).toBe(2_000);
  });

  it('is too late where the provider cannot', async () => {
    const id = await relay.imagine();
    expect(await codeOf(relay.service.cancel(target(id), owner))).toBe('cancel-too-late');
    expect((await relay.read(id)).state).toBe('running');
  });

  it('asks the provider, and believes only a look', async () => {
    const cancelled: string[] = [];
    relay.provider.cancel = async (ref) => void cancelled.push(ref['id'] ?? '');
    const id = await relay.imagine();
    await relay.service.cancel(target(id), moderator);
    expect(cancelled).toEqual(['remote-1']);
    expect((await relay.read(id)).state).toBe('running');
    expect(await codeOf(relay.service.cancel(target(id), owner))).toBe('cancel-too-late');
    relay.provider.onLook = always({ state: 'failed', kind: 'rejected', reason: 'cancelled' });
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('cancelled');
    expect(await relay.left()).toBe(2_000);
  });

  it('can be tried again where the provider could not be asked', async () => {
    relay.provider.cancel = () => Promise.reject(new ProviderError('unavailable', 'down'));
    const id = await relay.imagine();
    await relay.service.cancel(target(id), owner);
    await settle();
    expect((await relay.read(id)).cancellingAt).toBeUndefined();
    relay.provider.cancel = async () => undefined;
    expect(await codeOf(relay.service.cancel(target(id), owner))).toBeUndefined();
  });

  it('keeps a result that was faster', async () => {
    relay.provider.cancel = async () => undefined;
    const id = await relay.imagine();
    await relay.service.cancel(target(id), owner);
    relay.provider.onLook = allDone;
    await relay.clock.pass(10_000);
    expect((await relay.read(id)).state).toBe('done');
    expect(await relay.left()).toBe(1_900);
  });
});

describe('afterwards', () => {
  async function failed(): Promise<string> {
    const accept = relay.provider.onSubmit;
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
    const id = await relay.imagine();
    relay.provider.onSubmit = accept;
    return id;
  }

  it('a failed task is tried again by whoever presses, as a new one', async () => {
    const id = await failed();
    const { task } = await relay.service.again(target(id), aCaller({ userId: stranger.userId }));
    expect(task).toMatchObject({ state: 'queued', request: { prompt: 'a fox' } });
    expect(task.id).not.toBe(id);
    expect(await relay.left(stranger.userId)).toBe(1_900);
    expect(await codeOf(relay.service.again(target(await finished()), aCaller()))).toBe('unknown-component');
  });

  it.each([
    ['a picture', (picture: InputPicture) => ({ pictures: [picture] })],
    ['a mask', (picture: InputPicture) => ({ pictures: [], region: { cells: [], picture } })],
  ])('a task whose %s Discord has deleted is not tried again, and costs nothing', async (_what, toParts) => {
    const expiresAt = relay.clock.now() + 60_000;
    const url = `https://cdn.example/1?ex=${Math.ceil(expiresAt / 1_000).toString(16)}&is=1&hm=1`;
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast' } as const;
    const parts = toParts({ url, name: 'photo.png' });
    const { task } = await relay.service.start({ ...request, ...parts }, aCaller());
    await relay.service.acknowledged(task.id, `message-of-${task.id}`);
    await relay.clock.pass(61_000);
    expect((await relay.database.tasks.get(task.id))?.state).toBe('failed');
    expect(await codeOf(relay.service.again(target(task.id), aCaller()))).toBe('picture-gone');
    expect(await relay.left()).toBe(2_000);
  });

  it('two presses on Try again are one task', async () => {
    const id = await failed();
    const press = () => codeOf(relay.service.again(target(id), aCaller()));
    expect((await Promise.all([press(), press()])).sort()).toEqual(['already-running', undefined]);
    expect(await relay.left()).toBe(1_900);
  });

  it('a message that nobody can see any more pings nobody', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(2 * minute);
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    const [final] = await relay.outbox.listDue(10);
    expect(final).toMatchObject({ kind: 'final', task: { id } });
    if (final !== undefined) await relay.outbox.giveUp(final);
    expect(await relay.outbox.listDue(10)).toEqual([]);
  });

  it('a delivery that ends does not settle what is owed anew', async () => {
    const id = await finished();
    const [old] = await relay.outbox.listDue(10);
    await relay.clock.pass(1);
    await relay.service.moveTo(target(id), { ...anOrigin().place, token: 'new' });
    if (old !== undefined) await relay.outbox.giveUp(old);
    expect((await relay.outbox.listDue(10)).map(({ task }) => task.origin.place.token)).toEqual(['new']);
  });

  it('a message is removed by its owner, and by people who may manage messages', async () => {
    const id = await failed();
    expect(await codeOf(relay.service.remove(target(id), stranger))).toBe('not-yours');
    await relay.service.remove(target(id), owner);
    expect(await relay.outbox.listDue(10)).toEqual([]);
    await relay.service.remove(target(await failed()), moderator);
    expect(await codeOf(relay.service.remove(target(await relay.imagine()), owner))).toBe(
      'unknown-component',
    );
  });

  it('a new token owes the message again', async () => {
    const id = await finished();
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    expect((await relay.read(id)).origin.place.token).toBeUndefined();
    await relay.service.moveTo(target(id), { ...anOrigin().place, token: 'new', messageId: 'wrong' });
    const [owed] = await relay.outbox.listDue(10);
    expect(owed?.task.origin.place).toMatchObject({ token: 'new', messageId: `message-of-${id}` });
  });

  it('people who waited over a minute are told, and others are not', async () => {
    await finished();
    const slow = await relay.imagine();
    await relay.clock.pass(2 * minute);
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    expect((await relay.outbox.listDue(10)).map(({ task, kind }) => [task.id, kind])).toEqual([
      [slow, 'mention'],
    ]);
  });
});

describe('a result that comes too late', () => {
  it('is delivered without a charge', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(61 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', failure: { kind: 'timeout' } });
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    relay.provider.onLook = allDone;
    await relay.clock.pass(6 * minute);
    expect(await relay.read(id)).toMatchObject({ state: 'failed', result: { media: [{ kind: 'picture' }] } });
    expect((await relay.outbox.listDue(10)).map(({ task }) => task.id)).toContain(id);
    expect(await relay.left()).toBe(2_000);
    expect(await codeOf(relay.service.act({ ...target(id), offer: 0 }, aCaller()))).toBeUndefined();
    expect((await relay.database.ledger.listByTask(id)).map(({ kind }) => kind)).toEqual([
      'charge',
      'refund',
    ]);
  });

  it('is not waited for after its message was removed', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(61 * minute);
    await relay.service.remove(target(id), owner);
    relay.provider.onLook = allDone;
    await relay.clock.pass(10 * minute);
    expect((await relay.read(id)).result).toBeUndefined();
    expect(await relay.outbox.listDue(10)).toEqual([]);
  });

  it('is waited for no longer than a day', async () => {
    await relay.imagine();
    await relay.clock.pass(61 * minute);
    relay.clock.set(relay.clock.now() + 25 * 60 * minute);
    await relay.clock.pass(minute);
    const looks = relay.provider.looks.length;
    relay.clock.set(relay.clock.now() + 60 * minute);
    await relay.clock.pass(minute);
    expect(relay.provider.looks).toHaveLength(looks);
  });
});

describe('a lost answer at an API that can be searched', () => {
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

  it('is searched for until the deadline, whatever the search answers', async () => {
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

describe('places', () => {
  it('that lost answers hold come free by time', async () => {
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

  it('are not given to words that are being made already', async () => {
    const [first, twin] = [await relay.imagine('one', 'a fox'), await relay.imagine('two', 'a fox')];
    const other = await relay.imagine('three', 'a hare');
    expect((await relay.read(twin)).state).toBe('queued');
    expect((await relay.read(other)).state).toBe('running');
    relay.provider.onLook = allDone;
    await relay.clock.pass(20_000);
    for (const id of [first, twin, other]) expect((await relay.read(id)).state).toBe('done');
  });

  it('are taken no more once the bot stops', async () => {
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

describe('an account that is configured no more', () => {
  it('leaves its tasks to their deadline, without a look in vain', async () => {
    const id = await relay.imagine();
    await relay.crash();
    const again = await relay.reopen();
    let changes = 0;
    const real = again.changes.changeAll;
    again.changes.changeAll = (all) => {
      changes += all.length;
      return real(all);
    };
    again.accounts.get = () => undefined;
    again.tracker.start();
    await relay.clock.pass(80 * minute);
    expect((await again.database.tasks.get(id))?.state).toBe('failed');
    expect(changes).toBeLessThan(10);
  });
});

describe('a database that refuses writes', () => {
  it('loses nothing of what the provider said, and does not spin', async () => {
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

  it('is left alone for a while when a task cannot leave the queue', async () => {
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
});

describe('a provider that asks to wait for nothing', () => {
  it('is not asked without pause', async () => {
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 0 }));
    await relay.imagine();
    await relay.clock.pass(20_000);
    expect(relay.provider.submits.length).toBeLessThan(25);
  });

  it('is asked again after ten minutes though it says tomorrow', async () => {
    const accept = relay.provider.onSubmit;
    relay.provider.onSubmit = () =>
      Promise.reject(new ProviderError('busy', 'full', { retryAfterMs: 86_400_000 }));
    const id = await relay.imagine();
    relay.provider.onSubmit = accept;
    await relay.clock.pass(11 * minute);
    expect((await relay.read(id)).state).toBe('running');
  });
});
