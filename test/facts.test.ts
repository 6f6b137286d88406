import { describe, expect, it } from 'vitest';
import { mergeFacts } from '../src/facts.ts';
import type { Facts } from '../src/task.ts';

const merge = (before: Facts | undefined, facts: Facts) =>
  mergeFacts(before === undefined ? {} : { facts: before }, { state: 'running', facts }).facts;

describe('what an API tells about a task', () => {
  it.each<[string, Facts]>([
    ['times', { submittedAt: 1, startedAt: 2, finishedAt: 3 }],
    ['a free task', { cost: { amount: 0, unit: 'points' } }],
    ['a seed of 0', { seed: '0' }],
    ['a long prompt', { promptEnglish: 'x'.repeat(6_000) }],
  ])('is kept: %s', (_, facts) => {
    expect(merge(undefined, facts)).toEqual(facts);
  });

  it.each<[string, Facts]>([
    ['no time', { startedAt: 0 }],
    ['a time before all times', { startedAt: -1 }],
    ['a time that no clock shows', { finishedAt: 1e300 }],
    ['no number', { width: Number.NaN, height: Number.POSITIVE_INFINITY }],
    ['a cost without an amount', { cost: { amount: Number.NaN, unit: 'points' } }],
    ['empty words', { promptEnglish: '', seed: '', jobId: '' }],
  ])('is dropped: %s', (_, facts) => {
    expect(merge(undefined, facts)).toBeUndefined();
    const before: Facts = {
      startedAt: 5,
      finishedAt: 6,
      width: 7,
      height: 8,
      seed: '9',
      promptEnglish: 'a fox',
    };
    expect(merge(before, facts)).toEqual(before);
  });

  it('is cut if it has no end', () => {
    const facts = merge(undefined, { promptEnglish: 'x'.repeat(1_000_000), seed: '1'.repeat(1_000_000) });
    expect(JSON.stringify(facts).length).toBeLessThan(13_000);
  });
});
