import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPersonalData, type PersonalData } from '../../src/service/personal-data.ts';
import { createQueue } from '../../src/service/queue-view.ts';
import { settle } from '../helpers/clock.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, anOrigin, aTask } from '../helpers/tasks.ts';

let relay: Relay;
let data: PersonalData;
let removed: string[];
beforeEach(async () => {
  relay = await createRelay({ operator: { allowsDirect: true } });
  removed = [];
  const pictures = { remove: async (id: string) => void removed.push(id) };
  data = createPersonalData({ ...relay, pictures, log: pino({ level: 'silent' }) });
});
afterEach(() => relay.remove());

const { userId, book } = anOrigin();

/** A done task, with its message delivered. */
async function delivered(prompt: string, person = userId): Promise<string> {
  const id = await relay.imagine(person, prompt);
  relay.provider.onLook = allDone;
  await relay.clock.pass(20_000);
  for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
  return id;
}

describe('an export', () => {
  it('contains every task and every booking of the person, and of nobody else', async () => {
    const mine = await delivered('a red fox');
    await delivered('a secret hare', 'somebody else');
    const exported = JSON.parse(await data.export(userId));
    expect(exported.tasks).toMatchObject([
      { id: mine, prompt: 'a red fox', state: 'done', points: 100, server: book },
    ]);
    expect(exported.ledger).toMatchObject([{ kind: 'charge', taskId: mine, allowancePart: -100 }]);
    expect(JSON.stringify(exported)).not.toContain('hare');
    expect(JSON.stringify(exported)).not.toContain('interaction-token');
  });

  it('contains what the provider calls a task and tells about it, but not what it cost the operator', async () => {
    const { clock, database } = relay;
    const origin = anOrigin();
    const facts = { seed: '7', submittedAt: 0, startedAt: 1_000, cost: { amount: 9, unit: 'USD' } };
    const task = { state: 'done', finishedAt: clock.now(), ref: { id: 'remote-9' }, facts, origin } as const;
    await database.tasks.insert(aTask({ ...task, account: 'main' }));
    const [exported] = JSON.parse(await data.export(origin.userId)).tasks;
    expect(exported).toMatchObject({ account: 'main', providerId: 'remote-9' });
    expect(exported.told).toEqual({
      seed: '7',
      submittedAt: '1970-01-01T00:00:00.000Z',
      startedAt: '1970-01-01T00:00:01.000Z',
    });
  });

  it('contains options, regions and failures, and says whose words they are', async () => {
    const { clock, database } = relay;
    const failure = { kind: 'rejected', reason: 'banned: fox', mayHaveCost: false } as const;
    const request = { action: 'video', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    const options = { motion: 'high', resolution: '480p' } as const;
    const region = { cells: [2, 3], picture: { url: 'https://cdn.example/mask.png', name: 'mask.png' } };
    const origin = anOrigin();
    const task = { state: 'failed', finishedAt: clock.now(), failure, origin } as const;
    await database.tasks.insert(aTask({ ...task, request: { ...request, options, region } }));
    const [exported] = JSON.parse(await data.export(origin.userId)).tasks;
    expect(exported).toMatchObject({
      options,
      region: { cells: [2, 3], mask: 'mask.png' },
      failure: { kind: 'rejected', reason: 'banned: fox' },
    });
  });

  it('contains favorites, also those that somebody else made', async () => {
    const theirs = await delivered('a hare', 'somebody else');
    await relay.database.favorites.add(userId, theirs, 1_000);
    expect(JSON.parse(await data.export(userId)).favorites).toEqual([
      { taskId: theirs, at: '1970-01-01T00:00:01.000Z' },
    ]);
    expect(JSON.parse(await data.export('somebody else')).favorites).toEqual([]);
  });

  it('reads in pages, no matter how many there are', async () => {
    for (let count = 0; count < 450; count += 1) {
      const caller = aCaller({ userId: 'busy', book: `server-${count % 90}` });
      const request = { action: 'imagine', prompt: `fox ${count}`, speed: 'fast', pictures: [] } as const;
      await relay.service.start(request, caller);
    }
    expect(
      new Set(JSON.parse(await data.export('busy')).tasks.map((task: { id: string }) => task.id)).size,
    ).toBe(450);
    expect(JSON.parse(await data.export('busy')).ledger).toHaveLength(450);
  });

  it('contains the addresses of results, except those with a secret', async () => {
    const origin = anOrigin();
    const media = [
      { kind: 'picture', url: 'https://cdn.example/1.png' },
      { kind: 'picture', url: 'https://cdn.example/2.png?key=canary', isPrivate: true },
    ] as const;
    const result = { media: [...media], offers: [] };
    await relay.database.tasks.insert(aTask({ state: 'done', finishedAt: 1, origin, result }));
    const [exported] = JSON.parse(await data.export(origin.userId)).tasks;
    expect(exported.results).toEqual(['https://cdn.example/1.png']);
  });
});

describe('forgetting', () => {
  it('removes prompts, pictures and buttons, and leaves the books as they were', async () => {
    const id = await delivered('a red fox');
    expect(await data.forget(userId)).toEqual({ tasks: 1, left: 0 });
    const task = await relay.read(id);
    expect(task).toMatchObject({ state: 'done', price: 100, request: { action: 'imagine', prompt: '' } });
    expect(JSON.stringify(task)).not.toMatch(/fox|pictures\.example/);
    expect(removed).toEqual([id]);
    expect(await relay.left()).toBe(1_900);
    expect(await relay.outbox.listDue(10)).toEqual([]);
    const press = { taskId: id, messageId: `message-of-${id}`, offer: 0 };
    expect(await codeOf(relay.service.act(press, aCaller({ userId: 'another' })))).toBe('task-emptied');
  });

  it("leaves tasks that aren't finished or delivered yet", async () => {
    const owed = await relay.imagine(userId, 'a fox');
    relay.provider.onLook = allDone;
    await relay.clock.pass(20_000);
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    const running = await relay.imagine(userId, 'a hare');
    expect(await data.forget(userId)).toEqual({ tasks: 0, left: 2 });
    expect((await relay.read(owed)).request.prompt).toBe('a fox');
    expect((await relay.read(running)).request.prompt).toBe('a hare');
  });

  it('removes the words from what others have made with them, and leaves the rest', async () => {
    const id = await delivered('a secret fox');
    const press = { taskId: id, messageId: `message-of-${id}`, offer: 0 };
    const { task } = await relay.service.act(press, aCaller({ userId: 'another' }));
    await relay.service.acknowledged(task.id, 'pick');
    await relay.clock.pass(20_000);
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    const zoom = { taskId: task.id, messageId: 'pick', offer: 2, prompt: 'my own words --zoom 2' };
    const { task: zoomed } = await relay.service.act(zoom, aCaller({ userId: 'another' }));
    await data.forget(userId);
    expect(await relay.read(task.id)).toMatchObject({ request: { prompt: '' }, result: { media: [{}] } });
    expect((await relay.read(zoomed.id)).request.prompt).toBe('my own words --zoom 2');
    expect(await data.export('another')).not.toContain('secret');
  });

  it("isn't undone by a look that was in progress", async () => {
    const id = await relay.imagine(userId, 'a fox');
    await relay.clock.pass(61 * 60_000);
    for (let owed = await relay.outbox.listDue(1); owed.length > 0; owed = await relay.outbox.listDue(1))
      for (const one of owed) await relay.outbox.settle(one);
    const { promise, resolve } = Promise.withResolvers<void>();
    relay.provider.onLook = async (refs) => {
      await promise;
      return allDone(refs);
    };
    await relay.clock.pass(6 * 60_000);
    expect(await data.forget(userId)).toEqual({ tasks: 1, left: 0 });
    resolve();
    await settle();
    expect((await relay.read(id)).result).toBeUndefined();
    expect(await relay.outbox.listDue(10)).toEqual([]);
  });

  it('keeps nothing that the provider said about it', async () => {
    const id = await relay.imagine(userId, 'a fox');
    const failure = { kind: 'rejected', reason: 'banned: fox', mayHaveCost: false } as const;
    await relay.changes.change(id, { type: 'failed', failure });
    for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
    await data.forget(userId);
    expect((await relay.read(id)).failure).toEqual({ kind: 'rejected', mayHaveCost: false });
  });

  it('ends the wait for a result that comes too late', async () => {
    const id = await relay.imagine(userId, 'a fox');
    await relay.clock.pass(61 * 60_000);
    for (let owed = await relay.outbox.listDue(1); owed.length > 0; owed = await relay.outbox.listDue(1))
      for (const one of owed) await relay.outbox.settle(one);
    expect(await data.forget(userId)).toEqual({ tasks: 1, left: 0 });
    relay.provider.onLook = allDone;
    await relay.clock.pass(60 * 60_000);
    expect(await relay.read(id)).toMatchObject({ state: 'failed' });
    expect((await relay.read(id)).result).toBeUndefined();
    expect(await codeOf(relay.service.again({ taskId: id, messageId: `message-of-${id}` }, aCaller()))).toBe(
      'task-emptied',
    );
  });
});

describe("a server's queue", () => {
  it('shows what runs and waits there, who is next, and how long tasks took recently', async () => {
    const queue = createQueue(relay);
    expect(await queue.read({ book, userId })).toMatchObject({ running: 0, waiting: 0, next: [] });
    expect((await queue.read({ book, userId })).lately).toBeUndefined();
    await delivered('a first fox');
    relay.provider.onLook = (refs) => new Map(refs.map((ref) => [ref['id'] ?? '', { state: 'running' }]));
    for (const person of ['one', 'two', 'three', 'four', 'five']) {
      relay.clock.set(relay.clock.now() + 1);
      await relay.imagine(person, `by ${person}`);
    }
    await settle();
    const view = await queue.read({ book, userId });
    expect(view).toMatchObject({ running: 3, waiting: 2, asking: 0, lately: { tasks: 1 } });
    expect(view.next.map(({ task }) => task.origin.userId)).toEqual(['four', 'five']);
    expect(view.lately?.tookMs.usual).toBeGreaterThan(1_000);
    expect(view.lately?.tookMs.worst).toBe(view.lately?.tookMs.usual);
    expect(await queue.read({ book: 'another server', userId })).toMatchObject({ running: 0, waiting: 0 });
  });

  it('lists the next task first, no matter how many older ones others have', async () => {
    const queue = createQueue(relay);
    for (let count = 0; count < 13; count += 1) {
      relay.clock.set(relay.clock.now() + 1);
      await relay.imagine('hog', `fox ${count}`);
    }
    relay.clock.set(relay.clock.now() + 1);
    await relay.imagine('guest', 'a hare');
    const { next } = await queue.read({ book, userId });
    expect(next).toHaveLength(10);
    expect(next[0]?.task.origin.userId).toBe('guest');
  });

  it('shows nobody outside of servers what others do there', async () => {
    const queue = createQueue({ ...relay, lanes: { positionOf: () => undefined } });
    const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] } as const;
    for (const name of ['max', 'mei']) {
      const caller = aCaller({ userId: name, book: 'direct' });
      const asker = { ...caller.asker, hasDirectGrant: true };
      await relay.policies.update('direct', (before) => ({ ...before, people: { max: 500, mei: 500 } }));
      await relay.service.start(request, { ...caller, asker });
    }
    const { next } = await queue.read({ book: 'direct', userId: 'mei' });
    expect(next.map(({ task }) => task.origin.userId)).toEqual(['mei']);
    expect(await queue.read({ book: 'direct', userId: 'mei' })).toMatchObject({ waiting: 1 });
  });
});
