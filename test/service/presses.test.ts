import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { InputPicture } from '../../src/task.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, moderator, owner, stranger, targetOf } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

describe('buttons of a result', () => {
  /** A finished task's message, which has its buttons. */
  const onFinished = async () => targetOf(await relay.finished());

  it('start what was offered, on the account and in the channel of the press', async () => {
    const parent = await onFinished();
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

  it('start one task when one person presses twice at once', async () => {
    const parent = await onFinished();
    const press = () => relay.service.act({ ...parent, offer: 0 }, aCaller({ userId: 'another' }));
    const codes = await Promise.all([codeOf(press()), codeOf(press())]);
    expect(codes.sort()).toEqual(['already-running', undefined]);
    expect(await relay.left('another')).toBe(1_990);
    expect(
      await codeOf(relay.service.act({ ...parent, offer: 0 }, aCaller({ userId: 'a third' }))),
    ).toBeUndefined();
  });

  it('count only on the message that shows the task', async () => {
    const parent = await onFinished();
    const other = await onFinished();
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

  it('are found in the task table if the message map lost them', async () => {
    const parent = await onFinished();
    await relay.documents.messages.delete(parent.messageId);
    expect(await codeOf(relay.service.act({ ...parent, offer: 0 }, aCaller()))).toBeUndefined();
    expect(await relay.documents.messages.get(parent.messageId)).toBe(parent.taskId);
  });

  it('show a picture again free if it was picked before', async () => {
    const parent = await onFinished();
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

  it('pick one of separate pictures free and without a call, with the offers for that picture', async () => {
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

  it('charge again if the picture is no longer kept', async () => {
    await relay.remove();
    relay = await createRelay({ isKept: false });
    const parent = await onFinished();
    relay.provider.onLook = allDone;
    for (const userId of ['one', 'two']) {
      const { task } = await relay.service.act({ ...parent, offer: 0 }, aCaller({ userId }));
      await relay.service.acknowledged(task.id, `of-${userId}`);
      await relay.clock.pass(10_000);
      expect(await relay.left(userId)).toBe(1_990);
    }
  });
});

describe('buttons of a failed task', () => {
  async function failed(): Promise<string> {
    const accept = relay.provider.onSubmit;
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
    const id = await relay.imagine();
    relay.provider.onSubmit = accept;
    return id;
  }

  it('try it again as a new task of the person who presses', async () => {
    const id = await failed();
    const { task } = await relay.service.again(targetOf(id), aCaller({ userId: stranger.userId }));
    expect(task).toMatchObject({ state: 'queued', request: { prompt: 'a fox' } });
    expect(task.id).not.toBe(id);
    expect(await relay.left(stranger.userId)).toBe(1_900);
    expect(await codeOf(relay.service.again(targetOf(await relay.finished()), aCaller()))).toBe(
      'unknown-component',
    );
  });

  it.each([
    ['a picture', (picture: InputPicture) => ({ pictures: [picture] })],
    ['a mask', (picture: InputPicture) => ({ pictures: [], region: { cells: [], picture } })],
  ])('refuse to try it again, at no cost, once Discord has deleted %s', async (_what, toParts) => {
    const expiresAt = relay.clock.now() + 60_000;
    const url = `https://cdn.example/1?ex=${Math.ceil(expiresAt / 1_000).toString(16)}&is=1&hm=1`;
    relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast' } as const;
    const parts = toParts({ url, name: 'photo.png' });
    const { task } = await relay.service.start({ ...request, ...parts }, aCaller());
    await relay.service.acknowledged(task.id, `message-of-${task.id}`);
    await relay.clock.pass(61_000);
    expect((await relay.database.tasks.get(task.id))?.state).toBe('failed');
    expect(await codeOf(relay.service.again(targetOf(task.id), aCaller()))).toBe('picture-gone');
    expect(await relay.left()).toBe(2_000);
  });

  it('start one task when Try again is pressed twice at once', async () => {
    const id = await failed();
    const press = () => codeOf(relay.service.again(targetOf(id), aCaller()));
    expect((await Promise.all([press(), press()])).sort()).toEqual(['already-running', undefined]);
    expect(await relay.left()).toBe(1_900);
  });

  it('let its owner and moderators remove the message, and nobody remove one that is running', async () => {
    const id = await failed();
    expect(await codeOf(relay.service.remove(targetOf(id), stranger))).toBe('not-yours');
    await relay.service.remove(targetOf(id), owner);
    expect(await relay.outbox.listDue(10)).toEqual([]);
    await relay.service.remove(targetOf(await failed()), moderator);
    expect(await codeOf(relay.service.remove(targetOf(await relay.imagine()), owner))).toBe(
      'unknown-component',
    );
  });
});

describe('Check', () => {
  it('owes the message again, with its new token', async () => {
    const id = await relay.finished();
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    expect((await relay.read(id)).origin.place.token).toBeUndefined();
    await relay.service.moveTo(
      targetOf(id),
      { ...anOrigin().place, token: 'new', messageId: 'wrong' },
      owner.userId,
    );
    const [owed] = await relay.outbox.listDue(10);
    expect(owed?.task.origin.place).toMatchObject({ token: 'new', messageId: `message-of-${id}` });
  });
});
