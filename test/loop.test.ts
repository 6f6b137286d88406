import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLoop, type Loop } from '../src/loop.ts';
import { createFakeClock, type FakeClock, settle } from './helpers/clock.ts';

const startedAt = 1_764_000_000_000;

describe('a loop', () => {
  let clock: FakeClock;
  let loop: Loop;
  /** When each round began, in milliseconds since the start. */
  let rounds: number[];
  let errors: unknown[];
  /** What a round does; it returns in how many milliseconds it wants to run again. */
  let work: () => Promise<number | undefined>;

  beforeEach(() => {
    clock = createFakeClock(startedAt);
    rounds = [];
    errors = [];
    work = async () => undefined;
    loop = createLoop({
      clock,
      async round() {
        rounds.push(clock.now() - startedAt);
        const inMs = await work();
        return inMs === undefined ? undefined : clock.now() + inMs;
      },
      onError(error) {
        errors.push(error);
        return clock.now() + 3_000;
      },
      longestSleepMs: 60_000,
      shortestSleepMs: 200,
    });
  });
  afterEach(() => loop.stop());

  /** A round that lasts until the returned function is called. */
  function hold(): () => void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    work = () => {
      work = async () => undefined;
      return promise;
    };
    return () => resolve(undefined);
  }

  it('does nothing before its start, then runs at once', async () => {
    loop.wake();
    loop.wakeBy(startedAt + 100);
    await clock.pass(1_000);
    expect(rounds).toEqual([]);
    loop.start();
    await settle();
    expect(rounds).toEqual([1_000]);
  });

  it('sleeps until the time that its round asked for', async () => {
    work = async () => 5_000;
    loop.start();
    await clock.pass(11_000);
    expect(rounds).toEqual([0, 5_000, 10_000]);
  });

  it('never sleeps longer than it may, or shorter', async () => {
    loop.start();
    await clock.pass(121_000);
    expect(rounds).toEqual([0, 60_000, 120_000]);
    work = async () => 0;
    loop.wake();
    await clock.pass(450);
    expect(rounds.slice(3)).toEqual([121_000, 121_200, 121_400]);
  });

  it('runs at once when woken, even right after the last round', async () => {
    loop.start();
    await clock.pass(50);
    loop.wake();
    await settle();
    expect(rounds).toEqual([0, 50]);
  });

  it('never overlaps, and runs just once more if it was woken during a round', async () => {
    const release = hold();
    loop.start();
    await settle();
    for (let times = 0; times < 5; times += 1) loop.wake();
    await clock.pass(1_000);
    expect(rounds).toEqual([0]);
    release();
    await settle();
    expect(rounds).toEqual([0, 1_000]);
    await clock.pass(1_000);
    expect(rounds).toHaveLength(2);
  });

  it('keeps the earliest wanted time, in whatever order they come', async () => {
    loop.start();
    await settle();
    loop.wakeBy(startedAt + 9_000);
    loop.wakeBy(startedAt + 4_000);
    loop.wakeBy(startedAt + 7_000);
    await clock.pass(8_000);
    expect(rounds).toEqual([0, 4_000]);
  });

  it('keeps a time that was wanted during a round, if its end wants a later one', async () => {
    const release = hold();
    loop.start();
    await settle();
    loop.wakeBy(startedAt + 4_000);
    release();
    await clock.pass(10_000);
    expect(rounds).toEqual([0, 4_000]);
  });

  it('forgets a wanted time once a round has run', async () => {
    loop.start();
    await settle();
    loop.wakeBy(startedAt + 4_000);
    await clock.pass(1_000);
    loop.wake();
    await clock.pass(30_000);
    expect(rounds).toEqual([0, 1_000]);
  });

  it('goes on after an error, at the time that its error handler returns', async () => {
    work = async () => {
      work = async () => undefined;
      throw new Error('the disk is full');
    };
    loop.start();
    await clock.pass(4_000);
    expect(errors).toMatchObject([{ message: 'the disk is full' }]);
    expect(rounds).toEqual([0, 3_000]);
  });

  it("isn't held up by a clock that is set back an hour", async () => {
    work = async () => 30_000;
    loop.start();
    await clock.pass(1_000);
    clock.set(startedAt - 3_600_000);
    await clock.pass(29_000);
    expect(rounds).toHaveLength(2);
    loop.wakeBy(clock.now() + 500);
    await clock.pass(1_000);
    expect(rounds).toHaveLength(3);
  });

  it('notices a clock that is set forward within its longest sleep', async () => {
    loop.start();
    await settle();
    loop.wakeBy(startedAt + 7_200_000);
    clock.set(startedAt + 7_200_000);
    await clock.pass(60_000);
    expect(rounds).toHaveLength(2);
  });

  it("stops after the current round, and doesn't run again", async () => {
    const release = hold();
    loop.start();
    await settle();
    loop.wake();
    let hasStopped = false;
    const stopping = loop.stop().then(() => {
      hasStopped = true;
    });
    await settle();
    expect(hasStopped).toBe(false);
    release();
    await stopping;
    loop.wake();
    loop.wakeBy(clock.now());
    await clock.pass(120_000);
    expect(rounds).toEqual([0]);
  });
});
