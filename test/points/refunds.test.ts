import { describe, expect, it } from 'vitest';
import type { OperatorSettings } from '../../src/points/policy.ts';
import { type Refund, refundLimitOf, refundOf } from '../../src/points/refunds.ts';
import type { Task } from '../../src/task.ts';
import { aRunningTask, aTask } from '../helpers/tasks.ts';

const failure = (kind: NonNullable<Task['failure']>['kind'], mayHaveCost = false) =>
  ({ state: 'failed', failure: { kind, mayHaveCost } }) as const;
const cancelled = { state: 'cancelled' } as const;
const stop = (isRefunded: boolean) => ({ stop: { at: 1, isRefunded } });

describe("a task's refund", () => {
  it.each<[string, Refund, Task]>([
    ['cancelled while it waits', 'person-and-month', aTask(cancelled)],
    [
      'cancelled after a definite refusal',
      'person-and-month',
      aTask({ submittedAt: 2, tried: ['a'], ...cancelled }),
    ],
    ['refused', 'person-and-month', aTask(failure('rejected'))],
    ['that met a full queue', 'person-and-month', aTask(failure('queue'))],
    ["whose picture can't be used", 'person-and-month', aTask(failure('input'))],
    ['that fails at the provider', 'person-and-month', aRunningTask(failure('rejected'))],
    ['whose account has no credit for the answer', 'person-and-month', aRunningTask(failure('balance'))],
    ['whose answer is lost', 'person', aTask({ lostAt: 3, ...failure('lost', true) })],
    ['that takes too long', 'person', aRunningTask(failure('timeout', true))],
    ['that the provider forgot', 'person', aRunningTask(failure('forgotten', true))],
    ["that Discord can't show", 'person', aRunningTask(failure('unshown'))],
    ['whose files never come', 'person', aRunningTask(failure('unfetched'))],
    ['that somebody cancels at the provider', 'person', aRunningTask(failure('withdrawn'))],
    ['whose mask fails after the question', 'person', aRunningTask(failure('input'))],
    ['that the bot breaks after the question', 'person', aRunningTask(failure('internal'))],
    ['cancelled while it runs', 'person', aRunningTask({ ...cancelled, ...stop(true) })],
    ['cancelled while it runs, before there were limits', 'person', aRunningTask(cancelled)],
    [
      'that fails by itself while the cancel is unknown',
      'person',
      aRunningTask({ ...failure('rejected'), ...stop(true) }),
    ],
    ['that times out after a cancel', 'person', aRunningTask({ ...failure('timeout', true), ...stop(true) })],
    ['cancelled without a refund', 'nobody', aRunningTask({ ...cancelled, ...stop(false) })],
    [
      'that times out after a cancel without a refund',
      'nobody',
      aRunningTask({ ...failure('timeout', true), ...stop(false) }),
    ],
  ])('%s goes to %s', (_what, refund, task) => {
    expect(refundOf(task)).toBe(refund);
  });
});

describe('the limit on refunds', () => {
  it("is the operator's, per day in the server's time zone", () => {
    const operator = { refundedCancels: 4 } as OperatorSettings;
    const now = Date.parse('2026-11-28T16:00:00Z');
    const limit = refundLimitOf({ operator, book: { timeZone: 'Asia/Tokyo', period: 'month' } }, now);
    expect(limit.perDay).toBe(4);
    expect(limit.day.startsAt).toBe(Date.parse('2026-11-28T15:00:00Z'));
    expect(refundLimitOf({ operator, book: {} }, now).day.startsAt).toBe(Date.parse('2026-11-28T00:00:00Z'));
  });
});
