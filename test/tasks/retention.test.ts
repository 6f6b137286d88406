import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createRetention, type Retention } from '../../src/tasks/retention.ts';
import { codeOf } from '../helpers/errors.ts';
import { allDone, createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller, aTask } from '../helpers/tasks.ts';

const dayMs = 24 * 60 * 60_000;
let relay: Relay;
let retention: Retention;
let removed: string[];
beforeEach(async () => {
  relay = await createRelay();
  relay.provider.onLook = allDone;
  removed = [];
  const pictures = { remove: async (id: string) => void removed.push(id) };
  retention = createRetention({ ...relay, pictures, days: 30, log: pino({ level: 'silent' }) });
});
afterEach(() => relay.remove());

async function delivered(prompt: string): Promise<string> {
  const id = await relay.imagine(undefined, prompt);
  await relay.clock.pass(20_000);
  for (const owed of await relay.outbox.listDue(10)) await relay.outbox.settle(owed);
  return id;
}

/** Only the clock moves on: no timer fires. */
const later = (days: number) => relay.clock.set(relay.clock.now() + days * dayMs);

describe('tasks past their retention', () => {
  it('lose their words and pictures after the last day, not on it', async () => {
    const id = await delivered('a zebracanary');
    later(29.9);
    expect(await retention.sweep()).toBe(0);
    expect((await relay.read(id)).request.prompt).toBe('a zebracanary');
    later(0.2);
    expect(await retention.sweep()).toBe(1);
    expect(JSON.stringify(await relay.read(id))).not.toMatch(/zebracanary|pictures\.example/);
    expect(removed).toEqual([id]);
    expect(await retention.sweep()).toBe(0);
  });

  it('stay in the books, without a prompt', async () => {
    const id = await delivered('a fox');
    const before = await relay.database.ledger.listByTask(id);
    later(31);
    await retention.sweep();
    expect(before).toHaveLength(1);
    expect(await relay.database.ledger.listByTask(id)).toEqual(before);
    expect(await relay.read(id)).toMatchObject({ state: 'done', price: 100, request: { action: 'imagine' } });
  });

  it('answer a press on their buttons with a sentence', async () => {
    const id = await delivered('a fox');
    later(31);
    await retention.sweep();
    const press = { taskId: id, messageId: `message-of-${id}` };
    expect(await codeOf(relay.service.act({ ...press, offer: 0 }, aCaller()))).toBe('task-emptied');
    expect(await codeOf(relay.service.windowFor({ ...press, offer: 2 }, aCaller()))).toBe('task-emptied');
    await relay.service.remove(press, { userId: aCaller().origin.userId, canManageMessages: false });
  });

  it("aren't news: nobody learns about them as if they had just ended", async () => {
    const id = await delivered('a fox');
    later(31);
    const before = relay.announced.length;
    await retention.sweep();
    expect((await relay.read(id)).emptied).toBe('all');
    expect(relay.announced).toHaveLength(before);
  });

  it('leave no words in the files', async () => {
    await delivered('a zebracanary');
    later(31);
    await retention.sweep();
    const names = (await readdir(relay.path)).filter((name) => name.includes('.db'));
    for (const name of names)
      expect(await readFile(join(relay.path, name), 'latin1')).not.toContain('zebracanary');
  });

  it('go in batches, no matter how many there are', async () => {
    for (let count = 0; count < 120; count += 1)
      await relay.database.tasks.insert(aTask({ state: 'failed', finishedAt: relay.clock.now() + count }));
    later(31);
    expect(await retention.sweep()).toBe(120);
    expect(removed).toHaveLength(120);
  });
});

describe('what is left alone at any age', () => {
  it('is a running or waiting task', async () => {
    const running = await relay.imagine(undefined, 'a fox');
    await relay.database.tasks.insert(aTask({ id: 'waiting' }));
    later(400);
    expect(await retention.sweep()).toBe(0);
    for (const id of [running, 'waiting']) expect((await relay.read(id)).request.prompt).toBe('a fox');
  });

  it('is a result whose message is still owed', async () => {
    const id = await relay.imagine(undefined, 'a fox');
    await relay.clock.pass(20_000);
    later(31);
    expect(await retention.sweep()).toBe(0);
    expect((await relay.read(id)).result?.media).toHaveLength(1);
  });

  it('is what was decided, and which message shows which task', async () => {
    const id = await delivered('a fox');
    await relay.policies.update('server', (before) => ({ ...before, points: 7 }));
    later(31);
    await retention.sweep();
    expect(await relay.documents.settings.get('server')).toEqual({ points: 7 });
    expect(await relay.documents.messages.get(`message-of-${id}`)).toBe(id);
  });
});
