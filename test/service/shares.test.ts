import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createShares, type Sharer } from '../../src/service/shares.ts';
import { type Origin, toPrivatePlace } from '../../src/task.ts';
import { codeOf, detailsOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aPlace, moderator, owner, stranger, targetOf } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
const hidden = (place = {}) => toPrivatePlace(aPlace(place));
const inPrivate = (overrides: Partial<Origin> = {}) => aCaller({ place: hidden(), ...overrides });

/** The owner of a private result, who presses its buttons. */
function aSharer(overrides: Partial<Sharer> = {}): Sharer {
  const caller = inPrivate({ place: hidden({ repliesTo: 'the-private-one' }) });
  return { ...caller, channel: { isOpenToBot: true, takesMessages: true }, ...overrides };
}

async function start(): Promise<string> {
  const { task } = await relay.service.start(request, inPrivate());
  await relay.service.acknowledged(task.id, `message-of-${task.id}`);
  await relay.clock.pass(0);
  return task.id;
}

async function finished(): Promise<string> {
  relay.provider.onLook = allDone;
  const id = await start();
  await relay.clock.pass(10_000);
  return id;
}

describe('a private task', () => {
  it('is pressed by its owner alone, not even by moderators', async () => {
    const [done, running] = [await finished(), await startRunning()];
    const others = [stranger, moderator].map(({ userId }) => ({
      caller: aCaller({ userId }),
      presser: { userId, canManageMessages: true },
    }));
    for (const { caller, presser } of others) {
      const { userId } = presser;
      const presses = {
        act: () => relay.service.act({ ...targetOf(done), offer: 0 }, caller),
        windowFor: () => relay.service.windowFor({ ...targetOf(done), offer: 2 }, caller),
        questionOf: () => relay.service.questionOf(targetOf(running), userId),
        answer: () => relay.service.answer(targetOf(running), userId, 'a hare'),
        cancel: () => relay.service.cancel(targetOf(running), presser),
        cancelAnyway: () => relay.service.cancelAnyway(running, { ...presser, ...caller }),
        again: () => relay.service.again(targetOf(running), caller),
        verify: () => relay.service.verify(targetOf(done), userId),
        moveTo: () => relay.service.moveTo(targetOf(done), anOrigin().place, userId),
        remove: () => relay.service.remove(targetOf(done), presser),
        favorite: () => relay.favorites.add(targetOf(done), userId),
        style: () => relay.drawnStyles.find(targetOf(done), userId),
        proposal: () => relay.proposals.read({ ...targetOf(done), index: 0 }, caller),
        bring: () => relay.service.requireBringable(done, userId),
        publish: () => relay.shares.publish(targetOf(done), { ...aSharer(), ...caller }),
        copyTo: () => relay.shares.copyTo(targetOf(done), '9', caller),
      };
      for (const [name, press] of Object.entries(presses))
        expect([name, await codeOf(press())]).toEqual([name, 'unknown-component']);
    }
    await relay.service.act({ ...targetOf(done), offer: 0 }, inPrivate());
    await relay.service.verify(targetOf(done), owner.userId);
    await relay.favorites.add(targetOf(done), owner.userId);
  });

  async function startRunning(): Promise<string> {
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    return start();
  }

  it('stays private with each new token, wherever its message is', async () => {
    const id = await finished();
    await relay.service.moveTo(targetOf(id), aPlace({ token: 'second' }), owner.userId);
    expect((await relay.read(id)).origin.place).toMatchObject({
      token: 'second',
      isPrivate: true,
      isOpenToBot: false,
    });
    await relay.service.bring(id, aPlace({ token: 'third', messageId: 'another' }), owner.userId);
    expect((await relay.read(id)).origin.place).toMatchObject({
      token: 'third',
      messageId: 'another',
      isPrivate: true,
      isOpenToBot: false,
    });
    const [owed] = await relay.outbox.listDue(10);
    expect(owed?.task.origin.place.token).toBe('third');
    await relay.service.verify({ taskId: id, messageId: 'another' }, owner.userId);
    // The first message still shows it, and a press there brings a token for that one.
    await relay.service.moveTo(targetOf(id), hidden({ token: 'fourth' }), owner.userId);
    expect((await relay.read(id)).origin.place).toMatchObject({ messageId: `message-of-${id}` });
  });

  it('says in the export that it was private', async () => {
    await finished();
    await relay.finished();
    const { tasks } = JSON.parse(await relay.personalData.export(owner.userId));
    expect(tasks.map((task: { private?: boolean }) => task.private)).toEqual([undefined, true]);
  });

  it('is brought back only if it is private, and something is left of it', async () => {
    const [open, gone, forgotten] = [await relay.finished(), await finished(), await finished()];
    await relay.service.remove(targetOf(gone), owner);
    await relay.changes.changeAll([{ id: forgotten, event: { type: 'forgotten', isAll: true } }]);
    for (const id of [open, gone, forgotten, 'nothing'])
      expect(await codeOf(relay.service.requireBringable(id, owner.userId))).toBe('unknown-component');
  });

  it('mentions nobody, unless its person wants a direct message', async () => {
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    const quiet = await start();
    const { task: told } = await relay.service.start(request, inPrivate({ isToldDirectly: true }));
    await relay.service.acknowledged(told.id, `message-of-${told.id}`);
    await relay.clock.pass(120_000);
    relay.provider.onLook = allDone;
    await relay.clock.pass(60_000);
    expect((await relay.read(quiet)).state).toBe('done');
    const owed = await relay.outbox.listDue(10);
    for (const one of owed) {
      if (one.task.id === told.id) await relay.outbox.giveUp(one, { isToldAnyway: true });
      else await relay.outbox.settle(one);
    }
    const left = await relay.outbox.listDue(10);
    expect(left.map(({ task, kind }) => [task.id, kind])).toEqual([[told.id, 'mention']]);
  });

  it('comes of a question that was asked privately about it, and an open one of any other', async () => {
    relay.provider.onLook = allDone;
    const doubtful = { ...request, prompt: 'a fox --stlize 5' };
    const asked = await relay.service.start(doubtful, inPrivate()).catch((error: unknown) => error);
    const { draft = '' } = detailsOf(asked, 'prompt-doubtful') ?? {};
    // The press is on the question, which only its person sees.
    const { task } = await relay.resume.settle(draft, 'corrected', inPrivate());
    expect(task.origin.place).toMatchObject({ isPrivate: true, isOpenToBot: false });
    // Nor does a press from somewhere else make it public.
    const { draft: third = '' } =
      detailsOf(
        await relay.service.start(doubtful, inPrivate()).catch((error: unknown) => error),
        'prompt-doubtful',
      ) ?? {};
    const elsewhere = aCaller({ place: aPlace({ channelId: '910' }) });
    expect(await relay.resume.expect(third, elsewhere)).toMatchObject({ isPrivate: true });
    const { task: moved } = await relay.resume.settle(third, 'corrected', elsewhere);
    expect(moved.origin.place).toMatchObject({ channelId: '910', isPrivate: true, isOpenToBot: false });
    const openly = await relay.service.start(doubtful, aCaller()).catch((error: unknown) => error);
    const { draft: other = '' } = detailsOf(openly, 'prompt-doubtful') ?? {};
    expect(await relay.resume.expect(other, inPrivate())).toEqual({ takesLong: false, isPrivate: false });
    const { task: open } = await relay.resume.settle(other, 'corrected', inPrivate());
    expect(open.origin.place.isPrivate).toBeUndefined();
    expect(open.origin.place.isOpenToBot).toBe(true);
  });
});

