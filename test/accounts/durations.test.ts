import { expect, it } from 'vitest';
import { createDurations } from '../../src/accounts/durations.ts';
import { aTask } from '../helpers/tasks.ts';

it('learns nothing from a task whose clock was set back while it ran', () => {
  const durations = createDurations();
  const finished = (acceptedAt: number, finishedAt: number) =>
    aTask({ state: 'done', acceptedAt, finishedAt });
  for (const task of [finished(5_000, 45_000), finished(3_600_000, 40_000)]) durations.learn(task);
  expect(durations.list(aTask())).toEqual([40_000]);
});
