import { between, createRandom, toSeed } from '../../pictures/random.ts';
import type { MjTask } from './task.ts';

/** Realistic times in milliseconds: fast mode, as users report them for v6 and v7. */
export const times = {
  grid: 40_000,
  pick: 6_000,
  upscale: 35_000,
  describe: 12_000,
  shorten: 8_000,
  swap: 10_000,
  video: 90_000,
} as const;

/** Up to a third more or less, by the task's own seed. */
export function spread(task: MjTask, milliseconds: number): number {
  const random = createRandom(toSeed(task.seed, 'time'));
  return Math.round(milliseconds * between(random, 0.75, 1.35));
}
