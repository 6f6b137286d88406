import { describe, expect, it } from 'vitest';
import { firstLookDelay, nextLookDelay, type PollTiming } from '../../src/accounts/cadence.ts';
import { apixoTraitsOf } from '../../src/providers/apixo/index.ts';
import type { Speed } from '../../src/task.ts';

const { pollFloorMs, pollCeilingMs = 0, firstLookMs = {} } = apixoTraitsOf();
const apixo: PollTiming = {
  firstMs: 10_000,
  minMs: pollFloorMs,
  maxMs: pollCeilingMs,
  leastFirstMs: firstLookMs,
};
const plain: PollTiming = { firstMs: 5_000, minMs: 3_000, maxMs: 15_000 };
const luck = [0, 0.5, 0.999];
const first = (timing: PollTiming, speed: Speed, durationsMs: readonly number[] = []) =>
  luck.map((one) => firstLookDelay(timing, { speed, durationsMs }, () => one));
const five = (ms: number) => [ms, ms, ms, ms, ms];

describe('the first look', () => {
  it.each([
    ['relax', 200_000],
    ['fast', 50_000],
    ['turbo', 10_000],
  ] as const)("comes when the API's documents say, and never earlier: %s", (speed, ms) => {
    for (const delay of [...first(apixo, speed), ...first(apixo, speed, five(1_000))]) {
      expect(delay).toBeGreaterThanOrEqual(ms);
      expect(delay).toBeLessThanOrEqual(ms * 1.1);
    }
  });

  it('of a task that usually takes longer comes later, but within two minutes or what the documents say', () => {
    expect(first(apixo, 'turbo', five(40_000))).toEqual([36_000, 40_000, 43_992]);
    expect(Math.max(...first(apixo, 'turbo', five(900_000)))).toBeLessThanOrEqual(132_000);
    expect(Math.max(...first(apixo, 'relax', five(900_000)))).toBeLessThanOrEqual(220_000);
    expect(Math.max(...first(plain, 'fast', five(900_000)))).toBeLessThanOrEqual(132_000);
  });

  it('comes early where nothing is known', () => {
    expect(first(plain, 'fast')).toEqual([4_500, 5_000, 5_499]);
  });
});

describe('the next looks', () => {
  it.each([10_000, 60_000, 250_000, 900_000])('at a task of %i ms come ten seconds apart', (age) => {
    for (const one of luck) {
      const delay = nextLookDelay(apixo, age, () => one);
      expect(delay).toBeGreaterThanOrEqual(10_000);
      expect(delay).toBeLessThanOrEqual(11_000);
    }
  });
});
