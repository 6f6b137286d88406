import { DiscordAPIError } from 'discord.js';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EditResult, Edits } from '../../src/discord/edits.ts';
import { createPublisher, type Publisher } from '../../src/discord/publisher.ts';
import { renderDirectNotice } from '../../src/discord/render/mention.ts';
import type { RenderedMessage } from '../../src/discord/render/message.ts';
import type { LoadResult } from '../../src/discord/result-files.ts';
import { DownloadError } from '../../src/images/download.ts';
import { wordsFor } from '../../src/locales/index.ts';
import { type Origin, type Result, type Task, toPrivatePlace } from '../../src/task.ts';
import { createByteBudget } from '../../src/tasks/byte-budget.ts';
import type { Outbox, OwedMessage } from '../../src/tasks/outbox.ts';
import { createFakeClock, type FakeClock, settle } from '../helpers/clock.ts';
import { anOrigin, aPlace, aRunningTask, aTask } from '../helpers/tasks.ts';

const media = [{ kind: 'picture', url: 'https://pictures.example/1.png' }] as const;

describe('the publisher', () => {
  let clock: FakeClock;
  let publisher: Publisher;
  /** What Discord was sent, and when. */
  let shown: { at: number; text: string; message: RenderedMessage; files: number }[];
  let outcomes: (EditResult | Promise<EditResult>)[];
  let owed: Map<string, OwedMessage & { dueAt: number }>;
  let mentions: string[];
  let located: [string, string][];
  /** Tasks that were refunded because they can't be shown. */
  let unshown: string[];
  /** Those of them that were refunded because their files can't be fetched. */
  let unfetched: string[];
  let logged: string[];
  let settled: string[];
  let sends: EditResult[];
  let whispers: string[];
  let directs: string[];
  let takesDirect: boolean;
  let canUnshow: boolean;
  let load: LoadResult;
  let random: number;

  beforeEach(() => {
    clock = createFakeClock(0);
    shown = [];
    outcomes = [];
    owed = new Map();
    mentions = [];
    located = [];
    unshown = [];
    unfetched = [];
    logged = [];
    settled = [];
    sends = [];
    whispers = [];
    directs = [];
    takesDirect = true;
    canUnshow = true;
    random = 0.5;
    load = async (task) => ({
      shown: { as: 'files', names: ['1.png'] },
      files: [{ name: `${task.id}.png`, data: Buffer.from('x') }],
    });
    const edits: Edits = {
      routeFor: () => 'token',
      limitFor: () => 1_000,
      smallestLimitBytes: 1_000,
      listFiles: async () => [],
      remove: async () => ({ outcome: 'done' }),
      isAgeRestricted: async () => false,
      post: async () => ({ outcome: 'done' }),
      async send(_place, message) {
        if ('content' in message) mentions.push(message.content);
        return sends.shift() ?? { outcome: 'done' };
      },
      async whisper(_place, message) {
        whispers.push(message.content);
        return { outcome: 'done' };
      },
      async edit(_place, message, files) {
        const text = `${message.content}\n${message.embeds[0]?.description ?? ''}`;
        shown.push({ at: clock.now(), text, message, files: files.length });
        return outcomes.shift() ?? { outcome: 'done' };
      },
    };
    const outbox: Outbox = {
      listDue: async (limit, isTaken = () => false) =>
        [...owed.values()]
          .filter(({ dueAt }) => dueAt <= clock.now())
          .slice(0, limit)
          .filter(({ task }) => !isTaken(task.id)),
      nextDueAt: async () =>
        owed.size === 0 ? undefined : Math.min(...[...owed.values()].map(({ dueAt }) => dueAt)),
      async settle({ task, kind }) {
        settled.push(kind);
        if (kind === owed.get(task.id)?.kind) owed.delete(task.id);
      },
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
      async tellDirectly(task, words) {
        directs.push(renderDirectNotice(task, words).content);
        return takesDirect ? { outcome: 'done' } : { outcome: 'closed', error: undefined };
      },
      loadResult,
      locate: async (taskId, messageId) => void located.push([taskId, messageId]),
      async unshow(taskId, kind) {
        if (!canUnshow) return false;
        (kind === 'unshown' ? unshown : unfetched).push(taskId);
        owed.delete(taskId); // and owed again, as another task: not part of this test
        return true;
      },
      budget: createByteBudget(Number.POSITIVE_INFINITY),
      outlook: async () => ({ now: clock.now(), canCancel: false, isCancelRefunded: true }),
      pricesOf: () => [],
      animates: () => false,
      keepsFilesDays: () => undefined,
      baseUrlVariableOf: (account) => `PROVIDER_${account}_BASE_URL`,
      words: wordsFor,
      random: () => random,
      clock,
      log: pino({ level: 'warn' }, { write: (line: string) => void logged.push(line) }),
    });
    publisher.start();
  });

  const picture: Awaited<ReturnType<LoadResult>> = {
    shown: { as: 'files', names: ['1.png'] },
    files: [{ name: '1.png', data: Buffer.from('x') }],
  };
  const privately = { media: [{ kind: 'picture', url: 'http://10.0.0.7/1.png' }], offers: [] } as const;

  const running = aRunningTask({ id: 'running-task-0001' });
  const at = (progress: number, revision: number): Task => ({ ...running, progress, revision });

  function finish(task: Task, result: Result = { media, offers: [] }, changes: Partial<Task> = {}): Task {
    const ended: Task = {
      ...task,
      state: 'done',
      revision: task.revision + 1,
      result,
      ...changes,
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

  it('shows the newest progress, at most every three seconds', async () => {
    for (let progress = 1; progress <= 90; progress += 1) {
      publisher.announce(at(progress, progress + 1));
      await clock.pass(100);
    }
    await clock.pass(10_000);
    expect(shown.length).toBeLessThanOrEqual(5);
    for (const [index, { at: time }] of shown.slice(1).entries())
      expect(time - (shown[index]?.at ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(shown.at(-1)?.text).toContain('90%');
  });

  it('shares its edits among very many running tasks', async () => {
    const tasks = Array.from({ length: 400 }, (_, index) => ({ ...running, id: `task-${index}` }));
    for (let second = 1; second <= 60; second += 1) {
      for (const task of tasks) publisher.announce({ ...task, progress: second, revision: second + 1 });
      await clock.pass(1_000);
    }
    const lately = shown.filter(({ at: time }) => time > 20_000);
    expect(lately.length / 40).toBeLessThanOrEqual(45); // edits a second, for all messages together
    expect(lately.length / 40).toBeGreaterThan(30);
  });

  it('draws a new task after a second, and once, no matter how much changes meanwhile', async () => {
    const start = 1_764_000_000_000; // as large as real times, so that nothing counts from 0
    clock.set(start);
    publisher.announce(at(0, 2));
    await clock.pass(20);
    publisher.announce(at(5, 3));
    await clock.pass(200);
    publisher.announce(at(15, 4));
    await clock.pass(2_000);
    const seen = shown.map(({ at: time, text }) => [time - start, /\d+%/.exec(text)?.[0]]);
    expect(seen).toEqual([[1_000, '15%']]);
  });

  it('never shows something old after something newer', async () => {
    publisher.announce(at(50, 9));
    publisher.announce(at(20, 3));
    await clock.pass(10_000);
    expect(shown.map(({ text }) => /\d+%/.exec(text)?.[0])).toEqual(['50%']);
  });

  it('edits nothing before Discord has accepted the first answer', async () => {
    publisher.announce(aTask());
    await clock.pass(10_000);
    expect(shown).toEqual([]);
  });

  it('sends the result first, and nothing after it', async () => {
    publisher.announce(at(10, 2));
    await clock.pass(1_000);
    publisher.announce(at(20, 3));
    finish(at(30, 4));
    await clock.pass(20_000);
    expect(shown).toHaveLength(2);
    expect(shown[1]).toMatchObject({ at: 1_000, files: 1 });
    expect(owed.size).toBe(0);
  });

  it('waits for an edit in progress, so that an old one never replaces the result', async () => {
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

  it('tries a result until Discord has it, less and less often', async () => {
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

  it('gives up a message that is gone, once Discord says so twice, some seconds apart', async () => {
    outcomes.push({ outcome: 'gone' }, { outcome: 'gone' });
    finish(at(30, 4));
    await clock.pass(4_000);
    expect([shown.length, owed.size]).toEqual([1, 1]);
    await clock.pass(60_000);
    expect([shown.length, owed.size, unshown]).toEqual([2, 0, []]);
  });

  it("shows a result in a message that only one of Discord's machines reported as gone", async () => {
    outcomes.push({ outcome: 'gone' });
    finish(at(30, 4));
    await clock.pass(60_000);
    expect([shown.length, owed.size]).toEqual([2, 0]);
  });

  it("gives up at once what it can't even ask for", async () => {
    outcomes.push({ outcome: 'unreachable' });
    finish(at(30, 4));
    await clock.pass(60_000);
    expect([shown.length, owed.size]).toEqual([1, 0]);
  });

  const discordSays = (code: number) =>
    new DiscordAPIError({ code, message: 'No' }, code, 403, 'PATCH', 'https://discord.example', {});
  const forbidden = (code: number): EditResult => ({ outcome: 'forbidden', error: discordSays(code) });

  it.each([
    [50_001, 'View Channel'],
    [50_013, 'Attach Files'],
    [10_003, 'View Channel'],
    [10_004, 'invite it'],
  ])('waits for a permission that was taken away (%i), and names it', async (code, advice) => {
    outcomes.push(forbidden(code), forbidden(code), forbidden(code));
    finish(at(30, 4));
    await clock.pass(60_000);
    expect([shown.length, owed.size, unshown]).toEqual([4, 0, []]);
    expect(logged.filter((line) => line.includes(advice))).toHaveLength(3);
  });

  it('tries hourly while a permission is missing, and refunds after a day', async () => {
    outcomes.push(...Array.from({ length: 100 }, () => forbidden(50_001)));
    finish(at(30, 4));
    await clock.pass(2 * 60_000);
    expect(shown).toHaveLength(6);
    await clock.pass(3 * 60 * 60_000);
    expect(shown).toHaveLength(9);
    await clock.pass(22 * 60 * 60_000);
    expect([owed.size, unshown]).toEqual([0, [running.id]]);
    expect(shown.length).toBeLessThan(35);
  });

  it('sends an address if the bot may write but not attach files', async () => {
    outcomes.push(...Array.from({ length: 6 }, () => forbidden(50_013)));
    finish(at(30, 4));
    await clock.pass(2 * 60_000);
    expect(shown.map(({ files }) => files)).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect(shown.at(-1)?.text).toContain(media[0].url);
    expect([owed.size, unshown]).toEqual([0, []]);
  });

  it('leaves the embed out if the bot may write but not embed, and says the same without it', async () => {
    outcomes.push(...Array.from({ length: 7 }, () => forbidden(50_013)));
    finish(at(30, 4));
    await clock.pass(2 * 60_000);
    expect(shown.map(({ files }) => files)).toEqual([1, 1, 1, 1, 1, 1, 0, 1]);
    expect(shown.at(-1)?.message).toMatchObject({ embeds: [], components: shown[0]?.message.components });
    expect([owed.size, unshown]).toEqual([0, []]);
  });

  it('sends an address in plain words if the bot may neither attach nor embed', async () => {
    outcomes.push(...Array.from({ length: 8 }, () => forbidden(50_013)));
    finish(at(30, 4));
    await clock.pass(2 * 60_000);
    expect(shown.map(({ files }) => files)).toEqual([1, 1, 1, 1, 1, 1, 0, 1, 0]);
    expect(shown.at(-1)?.message.embeds).toEqual([]);
    expect(shown.at(-1)?.message.content).toContain(media[0].url);
  });

  it('says why something failed if the bot may write but not embed', async () => {
    load = async () => ({ shown: { as: 'nothing' }, files: [] });
    outcomes.push(...Array.from({ length: 6 }, () => forbidden(50_013)));
    const failure = { kind: 'rejected', reason: 'No foxes', mayHaveCost: false } as const;
    finish(at(30, 4), undefined, { state: 'failed', failure });
    await clock.pass(2 * 60_000);
    expect(shown).toHaveLength(7);
    expect(shown.at(-1)?.message.embeds).toEqual([]);
    expect(shown.at(-1)?.message.content).toContain('The provider says: `No foxes`');
  });

  it('makes a result smaller that is too large for Discord, then links to it', async () => {
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

  const tooSlow: EditResult = { outcome: 'too-slow' };

  it("sends a result that couldn't be uploaded in time smaller each time, then as an address", async () => {
    const limits: number[] = [];
    load = (_task, limit) => {
      limits.push(limit);
      return Promise.resolve(picture);
    };
    outcomes.push(tooSlow, tooSlow, tooSlow);
    finish(at(30, 4));
    await clock.pass(60_000);
    expect(limits).toEqual([1_000, 250, 62]);
    expect(shown.map(({ files }) => files)).toEqual([1, 1, 1, 0]);
    expect(shown[3]?.text).toContain(media[0].url);
    expect([owed.size, unshown]).toEqual([0, []]);
  });

  it('keeps trying to upload a result without an address for people', async () => {
    outcomes.push(tooSlow, tooSlow, tooSlow, tooSlow);
    finish(at(30, 4), privately);
    await clock.pass(5 * 60_000);
    expect(shown.map(({ files }) => files)).toEqual([1, 1, 1, 1, 1]);
    expect(owed.size).toBe(0);
  });

  it('uploads fewer at once after slow uploads, and more again later', async () => {
    const uploads = Array.from({ length: 40 }, () => Promise.withResolvers<EditResult>());
    outcomes.push(...uploads.map(({ promise }) => promise));
    for (let number = 0; number < 30; number += 1) finish({ ...at(30, 4), id: `a-finished-task-${number}` });
    await clock.pass(1_000);
    expect(shown).toHaveLength(16);
    for (const { resolve } of uploads.slice(0, 3)) resolve(tooSlow);
    await clock.pass(1_000);
    expect(shown).toHaveLength(16);
    for (const { resolve } of uploads.slice(3, 16)) resolve({ outcome: 'done' });
    await clock.pass(1_000);
    expect(shown.length).toBeGreaterThan(16 + 10);
  });

  it("doesn't repeat together what failed together", async () => {
    outcomes.push({ outcome: 'later' }, { outcome: 'later' });
    random = 0;
    finish(at(30, 4));
    await settle();
    random = 1;
    finish({ ...at(30, 4), id: 'another-task-001' });
    await clock.pass(10_000);
    const [, , first = 0, second = 0] = shown.map(({ at: time }) => time);
    expect(second - first).toBeGreaterThanOrEqual(1_000);
  });

  it('leaves out the prompt if Discord refuses the words, and keeps the picture', async () => {
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
    expect(shown.map(({ files }) => files)).toEqual([0, 0]);
    expect(shown[0]?.text).toContain("doesn't have it available yet");
    expect(shown[1]?.text).toContain(media[0].url);
    expect(owed.size).toBe(0);
  });

  const isAwaited = (text: string | undefined) =>
    /have it available yet|isn't allowed to open/.test(text ?? '');

  it("says within ten seconds that a file isn't available yet, once", async () => {
    let isThere = false;
    load = async () => {
      if (isThere) return picture;
      throw new DownloadError('the file server answered 404', 'unavailable');
    };
    finish(at(30, 4));
    await clock.pass(1_000);
    expect(shown).toHaveLength(0);
    await clock.pass(60_000);
    expect(shown.map(({ text }) => isAwaited(text))).toEqual([true]);
    expect(shown[0]?.at).toBeLessThanOrEqual(10_000);
    isThere = true;
    await clock.pass(10 * 60_000);
    expect(shown.map(({ files }) => files)).toEqual([0, 1]);
    expect(owed.size).toBe(0);
  });

  it("doesn't say so if the file is there a moment later", async () => {
    let downloads = 0;
    load = async () => {
      downloads += 1;
      if (downloads > 1) return picture;
      throw new DownloadError('the file server answered 404', 'unavailable');
    };
    finish(at(30, 4));
    await clock.pass(60_000);
    expect(shown.map(({ files }) => files)).toEqual([1]);
  });

  it("says within ten seconds that a file server doesn't answer, and shows the result later", async () => {
    const slow = Promise.withResolvers<typeof picture>();
    const writing = Promise.withResolvers<EditResult>();
    load = () => slow.promise;
    outcomes.push(writing.promise);
    finish(at(30, 4));
    await clock.pass(10_000);
    expect(shown.map(({ text }) => isAwaited(text))).toEqual([true]);
    slow.resolve(picture);
    await clock.pass(5_000);
    expect(shown).toHaveLength(1);
    writing.resolve({ outcome: 'done' });
    await clock.pass(5_000);
    expect(shown.map(({ files }) => files)).toEqual([0, 1]);
  });

  it('says so again if Discord was away, and stops if Discord refuses', async () => {
    load = () => Promise.reject(new DownloadError('the file server answered 404', 'unavailable'));
    outcomes.push({ outcome: 'later' }, { outcome: 'refused' });
    finish(at(30, 4));
    await clock.pass(5 * 60_000);
    expect(shown.map(({ text }) => isAwaited(text))).toEqual([true, true]);
  });

  const blocked = new DownloadError('the file could not be fetched (BLOCKED_ADDRESS)', 'blocked', {
    host: '10.0.0.7:8080',
  });

  it('tells person and operator once what it may not fetch, and tries every five minutes', async () => {
    let downloads = 0;
    let isAllowed = false;
    load = async () => {
      downloads += 1;
      if (isAllowed) return picture;
      throw blocked;
    };
    finish(at(30, 4));
    await clock.pass(60 * 60_000);
    expect(shown).toHaveLength(1);
    expect(shown[0]?.at).toBeLessThanOrEqual(10_000);
    expect(shown[0]?.text).toContain("isn't allowed to open");
    expect(shown[0]?.text).not.toContain(media[0].url);
    expect(downloads).toBeGreaterThanOrEqual(12);
    expect(downloads).toBeLessThanOrEqual(14);
    const told = logged.filter((line) => line.includes('TRUSTED_HOSTS'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('10.0.0.7:8080');
    expect(told[0]).toContain(`PROVIDER_${running.account}_BASE_URL`);
    isAllowed = true;
    await clock.pass(6 * 60_000);
    expect(shown.at(-1)?.files).toBe(1);
    expect(owed.size).toBe(0);
  });

  it('refunds after a day what it may not fetch', async () => {
    load = () => Promise.reject(blocked);
    finish(at(30, 4));
    await clock.pass(25 * 60 * 60_000);
    expect([owed.size, unfetched, unshown]).toEqual([0, [running.id], []]);
    expect(shown).toHaveLength(1);
  });

  it('waits a day for a file server without a public name', async () => {
    load = () => Promise.reject(new DownloadError('the file server answered 503', 'unavailable'));
    finish(at(30, 4), privately);
    await clock.pass(60 * 60_000);
    expect([owed.size, unfetched]).toEqual([1, []]);
    await clock.pass(25 * 60 * 60_000);
    expect([owed.size, unfetched]).toEqual([0, [running.id]]);
    expect(shown.map(({ text }) => isAwaited(text))).toEqual([true]);
  });

  it.each(['too-large', 'malformed'] as const)('links at once to a file that is %s', async (trouble) => {
    load = () => Promise.reject(new DownloadError('no', trouble));
    finish(at(30, 4));
    await clock.pass(1_000);
    expect(shown[0]?.text).toContain(media[0].url);
    expect([owed.size, unfetched]).toEqual([0, []]);
  });

  it.each(['too-large', 'malformed'] as const)(
    'refunds a file that is %s and has no address for people',
    async (trouble) => {
      load = () => Promise.reject(new DownloadError('no', trouble));
      finish(at(30, 4), privately);
      await clock.pass(1_000);
      expect([shown, unfetched]).toEqual([[], [running.id]]);
    },
  );

  it('shows the available part of a set at once, and the rest once it can be fetched', async () => {
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
    expect(shown[0]?.text).toContain("The bot couldn't show image 3");
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
    expect(shown.at(-1)?.text).toContain("The bot couldn't show image 3");
    expect(owed.size).toBe(0);
  });

  it("survives a result that can't be prepared, and goes on with the others", async () => {
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

  it('delivers after a day what Discord accepts, and refunds the rest', async () => {
    outcomes.push(...Array.from({ length: 1_000 }, (): EditResult => ({ outcome: 'later' })));
    finish(at(30, 4));
    await clock.pass(25 * 60 * 60_000);
    expect(owed.size).toBe(0);
    expect(unshown).toEqual([running.id]);
  });

  it("doesn't count days on which the bot was off", async () => {
    outcomes.push({ outcome: 'later' }, { outcome: 'later' });
    finish(at(30, 4));
    clock.set(clock.now() + 3 * 24 * 60 * 60_000);
    await clock.pass(60_000);
    expect(shown).toHaveLength(3);
    expect([owed.size, unshown]).toEqual([0, []]);
  });

  const refused: EditResult = { outcome: 'refused' };

  it('sends plain text with the address if Discord refuses the words twice', async () => {
    outcomes.push(refused, refused);
    finish(at(30, 4));
    await clock.pass(1_000);
    expect(shown).toHaveLength(3);
    const { message, files } = shown[2] ?? {};
    expect(message).toMatchObject({ embeds: [], components: [], attachments: [] });
    expect(message?.content).toContain(media[0].url);
    expect(message?.content).not.toContain('a fox');
    expect(files).toBe(0);
    expect([owed.size, unshown]).toEqual([0, []]);
  });

  it("has our own names for an API's buttons in its second form, and for the one that was pressed in its third", async () => {
    const offer = { action: 'other', token: 'MJ::Tune::u', label: 'canary', emoji: '🎨' } as const;
    const before = at(30, 4);
    outcomes.push(refused, refused);
    finish({ ...before, request: { ...before.request, action: 'other', offer } }, { offers: [offer], media });
    await clock.pass(1_000);
    const [first, second, third] = shown.map(({ message }) => JSON.stringify(message));
    expect(first?.match(/canary/g)).toHaveLength(2);
    expect(second).toMatch(/Other button.*Other button/s);
    expect(second).not.toMatch(/canary|🎨/u);
    expect(third).toMatch(/Other button/);
    expect(third).not.toMatch(/canary|🎨/u);
  });

  it("has no words from others in its second form: no prompt, no provider's text, no adjustments", async () => {
    const foreign = { text: ['canary words'], offers: [], media };
    const adjustments = [{ flag: '--canary', asked: '5', used: '7' }];
    const before = { ...at(30, 4), adjustments };
    outcomes.push(refused);
    finish({ ...before, request: { ...before.request, prompt: 'a canary' } }, foreign);
    await clock.pass(1_000);
    expect(shown).toHaveLength(2);
    expect(JSON.stringify(shown[0]?.message)).toMatch(/canary words.*--canary/s);
    expect(JSON.stringify(shown[1]?.message)).not.toContain('canary');
    expect(shown[1]?.files).toBe(1);
    expect([owed.size, unshown]).toEqual([0, []]);
  });

  it('has no translation in its second form, neither what was typed nor what an API made of it', async () => {
    const before = at(30, 4);
    const request = { ...before.request, prompt: 'a bird', typed: 'ein Kanarienvogel' };
    outcomes.push(refused);
    finish({ ...before, request, facts: { promptEnglish: 'a yellow canary' } }, { media, offers: [] });
    await clock.pass(1_000);
    const [first, second] = shown.map(({ message }) => JSON.stringify(message));
    expect(first).toMatch(/Kanarienvogel.*canary/s);
    expect(second).not.toMatch(/Kanarienvogel|canary/);
    expect(shown[1]?.files).toBe(1);
  });

  it('refunds a result that Discord refuses in every form', async () => {
    outcomes.push(refused, refused, refused);
    finish(at(30, 4));
    await clock.pass(60_000);
    expect(shown).toHaveLength(3);
    expect(unshown).toEqual([running.id]);
  });

  it('refunds a text result that Discord refuses, because there is nothing else to show', async () => {
    load = async () => ({ shown: { as: 'nothing' }, files: [] });
    outcomes.push(refused, refused);
    finish(at(30, 4), { media: [], text: ['a fox'], offers: [] });
    await clock.pass(60_000);
    expect(shown).toHaveLength(2);
    expect(unshown).toEqual([running.id]);
  });

  it.each(['gone', 'too-large'] as const)("doesn't refund a result that is %s", async (outcome) => {
    outcomes.push({ outcome }, { outcome: 'gone' }, { outcome: 'gone' });
    finish(at(30, 4));
    await clock.pass(60_000);
    expect([owed.size, unshown]).toEqual([0, []]);
  });

  it('stops if a result is refused and can no longer be refunded', async () => {
    canUnshow = false;
    outcomes.push(refused, refused, refused);
    finish(at(30, 4));
    await clock.pass(60_000);
    expect([owed.size, shown.length]).toEqual([0, 3]);
  });

  it("learns from any edit which message it is, if that isn't known", async () => {
    const { messageId: _, ...unknown } = running.origin.place;
    const lost = { ...at(10, 2), origin: { ...running.origin, place: unknown } };
    outcomes.push(
      { outcome: 'done', messageId: '900' },
      { outcome: 'done', messageId: '901' },
      { outcome: 'done', messageId: '902' },
    );
    publisher.announce(lost);
    await clock.pass(2_000);
    finish({ ...lost, id: 'another-task-001', revision: 4 });
    await clock.pass(2_000);
    const known = { ...unknown, messageId: '903' };
    finish({ ...lost, id: 'a-known-task-001', revision: 4, origin: { ...lost.origin, place: known } });
    await clock.pass(2_000);
    expect(located).toEqual([
      [lost.id, '900'],
      ['another-task-001', '901'],
    ]);
  });

  it('opens an archived thread with the mention, once, and then shows the result', async () => {
    outcomes.push({ outcome: 'archived' });
    finish(at(30, 4));
    await clock.pass(1_000);
    expect(mentions).toHaveLength(1);
    expect(shown).toHaveLength(2);
    expect(settled).toEqual(['mention', 'final']);
    expect(owed.size).toBe(0);
  });

  it.each([
    ['a locked thread', [{ outcome: 'archived' }], [{ outcome: 'locked' }], 1],
    ["a locked thread that isn't archived", [{ outcome: 'locked' }], [], 0],
    ['a thread that is archived again at once', [{ outcome: 'archived' }, { outcome: 'archived' }], [], 1],
    ['a Discord that is away in between', [{ outcome: 'archived' }], [{ outcome: 'later' }], 1],
  ] as [string, EditResult[], EditResult[], number][])('waits for %s', async (_, edited, sent, mentioned) => {
    outcomes.push(...edited);
    sends.push(...sent);
    finish(at(30, 4));
    await clock.pass(1_000);
    expect(owed.size).toBe(1);
    expect(mentions).toHaveLength(mentioned);
    await clock.pass(60_000);
    expect(owed.size).toBe(0);
    expect(unshown).toEqual([]);
  });

  it('gives up a locked thread after a day, and refunds', async () => {
    outcomes.push(...Array.from({ length: 1_000 }, (): EditResult => ({ outcome: 'locked' })));
    finish(at(30, 4));
    await clock.pass(25 * 60 * 60_000);
    expect([owed.size, unshown, mentions]).toEqual([0, [running.id], []]);
  });

  it("writes nothing in an archived thread that the bot isn't a member of", async () => {
    const place = { ...running.origin.place, isOpenToBot: false };
    outcomes.push({ outcome: 'archived' });
    finish({ ...at(30, 4), origin: { ...running.origin, place } });
    await clock.pass(1_000);
    expect([mentions, owed.size]).toEqual([[], 1]);
  });

  it('stops drawing a message that no longer exists', async () => {
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

  const previewed = (progress: number, revision: number): Task => ({
    ...at(progress, revision),
    preview: 'https://previews.example/1.png',
  });
  const previews = () => shown.map(({ message }) => message.embeds[0]?.image?.url);
  const refusal: EditResult = { outcome: 'refused' };

  it('draws without a preview that Discord refuses, from then on', async () => {
    outcomes.push(refusal);
    publisher.announce(previewed(10, 2));
    await clock.pass(2_000);
    publisher.announce(previewed(20, 3));
    await clock.pass(10_000);
    expect(previews()).toEqual(['https://previews.example/1.png', undefined, undefined]);
    expect(shown.map(({ text }) => /\d+%/.exec(text)?.[0])).toEqual(['10%', '10%', '20%']);
    expect(shown.at(-1)?.text).toContain('a fox');
  });

  it('draws without words from others if Discord refuses the message without its preview, too', async () => {
    outcomes.push(refusal, refusal);
    publisher.announce(previewed(10, 2));
    await clock.pass(2_000);
    expect(shown).toHaveLength(3);
    expect(shown.at(-1)?.text).not.toContain('a fox');
    expect(shown.at(-1)?.text).toContain('10%');
  });

  it('leaves a message alone that is refused in every form, until there is something new', async () => {
    outcomes.push(refusal, refusal, refusal);
    publisher.announce(previewed(10, 2));
    await clock.pass(2_000);
    expect(shown).toHaveLength(2 + 1);
    publisher.announce(previewed(20, 3));
    await clock.pass(10_000);
    expect(shown).toHaveLength(4);
  });

  it('keeps a preview that Discord accepts', async () => {
    publisher.announce(previewed(10, 2));
    await clock.pass(2_000);
    expect(previews()).toEqual(['https://previews.example/1.png']);
  });

  it('never draws the same twice', async () => {
    publisher.announce(at(10, 2));
    await clock.pass(5_000);
    publisher.announce(at(10, 3));
    await clock.pass(20_000);
    expect(shown).toHaveLength(1);
  });

  it('says on a private message, a minute before its token ends, that only Check updates it', async () => {
    const place = toPrivatePlace(aPlace({ tokenExpiresAt: 14 * 60_000 }));
    publisher.announce(aRunningTask({ origin: anOrigin({ place }) }));
    await clock.pass(13 * 60_000 - 1_000);
    expect(shown.at(-1)?.text).toContain('Press **Check** to see how far along it is.');
    await clock.pass(2_000);
    expect(shown.at(-1)?.text).toContain('only changes when you press **Check**');
    expect(shown.at(-1)?.at).toBe(13 * 60_000);
  });

  it('whispers that Discord refuses something private in every form', async () => {
    const place = toPrivatePlace(aPlace({ messageId: '900' }));
    const failure = { kind: 'unshown', mayHaveCost: false } as const;
    const task = aTask({ origin: anOrigin({ place }), state: 'failed', acknowledgedAt: 1, failure });
    outcomes.push({ outcome: 'refused' }, { outcome: 'refused' }, { outcome: 'refused' });
    owed.set(task.id, { task, kind: 'final', attempts: 0, owedSince: 0, dueAt: 0 });
    canUnshow = false;
    publisher.announce(task);
    await clock.pass(1_000);
    expect(whispers).toEqual([expect.stringContaining('Your 100 points are back.')]);
    expect([mentions, owed.size]).toEqual([[], 0]);
  });

  describe('tells somebody who wants a direct message', () => {
    const origin = anOrigin({ isToldDirectly: true, place: aPlace({ messageId: '900' }) });
    const hidden = anOrigin({ isToldDirectly: true, place: toPrivatePlace(aPlace({ messageId: '900' })) });
    const result: Result = { media, offers: [] };
    const link = 'https://discord.com/channels/222222222222222222/333333333333333333/900';

    it.each([
      ['with a link', origin, result, `Your result is ready: ${link}`],
      ['with a link that it failed', origin, undefined, `This one didn't work out: ${link}`],
      ['how to find a private result', hidden, result, '`/task show`'],
      ['how to see why a private task failed', hidden, undefined, "Your private task didn't work out."],
    ])('%s', async (_, where, of, text) => {
      await mention(where, of);
      expect(directs).toEqual([expect.stringContaining(text)]);
      expect([mentions, whispers, owed.size]).toEqual([[], [], 0]);
    });

    it('in the channel if they take none', async () => {
      takesDirect = false;
      await mention(origin, result);
      expect(mentions).toEqual(['<@444444444444444444> Your result is ready.']);
    });

    it('nowhere if they take none and it is private', async () => {
      takesDirect = false;
      await mention(hidden, result);
      expect([mentions, whispers, owed.size]).toEqual([[], [], 0]);
    });

    async function mention(where: Origin, of: Result | undefined): Promise<void> {
      const ended = of === undefined ? { state: 'failed' } : { state: 'done', result: of };
      const task = aTask({ ...ended, origin: where } as Partial<Task>);
      owed.set(task.id, { task, kind: 'mention', attempts: 0, owedSince: 0, dueAt: 0 });
      publisher.announce(task);
      await clock.pass(1_000);
    }
  });

  it('mentions the owner in a separate message', async () => {
    const ended: Task = { ...at(30, 4), state: 'done', result: { media, offers: [] } };
    const place = { ...ended.origin.place, messageId: '900' };
    const task = { ...ended, origin: { ...ended.origin, place } };
    owed.set(task.id, { task, kind: 'mention', attempts: 0, owedSince: 0, dueAt: 0 });
    publisher.announce(task);
    await clock.pass(1_000);
    expect(mentions).toEqual(['<@444444444444444444> Your result is ready.']);
    expect(owed.size).toBe(0);
  });

  it('finishes deliveries in progress when it is stopped', async () => {
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
