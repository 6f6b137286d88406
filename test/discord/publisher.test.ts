import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EditResult, Edits } from '../../src/discord/edits.ts';
import { createPublisher, type Publisher } from '../../src/discord/publisher.ts';
import type { RenderedMessage } from '../../src/discord/render.ts';
import type { LoadResult } from '../../src/discord/result-files.ts';
import { DownloadError } from '../../src/images/download.ts';
import { wordsFor } from '../../src/locales/index.ts';
import type { Task } from '../../src/task.ts';
import { createByteBudget } from '../../src/tasks/byte-budget.ts';
import type { Outbox, OwedMessage } from '../../src/tasks/outbox.ts';
import { createFakeClock, type FakeClock, settle } from '../helpers/clock.ts';
import { aRunningTask, aTask } from '../helpers/tasks.ts';

const media = [{ kind: 'picture', url: 'https://pictures.example/1.png' }] as const;

describe('the publisher', () => {
  let clock: FakeClock;
  let publisher: Publisher;
  /** What Discord was sent, and when. */
  let shown: { at: number; text: string; message: RenderedMessage; files: number }[];
  let outcomes: (EditResult | Promise<EditResult>)[];
  let owed: Map<string, OwedMessage & { dueAt: number }>;
  let mentions: string[];
  let load: LoadResult;

  beforeEach(() => {
    clock = createFakeClock(0);
    shown = [];
    outcomes = [];
    owed = new Map();
    mentions = [];
    load = async (task) => ({
      shown: { as: 'files', names: ['1.png'] },
      files: [{ name: `${task.id}.png`, data: Buffer.from('x') }],
    });
    const edits: Edits = {
      routeFor: () => 'token',
      limitFor: () => 1_000,
      smallestLimitBytes: 1_000,
      listFiles: async () => [],
      async send(_place, message) {
        mentions.push(message.content);
        return { outcome: 'done' };
      },
      async edit(_place, message, files) {
        const text = message.embeds[0]?.description ?? '';
        shown.push({ at: clock.now(), text, message, files: files.length });
        return outcomes.shift() ?? { outcome: 'done' };
      },
    };
    const outbox: Outbox = {
      listDue: async (limit) =>
        [...owed.values()].filter(({ dueAt }) => dueAt <= clock.now()).slice(0, limit),
      nextDueAt: async () =>
        owed.size === 0 ? undefined : Math.min(...[...owed.values()].map(({ dueAt }) => dueAt)),
      settle: async ({ task }) => void owed.delete(task.id),
      giveUp: async ({ task }) => void owed.delete(task.id),
      async postpone({ task: { id } }, delayMs) {
        const row = owed.get(id);
        if (row !== undefined)
          owed.set(id, { ...row, attempts: row.attempts + 1, dueAt: clock.now() + delayMs });
      },
    };
    const loadResult: LoadResult = (task, limit, share) => load(task, limit, share);
    publisher = createPublisher({
      outbox,
      edits,
      loadResult,
      budget: createByteBudget(Number.POSITIVE_INFINITY),
      outlook: () => ({ now: clock.now(), canCancel: false }),
      words: wordsFor,
      clock,
      log: pino({ level: 'silent' }),
    });
    publisher.start();
  });

  const running = aRunningTask({ id: 'running-task-0001' });
  const at = (progress: number, revision: number): Task => ({ ...running, progress, revision });

  function finish(task: Task): Task {
    const ended: Task = {
      ...task,
      state: 'done',
      revision: task.revision + 1,
      result: { media, offers: [] },
    };
    owed.set(ended.id, {
      task: ended,
      kind: 'final',
      attempts: 0,
      owedSince: clock.now(),
      dueAt: clock.now(),
    });
    publisher.announce(ended);
    return ended;
  }

  it('shows progress every three seconds at most, and the newest', async () => {
    for (let progress = 1; progress <= 90; progress += 1) {
      publisher.announce(at(progress, progress + 1));
      await clock.pass(100);
    }
    await clock.pass(10_000);
    expect(shown.length).toBeLessThanOrEqual(5);
    for (const [index, { at: time }] of shown.slice(1).entries())
      expect(time - (shown[index]?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(shown.at(-1)?.text).toContain('90 %');
  });

  it('shares its edits out where very many tasks run', async () => {
    const tasks = Array.from({ length: 400 }, (_, index) => ({ ...running, id: `task-${index}` }));
    for (let second = 1; second <= 60; second += 1) {
      for (const task of tasks) publisher.announce({ ...task, progress: second, revision: second + 1 });
      await clock.pass(1_000);
    }
    const lately = shown.filter(({ at: time }) => time > 20_000);
    expect(lately.length / 40).toBeLessThanOrEqual(45); // edits a second, of all messages together
    expect(lately.length / 40).toBeGreaterThan(30);
  });

  it('draws what has just begun after a second, and once, however much changes meanwhile', async () => {
    const start = 1_764_000_000_000; // as large as real times are, so that nothing counts from 0
    clock.set(start);
    publisher.announce(at(0, 2));
    await clock.pass(20);
    publisher.announce(at(5, 3));
    await clock.pass(200);
    publisher.announce(at(15, 4));
    await clock.pass(2_000);
    const seen = shown.map(({ at: time, text }) => [time - start, /\d+ %/.exec(text)?.[0]]);
    expect(seen).toEqual([[1_000, '15 %']]);
  });

  it('shows nothing old after something newer', async () => {
    publisher.announce(at(50, 9));
    publisher.announce(at(20, 3));
    await clock.pass(10_000);
    expect(shown.map(({ text }) => /\d+ %/.exec(text)?.[0])).toEqual(['50 %']);
  });

  it('says nothing before Discord has acknowledged', async () => {
    publisher.announce(aTask());
    await clock.pass(10_000);
    expect(shown).toEqual([]);
  });

  it('lets the result go first, and nothing after it', async () => {
    publisher.announce(at(10, 2));
    await clock.pass(1_000);
    publisher.announce(at(20, 3));
    finish(at(30, 4));
    await clock.pass(20_000);
    expect(shown).toHaveLength(2);
    expect(shown[1]).toMatchObject({ at: 1_000, files: 1 });
    expect(owed.size).toBe(0);
  });

  it('waits for an edit under way, so that an old one never lands on the result', async () => {
    const slow = Promise.withResolvers<EditResult>();
    outcomes.push(slow.promise);
    publisher.announce(at(10, 2));
    await clock.pass(1_000);
    finish(at(30, 4));
    await clock.pass(5_000);
    expect(shown).toHaveLength(1);
    slow.resolve({ outcome: 'done' });
    await settle();
    await clock.pass(5_000);
    expect(shown).toHaveLength(2);
  });

  it('tries a result until Discord has it, ever less often', async () => {
    outcomes.push(...Array.from({ length: 6 }, (): EditResult => ({ outcome: 'later' })));
    finish(at(30, 4));
    await clock.pass(10 * 60_000);
    expect(shown).toHaveLength(7);
    expect(shown.map(({ at: time }) => time)).toEqual(
      [...shown.map(({ at: time }) => time)].sort((a, b) => a - b),
    );
    expect(owed.size).toBe(0);
  });

  it('waits as long as Discord says', async () => {
    outcomes.push({ outcome: 'later', retryAfterMs: 60_000 });
    finish(at(30, 4));
    await clock.pass(59_000);
    expect(shown).toHaveLength(1);
    await clock.pass(31_000);
    expect(shown).toHaveLength(2);
  });

  it('gives up a message that is gone', async () => {
    outcomes.push({ outcome: 'gone' });
    finish(at(30, 4));
    await clock.pass(60_000);
    expect(shown).toHaveLength(1);
    expect(owed.size).toBe(0);
  });

  it('fits a result once more that is too large for Discord, then links to it', async () => {
    const limits: number[] = [];
    load = (task, limit) => {
      limits.push(limit);
      return Promise.resolve({
        shown: { as: 'files', names: ['1.png'] },
        files: [{ name: `${task.id}.png`, data: Buffer.from('x') }],
      });
    };
    outcomes.push({ outcome: 'too-large' }, { outcome: 'too-large' });
    finish(at(30, 4));
    await clock.pass(1_000);
    expect(limits).toEqual([1_000, 500]);
    expect(shown[2]).toMatchObject({ files: 0 });
    expect(shown[2]?.text).toContain(media[0].url);
  });

  it('leaves the prompt out where Discord refuses the words, and keeps the picture', async () => {
    outcomes.push({ outcome: 'refused' });
    finish(at(30, 4));
    await clock.pass(1_000);
    expect(shown[1]).toMatchObject({ files: 1 });
    expect(shown[1]?.text).not.toContain('a fox');
  });

  it('fetches a picture again for a while, then delivers its address', async () => {
    let downloads = 0;
    load = () => {
      downloads += 1;
      return Promise.reject(new DownloadError('the file server answered 503', 'unavailable'));
    };
    finish(at(30, 4));
    await clock.pass(10 * 60_000);
    await clock.pass(10 * 60_000);
    expect(downloads).toBeGreaterThan(5);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.text).toContain(media[0].url);
  });

  it('shows at once what there is of a set, and the rest once it can be fetched', async () => {
    let isThere = false;
    load = async () => {
      const file = { name: '1.png', data: Buffer.from('x') };
      const shown = { as: 'files', names: ['1.png'] } as const;
      if (isThere) return { shown, files: [file] };
      const gap = new DownloadError('the file server answered 404', 'unavailable');
      return { shown: { ...shown, missing: [2] }, files: [file], gap };
    };
    finish(at(30, 4));
    await clock.pass(60_000);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.text).toContain("Picture 3 couldn't be shown");
    isThere = true;
    await clock.pass(10 * 60_000);
    expect(shown).toHaveLength(2);
    expect(shown[1]?.text).not.toContain('Picture 3');
    expect(owed.size).toBe(0);
  });

  it('leaves a set as it is if the rest never comes', async () => {
    const file = { name: '1.png', data: Buffer.from('x') };
    const gap = new DownloadError('the file server answered 404', 'unavailable');
    load = async () => ({ shown: { as: 'files', names: ['1.png'], missing: [2] }, files: [file], gap });
    finish(at(30, 4));
    await clock.pass(10 * 60_000);
    await clock.pass(10 * 60_000);
    expect(shown.at(-1)).toMatchObject({ files: 1 });
    expect(shown.at(-1)?.text).toContain("Picture 3 couldn't be shown");
    expect(owed.size).toBe(0);
  });

  it('survives a result that cannot be made, and goes on with the others', async () => {
    load = (task) =>
      task.id === running.id
        ? Promise.reject(new Error('a bug'))
        : Promise.resolve({ shown: { as: 'nothing' }, files: [] });
    finish(at(30, 4));
    finish({ ...at(30, 4), id: 'another-task-001' });
    await clock.pass(1_000);
    expect(shown).toHaveLength(1);
    expect([...owed.keys()]).toEqual([running.id]);
  });

  it('goes on after a day with what Discord takes, and gives up the rest', async () => {
    outcomes.push(...Array.from({ length: 1_000 }, (): EditResult => ({ outcome: 'later' })));
    finish(at(30, 4));
    await clock.pass(25 * 60 * 60_000);
    expect(owed.size).toBe(0);
  });

  it('stops drawing a message that nobody can see', async () => {
    outcomes.push({ outcome: 'gone' });
    publisher.announce(at(10, 2));
    await clock.pass(2_000);
    publisher.announce(at(20, 3));
    await clock.pass(20_000);
    expect(shown).toHaveLength(1);
  });

  it('draws again once a press has brought a new token', async () => {
    outcomes.push({ outcome: 'gone' });
    publisher.announce(at(10, 2));
    await clock.pass(2_000);
    const moved = at(10, 3);
    publisher.announce({
      ...moved,
      origin: { ...moved.origin, place: { ...moved.origin.place, token: 'new' } },
    });
    await clock.pass(10_000);
    expect(shown).toHaveLength(2);
  });

  it('draws nothing twice', async () => {
    publisher.announce(at(10, 2));
    await clock.pass(5_000);
    publisher.announce(at(10, 3));
    await clock.pass(20_000);
    expect(shown).toHaveLength(1);
  });

  it('tells its owner by a message of its own', async () => {
    const ended: Task = { ...at(30, 4), state: 'done', result: { media, offers: [] } };
    const place = { ...ended.origin.place, messageId: '900' };
    const task = { ...ended, origin: { ...ended.origin, place } };
    owed.set(task.id, { task, kind: 'mention', attempts: 0, owedSince: 0, dueAt: 0 });
    publisher.announce(task);
    await clock.pass(1_000);
    expect(mentions).toEqual(['<@444444444444444444> your picture is ready']);
    expect(owed.size).toBe(0);
  });

  it('delivers what is under way when it is stopped', async () => {
    const slow = Promise.withResolvers<EditResult>();
    outcomes.push(slow.promise);
    finish(at(30, 4));
    await settle();
    const stopped = publisher.stop(5_000);
    slow.resolve({ outcome: 'done' });
    await stopped;
    expect(owed.size).toBe(0);
  });
});
