import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply, isEnded, type Task, type TaskEvent, type Update } from '../src/task.ts';
import { anOffer, aRunningTask, aTask } from './helpers/tasks.ts';

const done: Update = {
  state: 'done',
  media: [{ kind: 'picture', url: 'https://pictures.example/1.png' }],
  offers: [anOffer()],
};

function applyAll(task: Task, events: readonly TaskEvent[]): Task {
  return events.reduce((current, event, index) => apply(current, event, index) ?? current, task);
}

describe('apply', () => {
  it('takes a task from the queue to its result', () => {
    const ended = applyAll(aTask(), [
      { type: 'acknowledged', messageId: '555' },
      { type: 'submitting', deadlineAt: 1_000 },
      { type: 'accepted', ref: { id: '9' }, update: { state: 'running' }, deadlineAt: 2_000, nextLookAt: 10 },
      { type: 'looked', update: { state: 'running', progress: 40 }, nextLookAt: 20 },
      { type: 'looked', update: done, nextLookAt: 30 },
    ]);
    expect(ended).toMatchObject({
      state: 'done',
      revision: 6,
      progress: 100,
      ref: { id: '9' },
      result: { media: done.media },
    });
    expect(ended.origin.place.messageId).toBe('555');
    expect(ended.nextLookAt).toBeUndefined();
  });

  it('submits nothing that Discord has not acknowledged', () => {
    expect(apply(aTask(), { type: 'submitting', deadlineAt: 1_000 }, 0)).toBeUndefined();
  });

  it('never lets progress go back', () => {
    const task = aRunningTask({ progress: 60 });
    expect(
      apply(task, { type: 'looked', update: { state: 'running', progress: 20 }, nextLookAt: 9 }, 1)?.progress,
    ).toBe(60);
  });

  it('keeps a task whose submit answer was lost, and still takes a late acceptance', () => {
    const lost = apply(aTask({ state: 'submitting', acknowledgedAt: 1 }), { type: 'lost' }, 7);
    expect(lost).toMatchObject({ state: 'submitting', lostAt: 7 });
    const accepted = apply(
      lost as Task,
      { type: 'accepted', ref: { id: '9' }, update: { state: 'running' }, deadlineAt: 9, nextLookAt: 8 },
      8,
    );
    expect(accepted).toMatchObject({ state: 'running', ref: { id: '9' } });
    expect(accepted?.lostAt).toBeUndefined();
  });

  it('puts a task that was refused for now back into the queue', () => {
    const event = { type: 'postponed', notBefore: 50, deadlineAt: 99, reason: 'busy' } as const;
    const task = apply(aTask({ state: 'submitting', acknowledgedAt: 1 }), event, 7);
    expect(task).toMatchObject({ state: 'queued', notBefore: 50, deadlineAt: 99, postponedFor: 'busy' });
  });

  it('asks for 30 minutes only', () => {
    const task = apply(aRunningTask(), { type: 'looked', update: { state: 'asking' }, nextLookAt: 9 }, 1_000);
    expect(task).toMatchObject({ state: 'asking', deadlineAt: 1_801_000 });
  });

  it('cancels what waits, and nothing that may have been paid', () => {
    expect(apply(aTask(), { type: 'cancelled' }, 1)?.state).toBe('cancelled');
    expect(apply(aTask({ state: 'asking' }), { type: 'cancelled' }, 1)?.state).toBe('cancelled');
    expect(apply(aTask({ state: 'submitting' }), { type: 'cancelled' }, 1)).toBeUndefined();
    expect(apply(aRunningTask(), { type: 'cancelled' }, 1)).toBeUndefined();
  });

  const event: fc.Arbitrary<TaskEvent> = fc.oneof(
    fc.constant<TaskEvent>({ type: 'acknowledged', messageId: '5' }),
    fc.constant<TaskEvent>({ type: 'submitting', deadlineAt: 9 }),
    fc.constant<TaskEvent>({
      type: 'accepted',
      ref: { id: '1' },
      update: { state: 'running' },
      deadlineAt: 9,
      nextLookAt: 8,
    }),
    fc.constant<TaskEvent>({
      type: 'accepted',
      ref: { id: '1' },
      update: done,
      deadlineAt: 9,
      nextLookAt: 8,
    }),
    fc.constant<TaskEvent>({ type: 'postponed', notBefore: 5, deadlineAt: 9, reason: 'busy' }),
    fc.constant<TaskEvent>({ type: 'lost' }),
    fc.constant<TaskEvent>({ type: 'missing', nextLookAt: 8 }),
    fc
      .nat(120)
      .map(
        (progress): TaskEvent => ({ type: 'looked', update: { state: 'running', progress }, nextLookAt: 8 }),
      ),
    fc.constant<TaskEvent>({ type: 'looked', update: done, nextLookAt: 8 }),
    fc.constant<TaskEvent>({ type: 'looked', update: { state: 'asking' }, nextLookAt: 8 }),
    fc.constant<TaskEvent>({ type: 'looked', update: { state: 'failed', kind: 'rejected' }, nextLookAt: 8 }),
    fc.constant<TaskEvent>({ type: 'failed', failure: { kind: 'timeout', mayHaveCost: true } }),
    fc.constant<TaskEvent>({ type: 'cancelled' }),
  );

  it('counts every step once, and changes nothing after the end, whatever comes in whatever order', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let task = aTask();
        for (const [now, one] of events.entries()) {
          const next = apply(task, one, now);
          if (isEnded(task)) expect(next).toBeUndefined();
          if (next === undefined) continue;
          expect(next.revision).toBe(task.revision + 1);
          expect(next.progress ?? 0).toBeGreaterThanOrEqual(task.progress ?? 0);
          if (next.state === 'running') expect(next.ref).toBeDefined();
          if (next.state !== 'queued') expect(isEnded(next) || next.acknowledgedAt !== undefined).toBe(true);
          if (isEnded(next)) expect(next.finishedAt).toBe(now);
          task = next;
        }
      }),
    );
  });
});
