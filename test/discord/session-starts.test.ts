import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  createSessionStarts,
  type SessionStartLimit,
  type SessionStarts,
} from '../../src/discord/session-starts.ts';
import { createFakeClock, type FakeClock, settle } from '../helpers/clock.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const never = new AbortController().signal;

describe('starting sessions', () => {
  let clock: FakeClock;
  let starts: SessionStarts;
  let readLimit: () => SessionStartLimit | undefined;
  let asked: number;
  let lines: string[];

  beforeEach(() => {
    clock = createFakeClock();
    readLimit = () => ({ remaining: 1_000, reset_after: dayMs });
    asked = 0;
    lines = [];
    starts = createSessionStarts({
      readLimit: async () => {
        asked += 1;
        return readLimit();
      },
      clock,
      log: pino({ base: null }, { write: (line) => void lines.push(line) }),
    });
  });

  /** A gateway that refuses each start after a few seconds, for that long; returns when each one was. */
  async function refuseFor(durationMs: number, lastsMs = 6_000): Promise<number[]> {
    const times: number[] = [];
    const begunAt = clock.now();
    let isOver = false;
    const work = (async () => {
      while (!isOver) {
        await starts.wait(0, never);
        times.push(clock.now() - begunAt);
        await new Promise<void>((resolve) => clock.after(lastsMs, resolve));
      }
    })();
    await clock.pass(durationMs);
    isOver = true;
    void work;
    return times;
  }

  it('starts five in a row without a pause, then after longer and longer ones', async () => {
    const times = await refuseFor(60 * minuteMs);
    const gaps = times.slice(1).map((time, index) => Math.round((time - (times[index] ?? 0)) / 1_000));
    expect(gaps.slice(0, 11)).toEqual([6, 6, 6, 6, 10, 20, 40, 80, 160, 300, 300]);
  });

  it("leaves most of a day's thousand, no matter how long a gateway refuses", async () => {
    expect((await refuseFor(dayMs)).length).toBeLessThan(320);
  });

  it('counts each shard separately', async () => {
    await refuseFor(10 * minuteMs);
    const before = clock.now();
    await Promise.all([1, 2, 3, 4, 5, 6, 7].map((shardId) => starts.wait(shardId, never)));
    expect(clock.now()).toBe(before);
  });

  it('starts at once if the previous session lasted', async () => {
    for (let hour = 0; hour < 20; hour += 1) {
      const before = clock.now();
      await starts.wait(0, never);
      expect(clock.now()).toBe(before);
      await clock.pass(60 * minuteMs);
    }
  });

  it('counts sessions that end right away as refused', async () => {
    expect((await refuseFor(dayMs, 30_000)).length).toBeLessThan(320);
    expect(lines.join('')).toContain('sessions keep ending');
  });

  it('waits for the reset if none are left, and says until when', async () => {
    const resetsAt = clock.now() + 12 * minuteMs;
    readLimit = () =>
      clock.now() < resetsAt
        ? { remaining: 0, reset_after: resetsAt - clock.now() }
        : { remaining: 1_000, reset_after: dayMs };
    let isStarted = false;
    void starts.wait(0, never).then(() => {
      isStarted = true;
    });
    await clock.pass(12 * minuteMs);
    expect(isStarted).toBe(false);
    await clock.pass(2_000);
    expect(isStarted).toBe(true);
    expect(lines.join('')).toContain(new Date(resetsAt).toISOString());
    expect(lines.length).toBeLessThan(5);
  });

  it.each([
    ["doesn't say", undefined],
    ['has one left', { remaining: 1, reset_after: dayMs }],
  ])('starts if Discord %s', async (_, answer) => {
    readLimit = () => answer;
    await starts.wait(0, never);
    expect(asked).toBe(1);
  });

  it("doesn't wait for a connection that is gone, and keeps the pause for the next", async () => {
    for (let start = 0; start < 6; start += 1) {
      void starts.wait(0, never);
      await clock.pass(10_000);
    }
    const connection = new AbortController();
    const waiting = starts.wait(0, connection.signal);
    await settle();
    connection.abort();
    await expect(waiting).rejects.toThrow();
    let isStarted = false;
    void starts.wait(0, never).then(() => {
      isStarted = true;
    });
    await clock.pass(5_000);
    expect(isStarted).toBe(false);
    await clock.pass(15_000);
    expect(isStarted).toBe(true);
  });

  it('never pauses longer because a clock was set back', async () => {
    for (let start = 0; start < 6; start += 1) {
      void starts.wait(0, never);
      await clock.pass(10_000);
    }
    clock.set(clock.now() - dayMs);
    let isStarted = false;
    void starts.wait(0, never).then(() => {
      isStarted = true;
    });
    await clock.pass(20_000);
    expect(isStarted).toBe(true);
  });
});
