import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { longestSearch, mostPage } from '../../src/service/task-lists.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aTask, targetOf } from '../helpers/tasks.ts';

const [ann, bob] = ['444444444444444444', '555555555555555555'];

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ operator: { operatorIds: new Set([bob]) } });
  relay.provider.onLook = allDone;
});
afterEach(() => relay.remove());

async function done(prompt: string, person = ann): Promise<string> {
  const id = await relay.imagine(person, prompt);
  await relay.clock.pass(10_000);
  return id;
}

const promptsOf = async (listing: Parameters<Relay['taskLists']['read']>[0], person = ann) =>
  (await relay.taskLists.read(listing, person)).tasks.map(({ task }) => task.request.prompt);

describe('a list of tasks', () => {
  it("is the person's own, even for operators, newest first, and says how long words are kept", async () => {
    await done('a red fox');
    await done('a hare', bob);
    await done('a blue fox');
    const list = await relay.taskLists.read({ filter: 'mine', page: 1 }, ann);
    expect(list.tasks.map(({ task }) => task.request.prompt)).toEqual(['a blue fox', 'a red fox']);
    expect(list).toMatchObject({ hasMore: false, keptDays: 365 });
    expect(await promptsOf({ filter: 'mine', page: 1 }, bob)).toEqual(['a hare']);
    expect(await promptsOf({ words: 'fox', page: 1 }, bob)).toEqual([]);
    expect(await relay.taskLists.suggest(bob, 'fox')).toEqual([]);
  });

  it('shows what is unfinished, what failed, and what is of one kind', async () => {
    const grid = await done('a red fox');
    await relay.service.act({ ...targetOf(grid), offer: 0 }, aCaller({ userId: ann }));
    relay.provider.onLook = () => new Map();
    await relay.imagine(ann, 'a slow fox');
    const failed = {
      state: 'failed',
      finishedAt: 1,
      failure: { kind: 'internal', mayHaveCost: false },
    } as const;
    await relay.database.tasks.insert(aTask({ ...failed, origin: anOrigin({ userId: ann }) }));
    const read = async (listing: object) =>
      (await relay.taskLists.read({ filter: 'mine', page: 1, ...listing }, ann)).tasks.map(
        ({ task }) => `${task.request.action} ${task.state}`,
      );
    expect(await read({ filter: 'running' })).toContain('imagine running');
    expect(await read({ filter: 'running' })).not.toContain('imagine done');
    expect(await read({ filter: 'failed' })).toEqual(['imagine failed']);
    expect(new Set((await read({ kind: 'upscale' })).map((one) => one.split(' ')[0]))).toEqual(
      new Set(['upscale']),
    );
    expect(await read({ kind: 'video' })).toEqual([]);
  });

  it('comes in pages of ten, and no page is out of reach', async () => {
    for (let count = 0; count < 21; count += 1)
      await relay.database.tasks.insert(
        aTask({
          createdAt: count,
          origin: anOrigin({ userId: ann }),
          request: { ...aTask().request, prompt: `fox ${count}` },
        }),
      );
    for (const one of [{ filter: 'mine' } as const, { words: 'fox' }]) {
      const [first, second, third] = await Promise.all(
        [1, 2, 3].map((page) => relay.taskLists.read({ ...one, page }, ann)),
      );
      expect([first, second, third].map((list) => [list?.tasks.length, list?.hasMore])).toEqual([
        [10, true],
        [10, true],
        [1, false],
      ]);
      expect(first?.tasks[0]?.task.request.prompt).toBe('fox 20');
      expect((await relay.taskLists.read({ ...one, page: 0 }, ann)).listing.page).toBe(1);
      expect(await relay.taskLists.read({ ...one, page: 9_999 }, ann)).toMatchObject({
        listing: { page: mostPage },
        tasks: [],
        hasMore: false,
      });
    }
  });
});

