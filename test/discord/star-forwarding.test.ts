import { DiscordAPIError } from 'discord.js';
import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import type { EditResult } from '../../src/discord/edits.ts';
import { createStarForwarding } from '../../src/discord/star-forwarding.ts';
import type { OwedStar } from '../../src/service/stars.ts';
import { createFakeClock, type FakeClock } from '../helpers/clock.ts';
import { anOrigin, aPlace, aTask } from '../helpers/tasks.ts';

const channelId = '999999999999999999';
const hour = 60 * 60_000;

let clock: FakeClock;
let owed: (OwedStar & { dueAt: number })[];
let results: EditResult[];
let sent: object[];
let removed: object[];
let told: string[];
let ended: string[];
let settled: (string | undefined)[];

function star(changes: Partial<OwedStar> = {}): OwedStar & { dueAt: number } {
  const place = aPlace({ messageId: '888888888888888888' });
  const result = { media: [{ kind: 'picture', url: 'https://pictures.example/1.png' }], offers: [] } as const;
  const task = aTask({ state: 'done', result, origin: anOrigin({ place }) });
  return {
    taskId: task.id,
    task,
    channelId,
    state: 'due',
    attempts: 0,
    createdAt: clock.now(),
    dueAt: clock.now(),
    ...changes,
  };
}

function forward(...stars: (OwedStar & { dueAt: number })[]): void {
  owed = stars;
  const drop = (taskId: string) => {
    owed = owed.filter((one) => one.taskId !== taskId);
  };
  createStarForwarding({
    stars: {
      listen: () => undefined,
      listDue: async () => owed.filter(({ dueAt }) => dueAt <= clock.now()),
      nextDueAt: async () => (owed.length === 0 ? undefined : Math.min(...owed.map(({ dueAt }) => dueAt))),
      async settle(taskId, messageId) {
        settled.push(messageId);
        drop(taskId);
      },
      async postpone(taskId, delayMs) {
        owed = owed.map((one) => (one.taskId === taskId ? { ...one, dueAt: clock.now() + delayMs } : one));
      },
      async end(taskId) {
        ended.push(taskId);
        drop(taskId);
      },
    },
    edits: {
      async post(channelId, message) {
        sent.push({ channelId, ...message });
        return results.shift() ?? { outcome: 'done', messageId: 'forwarded' };
      },
      async remove(place) {
        removed.push(place);
        return results.shift() ?? { outcome: 'done' };
      },
      isAgeRestricted: async () => false,
    },
    tellUnwritable: (book) => told.push(book),
    clock,
    log: pino({ level: 'silent' }),
  }).start();
}

beforeEach(() => {
  clock = createFakeClock();
  [results, sent, removed, told, ended, settled] = [[], [], [], [], [], []];
});

const forbidden: EditResult = {
  outcome: 'forbidden',
  error: new DiscordAPIError({ code: 50_013, message: 'Missing Permissions' }, 50_013, 403, 'POST', '', {}),
};

describe('what people like', () => {
  it('is forwarded by reference, with a nonce, and pings nobody', async () => {
    const one = star();
    forward(one);
    await clock.pass(1_000);
    expect(sent).toEqual([
      {
        channelId,
        message_reference: {
          type: 1,
          guild_id: one.task.origin.place.guildId,
          channel_id: one.task.origin.place.channelId,
          message_id: '888888888888888888',
          fail_if_not_exists: true,
        },
        nonce: `star-${one.taskId}`,
        enforce_nonce: true,
        allowed_mentions: { parse: [] },
      },
    ]);
    expect(settled).toEqual(['forwarded']);
  });

  it('is tried again if Discord has trouble, with pauses', async () => {
    results = [{ outcome: 'later' }, { outcome: 'later', retryAfterMs: 30_000 }];
    forward(star());
    await clock.pass(10_000);
    expect(sent).toHaveLength(2);
    await clock.pass(60_000);
    expect(sent).toHaveLength(3);
    expect(settled).toHaveLength(1);
  });

  it('waits for a channel that the bot may not write to, and administrators hear of it once', async () => {
    results = [forbidden, forbidden, forbidden];
    forward(star(), star());
    await clock.pass(hour / 2);
    expect(sent).toHaveLength(2);
    expect(told).toHaveLength(1);
    await clock.pass(hour);
    expect(settled).toHaveLength(1);
    expect(told).toHaveLength(1);
    await clock.pass(hour);
    expect(settled).toHaveLength(2);
  });

  it('is given up after a day', async () => {
    results = Array.from({ length: 100 }, () => forbidden);
    forward(star());
    await clock.pass(30 * hour);
    expect(ended).toHaveLength(1);
    expect(sent.length).toBeLessThan(30);
  });

  it.each(['refused', 'gone'] as const)('is over at once if Discord says %s', async (outcome) => {
    results = [{ outcome }];
    forward(star());
    await clock.pass(hour);
    expect([sent.length, ended.length]).toEqual([1, 1]);
  });

  it('stays in an age-restricted channel if the star channel is for everybody', async () => {
    const adult = star();
    const task = { ...adult.task, origin: { ...adult.task.origin, isAgeRestricted: true as const } };
    forward({ ...adult, task });
    await clock.pass(hour);
    expect(sent).toEqual([]);
    expect(ended).toEqual([task.id]);
  });

  it('is taken back if it was deleted, and never forwarded after that', async () => {
    results = [{ outcome: 'later' }];
    const gone = star({ state: 'withdrawn', messageId: 'forwarded' });
    const unsent = star({ state: 'withdrawn' });
    forward(gone, unsent);
    await clock.pass(hour);
    expect(removed).toEqual([
      { channelId, messageId: 'forwarded' },
      { channelId, messageId: 'forwarded' },
    ]);
    expect(sent).toEqual([]);
    expect(ended.toSorted()).toEqual([gone.taskId, unsent.taskId].toSorted());
  });
});