describe('a published result', () => {
  it('is a copy in the open, with the offers of the private one', async () => {
    const id = await finished();
    const before = await relay.left();
    const { task } = await relay.shares.publish(targetOf(id), aSharer());
    expect(task.origin.place).toMatchObject({ isOpenToBot: true });
    expect(task.origin.place.isPrivate).toBeUndefined();
    expect(task.origin.place.repliesTo).toBeUndefined();
    expect(task.parentMessageId).toBeUndefined();
    await relay.service.acknowledged(task.id, 'in-the-open');
    const shown = await relay.read(task.id);
    expect(shown).toMatchObject({ state: 'done', price: 0, result: { keptAs: id } });
    expect(shown.result?.offers).toEqual((await relay.read(id)).result?.offers);
    expect(await relay.left()).toBe(before);
    expect(relay.provider.submits).toHaveLength(1);
  });

  it('is published once, unless nobody ever saw it', async () => {
    const id = await finished();
    const { task: unseen } = await relay.shares.publish(targetOf(id), aSharer());
    await relay.service.unacknowledged(unseen.id);
    const both = await Promise.allSettled([
      relay.shares.publish(targetOf(id), aSharer()),
      relay.shares.publish(targetOf(id), aSharer()),
    ]);
    expect(both.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const seen = both.flatMap((one) => (one.status === 'fulfilled' ? [one.value.task] : []))[0];
    await relay.service.acknowledged(seen?.id ?? '', 'in-the-open');
    const again = await relay.shares.publish(targetOf(id), aSharer()).catch((error: unknown) => error);
    expect(detailsOf(again, 'already-published')?.place.messageId).toBe('in-the-open');
  });

  it('is published once, even if the first one ends while the second one is being decided', async () => {
    const id = await finished();
    const first = await relay.shares.publish(targetOf(id), aSharer());
    await relay.service.acknowledged(first.task.id, 'in-the-open');
    const behind = createShares({
      ...relay,
      canBeShown: async () => true,
      database: { tasks: { listChildren: async () => [] } } as never,
      messageMap: { require: () => relay.read(id) },
    });
    expect(await codeOf(behind.publish(targetOf(id), aSharer()))).toBe('already-started');
    expect(await relay.database.tasks.listChildren([id])).toHaveLength(1);
  });

  it.each([
    ['where nobody may write', 'publish-forbidden', { channel: { isOpenToBot: true, takesMessages: false } }],
  ] as const)("isn't shown %s", async (_, code, sharer) => {
    const id = await finished();
    expect(await codeOf(relay.shares.publish(targetOf(id), aSharer(sharer)))).toBe(code);
    expect(await relay.database.tasks.listChildren([id])).toEqual([]);
  });

  it('says what it was made with, but not what somebody gave to the private task before it', async () => {
    relay.provider.onLook = allDone;
    const pictures = [{ url: 'https://cdn.example/secret.png', name: 'secret.png' }];
    const { task: first } = await relay.service.start({ ...request, pictures }, inPrivate());
    await relay.service.acknowledged(first.id, 'first');
    await relay.clock.pass(10_000);
    const press = { taskId: first.id, messageId: 'first', offer: 1 };
    const { task: varied } = await relay.service.act(press, inPrivate());
    await relay.service.acknowledged(varied.id, `message-of-${varied.id}`);
    await relay.clock.pass(10_000);
    const { task } = await relay.shares.publish(targetOf(varied.id), aSharer());
    await relay.service.acknowledged(task.id, 'in-the-open');
    const again = async (userId: string) => {
      const caller = aCaller({ userId });
      const { draft, ...window } = await relay.menuWork.beginAgain('in-the-open', caller);
      const begun = await relay.menuWork.finish(draft, { prompt: 'a hare', chosen: [] }, caller);
      return { ...window, sent: begun.request.pictures.map(({ name }) => name) };
    };
    const theirs = { prompt: 'a fox', references: { kept: 0, gone: 0 }, sent: [] };
    expect(await again(stranger.userId)).toMatchObject(theirs);
    expect(await again(owner.userId)).toMatchObject({ references: { kept: 1 }, sent: ['secret.png'] });
  });

  it("doesn't exist of what is open, unfinished, or forgotten", async () => {
    const [open, forgotten] = [await relay.finished(), await finished()];
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    const unfinished = await start();
    await relay.changes.changeAll([{ id: forgotten, event: { type: 'forgotten', isAll: true } }]);
    const codes = [open, unfinished, forgotten].map((id) =>
      codeOf(relay.shares.publish(targetOf(id), aSharer())),
    );
    expect(await Promise.all(codes)).toEqual(['unknown-component', 'unknown-component', 'task-emptied']);
  });
});

describe('a private result whose pictures are gone', () => {
  it("isn't shown again: within a day its provider has them, afterward they have to be kept", async () => {
    const poor = await createRelay({ isKept: false });
    poor.provider.onLook = allDone;
    const { task } = await poor.service.start(request, inPrivate());
    await poor.service.acknowledged(task.id, `message-of-${task.id}`);
    await poor.clock.pass(10_000);
    const ways = {
      publish: () => poor.shares.publish(targetOf(task.id), aSharer()),
      copyTo: () => poor.shares.copyTo(targetOf(task.id), '9', inPrivate()),
      bring: () => poor.service.requireBringable(task.id, owner.userId),
    };
    expect(await codeOf(ways.bring())).toBeUndefined();
    await poor.clock.pass(21 * 60 * 60_000);
    for (const [name, way] of Object.entries(ways))
      expect([name, await codeOf(way())]).toEqual([name, 'result-gone']);
    await poor.remove();
  });

  it('keeps its price, since it was seen', async () => {
    const id = await finished();
    const [owed] = await relay.outbox.listDue(10);
    if (owed !== undefined) await relay.outbox.settle(owed);
    const before = await relay.left();
    await relay.service.bring(id, aPlace({ messageId: 'another' }), owner.userId);
    expect(await relay.changes.change(id, { type: 'unshown', kind: 'unfetched' })).toBeUndefined();
    expect([await relay.left(), (await relay.read(id)).state]).toEqual([before, 'done']);
    // What nobody has seen yet is refunded.
    const unseen = await finished();
    const paid = await relay.left();
    await relay.changes.change(unseen, { type: 'unshown', kind: 'unfetched' });
    expect(await relay.left()).toBe(paid + 100);
  });
});

describe('a direct copy', () => {
  it('has no buttons for people who may not use the bot there, and is the bot’s own message', async () => {
    const id = await finished();
    const { task } = await relay.shares.copyTo(targetOf(id), '909', inPrivate());
    expect(task.origin.place).toMatchObject({ channelId: '909', hasNoButtons: true, isOpenToBot: true });
    expect(task.origin.place).not.toHaveProperty('token');
    expect(task.origin.place).not.toHaveProperty('guildId');
    const allowed = await createRelay({
      operator: { allowsDirect: true, operatorIds: new Set([owner.userId]) },
    });
    allowed.provider.onLook = allDone;
    const { task: source } = await allowed.service.start(request, inPrivate());
    await allowed.service.acknowledged(source.id, `message-of-${source.id}`);
    await allowed.clock.pass(10_000);
    const copy = await allowed.shares.copyTo(targetOf(source.id), '909', inPrivate());
    expect(copy.task.origin.place.hasNoButtons).toBeUndefined();
    await allowed.remove();
  });
});

describe('a direct copy, and what comes of it there', () => {
  const operatorId = '777777777777777777';

  it("isn't found by anybody else, not even by operators", async () => {
    await relay.remove();
    relay = await createRelay({
      operator: { allowsDirect: true, operatorIds: new Set([operatorId, owner.userId]) },
    });
    const id = await finished();
    const { task: copy } = await relay.shares.copyTo(targetOf(id), '909', inPrivate());
    await relay.service.acknowledged(copy.id, 'sent');
    const { guildId: _, ...direct } = aPlace({ channelId: '909' });
    const press = { taskId: copy.id, messageId: 'sent', offer: 0 };
    const { task: child } = await relay.service.act(press, aCaller({ place: direct }));
    const elsewhere = aCaller({ place: { ...direct, channelId: '910' } });
    const { task: open } = await relay.service.act({ ...press, offer: 1 }, elsewhere);
    const read = (taskId: string, userId: string) =>
      codeOf(relay.taskCards.read(taskId, aCaller({ userId }).asker));
    for (const hiddenId of [id, copy.id, child.id]) {
      expect(await read(hiddenId, operatorId)).toBe('task-unknown');
      expect(await read(hiddenId, owner.userId)).toBeUndefined();
    }
    expect(await read(open.id, operatorId)).toBeUndefined();
    const { task: published } = await relay.shares.publish(targetOf(id), aSharer());
    const card = await relay.taskCards.read(published.id, aCaller({ userId: operatorId }).asker);
    expect([card.parent, card.siblings]).toEqual([undefined, []]);
  });

  it('is no more than a number in the queue', async () => {
    const id = await finished();
    await relay.shares.copyTo(targetOf(id), '909', inPrivate());
    const asked = { book: aCaller().asker.book, userId: stranger.userId };
    expect((await relay.queue.read(asked)).next.map(({ isHidden }) => isHidden)).toEqual([true]);
  });
});

describe('a copy that its owner is told with', () => {
  it('is sent to its owner whatever the server allows to be made, and where', async () => {
    const id = await finished();
    const source = await relay.read(id);
    const role = '123456789012345678';
    await relay.policies.update(source.origin.book, () => ({
      channels: { mode: 'only', ids: [role] },
      commandRoles: { imagine: [role] },
    }));
    expect(await codeOf(relay.service.start(request, inPrivate()))).toBe('channel-not-allowed');
    expect((await relay.shares.copyOnce(source, '909')).isNew).toBe(true);
  });

  it('is made once, without an interaction', async () => {
    const id = await finished();
    const source = await relay.read(id);
    const { task, isNew } = await relay.shares.copyOnce(source, '909');
    expect([isNew, task.origin.place.channelId, task.price]).toEqual([true, '909', 0]);
    await relay.service.acknowledged(task.id, 'told');
    const again = await relay.shares.copyOnce(source, '909');
    expect(again).toMatchObject({ isNew: false, task: { id: task.id } });
    expect((await relay.read(task.id)).result?.keptAs).toBe(id);
  });
});

describe('relatives', () => {
  it('that others keep to themselves are on nobody’s card', async () => {
    relay.provider.onLook = allDone;
    const open = await relay.imagine();
    await relay.clock.pass(10_000);
    const other = stranger.userId;
    const press = { ...targetOf(open), offer: 1 };
    const theirs = await relay.service.act(press, aCaller({ userId: other, place: hidden() }));
    const own = await relay.service.act({ ...press, offer: 0 }, aCaller());
    await relay.service.acknowledged(theirs.task.id, 'theirs');
    await relay.service.acknowledged(own.task.id, 'own');
    const card = await relay.taskCards.read(open, aCaller().asker);
    expect(card.children.map(({ id }) => id)).toEqual([own.task.id]);
    const sibling = await relay.taskCards.read(own.task.id, aCaller().asker);
    expect(sibling.siblings).toEqual([]);
    const others = await relay.taskCards.read(theirs.task.id, aCaller({ userId: other }).asker);
    expect(others.siblings.map(({ id }) => id)).toEqual([own.task.id]);
    expect(await codeOf(relay.taskCards.read(theirs.task.id, aCaller().asker))).toBe('task-unknown');
  });
});
