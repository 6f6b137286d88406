import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf } from '../helpers/errors.ts';
import { always, aResult, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aTask } from '../helpers/tasks.ts';

const person = '444444444444444444';
const operatorId = '777777777777777777';
const { asker } = aCaller({ userId: person });
const operator = aCaller({ userId: operatorId }).asker;
const cost = { amount: 100, unit: 'points' };

let relay: Relay;
let id: string;
beforeEach(async () => {
  relay = await createRelay({ operator: { operatorIds: new Set([operatorId]) } });
  relay.provider.onLook = always({ ...aResult, facts: { seed: '7', cost } });
  id = await relay.imagine(person, 'a red fox');
  await relay.clock.pass(10_000);
});
afterEach(() => relay.remove());

const messageId = '888888888888888888';
/** Names a message as Discord would, since those of the other tests have no digits. */
async function showIn(message: string): Promise<void> {
  await relay.documents.messages.set(message, id);
}

describe('the card of a task', () => {
  it('says what the API told, and what it cost and is called there only to operators', async () => {
    const mine = await relay.taskCards.read(id, asker);
    expect(mine.task).toMatchObject({ id, facts: { seed: '7' } });
    expect(JSON.stringify(mine)).not.toContain('"cost"');
    expect(mine.providerId).toBeUndefined();
    const theirs = await relay.taskCards.read(id, operator);
    expect(theirs).toMatchObject({ task: { facts: { seed: '7', cost } }, providerId: 'remote-1' });
  });

  it.each([
    ['its id', () => id],
    ['its id with blanks around it', () => `  ${id}\n`],
    ['its message', () => messageId],
    ['a link to it', () => `https://discord.com/channels/222222222222222222/333333333333333333/${messageId}`],
    ['a link in direct messages', () => `https://discord.com/channels/@me/333333333333333333/${messageId}`],
    [
      'a link of another client',
      () => `https://ptb.discord.com/channels/@me/333333333333333333/${messageId} `,
    ],
    ['an old link', () => `https://discordapp.com/channels/@me/333333333333333333/${messageId}`],
  ])('is found by %s', async (_, named) => {
    await showIn(messageId);
    expect((await relay.taskCards.read(named(), asker)).task.id).toBe(id);
  });

  it.each([
    ['nothing', () => ' '],
    ['words of its prompt', () => 'a red fox'],
    ['a part of its id', () => id.slice(0, 8)],
    ['another message', () => '999999999999999999'],
    ['a link to another site', () => `https://evil.example/channels/@me/333333333333333333/${messageId}`],
    [
      'a link with something behind it',
      () => `https://discord.com/channels/@me/333333333333333333/${messageId}/7`,
    ],
    ['a name from every prototype', () => '__proto__'],
  ])('is not found by %s', async (_, named) => {
    await showIn(messageId);
    expect(await codeOf(relay.taskCards.read(named(), asker))).toBe('task-unknown');
  });

  it("isn't shown to anybody else, not even to administrators, by id or by message", async () => {
    await showIn(messageId);
    const stranger = { ...aCaller({ userId: '555555555555555555' }).asker, isAdministrator: true };
    for (const named of [id, messageId])
      expect(await codeOf(relay.taskCards.read(named, stranger))).toBe('task-unknown');
  });

  it('names what it was made from, and what was made from it by anybody, oldest first', async () => {
    const target = { taskId: id, messageId: `message-of-${id}`, offer: 1 };
    const other = aCaller({ userId: '555555555555555555' });
    const made: string[] = [];
    for (const caller of [aCaller({ userId: person }), other]) {
      const { task } = await relay.service.act({ ...target, offer: made.length }, caller);
      await relay.service.acknowledged(task.id, `message-of-${task.id}`);
      made.push(task.id);
      await relay.clock.pass(10_000);
    }
    const parent = await relay.taskCards.read(id, asker);
    expect(parent.children.map((child) => child.id)).toEqual(made);
    expect(parent.parent).toBeUndefined();
    const child = await relay.taskCards.read(made[0] ?? '', asker);
    expect(child.parent?.id).toBe(id);
    expect(child.siblings.map((sibling) => sibling.id)).toEqual([made[1]]);
    expect(child.children).toEqual([]);
    expect(parent.siblings).toEqual([]);
  });

  it('says whether it is a favorite of whoever asks, not of others', async () => {
    await relay.database.favorites.add(operatorId, id, 1);
    expect(await relay.taskCards.read(id, asker)).toMatchObject({ isOwn: true, isFavorite: false });
    expect(await relay.taskCards.read(id, operator)).toMatchObject({ isOwn: false, isFavorite: true });
  });
});

describe('tasks that are suggested for a card', () => {
  it("are the person's own, finished or not, with a seed or without", async () => {
    relay.provider.onLook = () => new Map();
    const running = await relay.imagine(person, 'a hare');
    await relay.imagine('another', 'a hare');
    const suggest = async (typed: string) =>
      (await relay.taskCards.suggest(person, typed)).map((one) => one.id);
    expect(await suggest('')).toEqual([running, id]);
    expect(await suggest('HARE')).toEqual([running]);
    expect(await suggest('wolf')).toEqual([]);
  });

  it('are older than the latest ones, too, by the words of their prompt', async () => {
    for (let count = 0; count < 200; count += 1)
      await relay.database.tasks.insert(
        aTask({ createdAt: relay.clock.now() + 1, origin: anOrigin({ userId: person }) }),
      );
    const suggest = async (typed: string) =>
      (await relay.taskCards.suggest(person, typed)).map((one) => one.id);
    expect(await suggest('red')).toEqual([id]);
    expect(await suggest('ed fox')).toEqual([]); // of those, only whole beginnings of words
  });
});
