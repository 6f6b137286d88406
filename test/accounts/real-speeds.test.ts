import { beforeEach, describe, expect, it } from 'vitest';
import { createRealSpeeds, type RealSpeeds } from '../../src/accounts/real-speeds.ts';
import type { Task } from '../../src/task.ts';
import { createFakeClock } from '../helpers/clock.ts';
import { aTask } from '../helpers/tasks.ts';

const clock = createFakeClock();
let warnings: object[];
let realSpeeds: RealSpeeds;

beforeEach(() => {
  warnings = [];
  realSpeeds = createRealSpeeds({
    clock,
    log: { warn: (facts: object) => void warnings.push(facts) } as never,
  });
});

function ran(realSpeed: 'relax' | 'fast' | 'turbo', changes: Partial<Task> = {}): Task {
  const { request } = aTask();
  return aTask({ state: 'done', request: { ...request, speed: 'fast' }, facts: { realSpeed }, ...changes });
}

describe('a task that ran at another speed', () => {
  it('is told to the operator, without its prompt', () => {
    const task = ran('relax', { account: 'my-own' });
    realSpeeds.learn(task);
    expect(warnings).toEqual([
      {
        taskId: task.id,
        account: 'my-own',
        asked: 'fast',
        ran: 'relax',
      },
    ]);
  });

  it('is told once an hour for each account', async () => {
    realSpeeds.learn(ran('relax', { account: 'main' }));
    realSpeeds.learn(ran('turbo', { account: 'main' }));
    realSpeeds.learn(ran('relax', { account: 'spare' }));
    expect(warnings).toHaveLength(2);
    await clock.pass(60 * 60_000 + 1);
    realSpeeds.learn(ran('relax', { account: 'main' }));
    expect(warnings).toHaveLength(3);
  });

  it.each<[string, Task]>([
    ['ran as it should', ran('fast')],
    ["whose speed the API doesn't tell", aTask({ state: 'done' })],
    ['ended long ago, before a restart', ran('relax', { finishedAt: clock.now() - 2 * 60 * 60_000 })],
    ['failed', ran('relax', { state: 'failed' })],
    ['only shows an earlier result', ran('relax', { request: { ...aTask().request, copyOf: 'other' } })],
    [
      'was asked for as a fast one, as its person was told',
      ran('fast', {
        request: { ...aTask().request, speed: 'turbo' },
        adjustments: [{ flag: '--turbo', asked: 'turbo', used: 'fast' }],
      }),
    ],
  ])('is nothing to tell if it %s', (_what, task) => {
    realSpeeds.learn(task);
    expect(warnings).toEqual([]);
  });
});
