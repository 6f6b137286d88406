import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDurations } from '../../src/accounts/durations.ts';
import { toOutlook } from '../../src/service/forecast.ts';
import type { Task } from '../../src/task.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aRunningTask, aTask } from '../helpers/tasks.ts';

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ operator: { refundedCancels: 1 } });
  relay.provider.cancel = async () => undefined;
});
afterEach(() => relay.remove());

async function promised(task: Task): Promise<[canCancel: boolean, isCancelRefunded: boolean]> {
  const now = relay.clock.now();
  const { canCancel, isCancelRefunded } = await toOutlook(task, {
    ...relay,
    durations: createDurations(),
    now,
  });
  return [canCancel, isCancelRefunded];
}

/** The day's only refund. */
async function useUp(): Promise<void> {
  const taskId = await relay.imagine();
  const person = { userId: '444444444444444444', canManageMessages: false };
  await relay.service.cancel({ taskId, messageId: `message-of-${taskId}` }, person);
}

const stopped = (isRefunded: boolean) => ({ stop: { at: 1, isRefunded } });
const asking = { state: 'asking', acceptedAt: 2 } as const;

describe('what Cancel says before it is pressed', () => {
  it.each<[string, Task]>([
    ['waits', aTask()],
    ['runs', aRunningTask()],
    ['asks', aTask(asking)],
  ])('is that points come back for a task that %s, as long as there are refunds', async (_what, task) => {
    expect(await promised(task)).toEqual([true, true]);
  });

  it.each<[string, boolean, Task]>([
    ['waits', true, aTask()],
    ['runs', false, aRunningTask()],
    ['runs, and is free', true, aRunningTask({ price: 0 })],
    ['asks', false, aTask(asking)],
    ['asks, and was promised its points', true, aTask({ ...asking, ...stopped(true) })],
  ])("is, once the day's refunds are used up, for a task that %s: %s", async (_what, isRefunded, task) => {
    await useUp();
    expect(await promised(task)).toEqual([true, isRefunded]);
  });

  it("stays what a question's message said, no matter what happened since", async () => {
    expect(await promised(aTask({ ...asking, ...stopped(false) }))).toEqual([true, false]);
  });

  it('is nothing if nothing can be cancelled anymore', async () => {
    await useUp();
    expect(await promised(aRunningTask({ cancellingAt: 3, ...stopped(false) }))).toEqual([false, true]);
  });
});

describe('how long a task usually takes', () => {
  const documented = { set: { fast: 60_000, relax: 250_000 } } as const;
  const now = 0;

  /** Durations learned from tasks that took this many milliseconds. */
  function learned(...milliseconds: number[]) {
    const durations = createDurations();
    for (const ms of milliseconds)
      durations.learn(aRunningTask({ state: 'done', acceptedAt: 1_000, finishedAt: 1_000 + ms }));
    return durations;
  }

  it('is what the documents say before five are known, and then the median of the last ones', () => {
    const task = aRunningTask();
    expect(learned().usual(task, documented)).toBe(60_000);
    expect(learned(7_000, 8_000, 9_000, 30_000).usual(task, documented)).toBe(60_000);
    expect(learned(7_000, 8_000, 9_000, 30_000, 90_000).usual(task, documented)).toBe(9_000);
  });

  it('is not known from tasks of another account, action or speed', () => {
    const durations = learned(1_000, 1_000, 1_000, 1_000, 1_000);
    const { request } = aTask();
    const others = [
      aRunningTask({ account: 'spare' }),
      aRunningTask({ request: { ...request, action: 'blend' } }),
      aRunningTask({ request: { ...request, speed: 'relax' } }),
    ];
    expect(others.map((task) => durations.usual(task, documented))).toEqual([60_000, 60_000, 250_000]);
  });

  it('is not said if nobody knows', () => {
    const describing = aRunningTask({ request: { ...aTask().request, action: 'describe' } });
    expect(learned().usual(describing, documented)).toBeUndefined();
    expect(learned().usual(aRunningTask(), undefined)).toBeUndefined();
  });

  it.each([
    [200, 1_000],
    [3_400, 4_000],
    [41_000, 45_000],
    [130_000, 150_000],
  ])('rounds %i ms up to %i', async (ms, usualMs) => {
    const durations = learned(ms, ms, ms, ms, ms);
    expect((await toOutlook(aRunningTask(), { ...relay, durations, now })).usualMs).toBe(usualMs);
  });
});