describe('a search', () => {
  it('finds tasks that are older than the rest, and those that others made of mine are not mine', async () => {
    const grid = await done('a red fox');
    await relay.service.act({ ...targetOf(grid), offer: 0 }, aCaller({ userId: bob }));
    expect(await promptsOf({ words: 'RED fo', page: 1 })).toEqual(['a red fox']);
  });

  it('is refused without a word', async () => {
    expect(await codeOf(relay.taskLists.read({ words: ' -- 🦊', page: 1 }, ann))).toBe('search-empty');
  });

  it('takes no more words than fit into a button', async () => {
    await done('a red fox');
    const { listing } = await relay.taskLists.read({ words: `fox ${'x'.repeat(900)}`, page: 1 }, ann);
    expect('words' in listing && listing.words.length).toBe(longestSearch);
  });

  it('suggests prompts that have what was typed, whole words of them, once each', async () => {
    const long = `a fox ${'with words that go on and on '.repeat(9)}`;
    for (const prompt of [long, 'a red fox', 'a red fox', 'a hare']) await done(prompt);
    const suggested = await relay.taskLists.suggest(ann, 'fo');
    expect(suggested).toEqual([
      'a red fox',
      expect.stringMatching(/^a fox with words .* (?:on|and|go|that|words|with)$/u),
    ]);
    for (const words of suggested) {
      expect(words.length).toBeLessThanOrEqual(longestSearch);
      expect((await promptsOf({ words, page: 1 })).length).toBeGreaterThan(0);
    }
    expect(await relay.taskLists.suggest(ann, '')).toHaveLength(3);
  });

  it('forgets at once what somebody wants forgotten', async () => {
    await done('a red fox');
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    expect(await promptsOf({ words: 'fox', page: 1 })).toHaveLength(1);
    await relay.personalData.forget(ann);
    expect(await promptsOf({ words: 'fox', page: 1 })).toEqual([]);
    expect(await promptsOf({ filter: 'mine', page: 1 })).toEqual(['']);
  });
});

describe('a favorite', () => {
  it('is anybody’s result, once, and survives a restart', async () => {
    const [mine, theirs] = [await done('a red fox'), await done('a hare', bob)];
    for (const id of [mine, theirs, mine]) {
      await relay.favorites.add(targetOf(id), ann);
      await relay.clock.pass(1);
    }
    await relay.close();
    relay = { ...relay, ...(await relay.reopen()) };
    const { tasks } = await relay.taskLists.read({ filter: 'favorites', page: 1 }, ann);
    expect(tasks.map(({ task, isOwn, isFavorite }) => [task.id, isOwn, isFavorite])).toEqual([
      [theirs, false, true],
      [mine, true, true],
    ]);
    expect(await promptsOf({ filter: 'favorites', page: 1 }, bob)).toEqual([]);
    expect(await promptsOf({ filter: 'mine', page: 1 })).toEqual(['a red fox']);
    await relay.favorites.remove(theirs, bob);
    await relay.favorites.remove(mine, ann);
    expect(await promptsOf({ filter: 'favorites', page: 1 })).toEqual(['a hare']);
  });

  it("can't be somebody else's task that the message doesn't show, or one without a result", async () => {
    const theirs = await done('a secret hare', bob);
    const shown = await done('a red fox');
    const forged = { taskId: theirs, messageId: targetOf(shown).messageId };
    expect(await codeOf(relay.favorites.add(forged, ann))).toBe('unknown-component');
    expect(await codeOf(relay.favorites.add({ taskId: 'unknown', messageId: '1' }, ann))).toBe(
      'unknown-component',
    );
    relay.provider.onLook = () => new Map();
    const running = await relay.imagine(ann, 'a slow fox');
    expect(await codeOf(relay.favorites.add(targetOf(running), ann))).toBe('unknown-component');
    expect(await promptsOf({ filter: 'favorites', page: 1 })).toEqual([]);
  });

  it('can be one’s own wherever it’s named, even if its message was deleted', async () => {
    const mine = await done('a red fox');
    await relay.service.remove(targetOf(mine), { userId: ann, canManageMessages: false });
    await relay.favorites.add({ taskId: mine, messageId: 'of a card' }, ann);
    const [listed] = (await relay.taskLists.read({ filter: 'favorites', page: 1 }, ann)).tasks;
    expect(listed?.task).toMatchObject({ request: { prompt: 'a red fox' }, removedAt: expect.any(Number) });
  });

  it('no longer shows what somebody else has deleted', async () => {
    const theirs = await done('a hare', bob);
    await relay.favorites.add(targetOf(theirs), ann);
    await relay.service.remove(targetOf(theirs), { userId: bob, canManageMessages: false });
    expect(await promptsOf({ filter: 'favorites', page: 1 })).toEqual(['']);
    expect(await promptsOf({ filter: 'mine', page: 1 }, bob)).toEqual(['a hare']);
  });
});
