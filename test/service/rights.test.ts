import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../src/errors.ts';
import type { Presser } from '../../src/service/task-messages.ts';
import type { Target } from '../../src/tasks/message-map.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aPlace } from '../helpers/tasks.ts';

const minute = 60_000;
const owner: Presser = { userId: '444444444444444444', canManageMessages: false };
const stranger: Presser = { userId: '555555555555555555', canManageMessages: false };
const moderator: Presser = { userId: '666666666666666666', canManageMessages: true };

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay();
});
afterEach(() => relay.remove());

const target = (taskId: string): Target => ({ taskId, messageId: `message-of-${taskId}` });

async function finished(): Promise<string> {
  relay.provider.onLook = allDone;
  const id = await relay.imagine();
  await relay.clock.pass(10_000);
  return id;
}

async function failed(): Promise<string> {
  const accept = relay.provider.onSubmit;
  relay.provider.onSubmit = () => Promise.reject(new ProviderError('rejected', 'no'));
  const id = await relay.imagine();
  relay.provider.onSubmit = accept;
  return id;
}

/** The owner may, and people who may remove others' messages. */
describe('what only some people may press', () => {
  it.each([
    ['the owner', owner, undefined],
    ['a stranger', stranger, 'not-yours'],
    ['a moderator', moderator, undefined],
  ])('removes a result: %s', async (_who, presser, code) => {
    const id = await finished();
    expect(await codeOf(relay.service.remove(target(id), presser))).toBe(code);
    expect((await relay.outbox.listDue(10)).length).toBe(code === undefined ? 0 : 1);
  });

  it.each([
    ['the owner', owner, 'cancelled'],
    ['a stranger', stranger, 'queued'],
    ['a moderator', moderator, 'cancelled'],
  ])('cancels a waiting task: %s', async (_who, presser, state) => {
    for (let count = 0; count < 3; count += 1) await relay.imagine(owner.userId, `prompt ${count}`);
    const id = await relay.imagine();
    await codeOf(relay.service.cancel(target(id), presser));
    expect((await relay.read(id)).state).toBe(state);
  });

  it.each([
    ['the owner', owner, undefined],
    ['a stranger', stranger, 'not-yours'],
    ['a moderator', moderator, 'not-yours'],
  ])('answers a question, and sees it: %s', async (_who, presser, code) => {
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'asking' }]));
    const id = await relay.imagine();
    await relay.clock.pass(10_000);
    expect(await codeOf(relay.service.questionOf(target(id), presser.userId))).toBe(code);
    expect(await codeOf(relay.service.answer(target(id), presser.userId, 'a hare'))).toBe(code);
    expect(relay.provider.answers).toHaveLength(code === undefined ? 1 : 0);
  });

  it('nothing on a message that shows another task', async () => {
    const [one, other] = [await finished(), await failed()];
    const wrong = { taskId: other, messageId: `message-of-${one}` };
    const presses = {
      act: () => relay.service.act({ ...wrong, offer: 0 }, aCaller()),
      windowFor: () => relay.service.windowFor({ ...wrong, offer: 2 }, aCaller()),
      questionOf: () => relay.service.questionOf(wrong, owner.userId),
      answer: () => relay.service.answer(wrong, owner.userId, 'a hare'),
      cancel: () => relay.service.cancel(wrong, owner),
      again: () => relay.service.again(wrong, aCaller()),
      verify: () => relay.service.verify(wrong, owner.userId),
      moveTo: () => relay.service.moveTo(wrong, anOrigin().place, owner.userId),
      remove: () => relay.service.remove(wrong, moderator),
    };
    for (const [name, press] of Object.entries(presses))
      expect([name, await codeOf(press())]).toEqual([name, 'unknown-component']);
  });
});

describe('a removed message', () => {
  it('is no longer owed a result or a mention', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(2 * minute);
    relay.provider.onLook = allDone;
    await relay.clock.pass(minute);
    expect(await relay.database.deliveries.count()).toBe(2);
    await relay.service.remove(target(id), owner);
    expect(await relay.database.deliveries.count()).toBe(0);
    expect(await codeOf(relay.service.verify(target(id), owner.userId))).toBeUndefined(); // the table still has it
  });
});

describe('a new token', () => {
  it('leaves the message unchanged, no matter which one the press names', async () => {
    const id = await finished();
    const { messageId: _, ...place } = anOrigin().place;
    await relay.service.moveTo(target(id), { ...place, token: 'second' }, owner.userId);
    expect((await relay.read(id)).origin.place).toMatchObject({
      token: 'second',
      messageId: `message-of-${id}`,
    });
    await relay.service.moveTo(target(id), { ...place, token: 'third', messageId: 'wrong' }, owner.userId);
    expect((await relay.read(id)).origin.place).toMatchObject({
      token: 'third',
      messageId: `message-of-${id}`,
    });
    expect(await codeOf(relay.service.act({ ...target(id), offer: 0 }, aCaller()))).toBeUndefined();
  });

  it("doesn't change which message Discord shows above it", async () => {
    const id = await finished();
    await relay.service.moveTo(target(id), { ...anOrigin().place, repliesTo: 'itself' }, owner.userId);
    expect((await relay.read(id)).origin.place.repliesTo).toBeUndefined();
    const origin = anOrigin({ interactionId: 'pressed', place: aPlace({ repliesTo: 'the-grid' }) });
    const { task } = await relay.service.act({ ...target(id), offer: 0 }, { ...aCaller(), origin });
    await relay.service.acknowledged(task.id, 'pressed-message');
    const pressed = { taskId: task.id, messageId: 'pressed-message' };
    await relay.service.moveTo(pressed, { ...anOrigin().place, repliesTo: 'pressed-message' }, owner.userId);
    expect((await relay.read(task.id)).origin.place.repliesTo).toBe('the-grid');
  });

  it('brings a late result', async () => {
    const id = await relay.imagine();
    await relay.clock.pass(61 * minute);
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    relay.provider.onLook = allDone;
    await relay.clock.pass(6 * minute);
    for (let round = 0; round < 2; round += 1)
      for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    expect(await relay.outbox.listDue(10)).toEqual([]);
    await relay.service.moveTo(target(id), { ...anOrigin().place, token: 'second' }, owner.userId);
    const owed = await relay.outbox.listDue(10);
    expect(owed.map(({ kind }) => kind)).toEqual(['final']); // and pings nobody again
    expect(owed[0]?.task).toMatchObject({
      lateAt: expect.any(Number),
      result: { media: [{ kind: 'picture' }] },
      origin: { place: { token: 'second' } },
    });
  });
});
