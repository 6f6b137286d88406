import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apply } from '../src/apply.ts';
import { isEnded, type Task, type TaskEvent, type Update } from '../src/task.ts';
import { anOffer, aPlace, aRunningTask, aTask } from './helpers/tasks.ts';

const done = {
  state: 'done' as const,
  media: [{ kind: 'picture' as const, url: 'https://pictures.example/1.png' }],
  offers: [anOffer()],
} satisfies Update;

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

  it('keeps what the provider tells about it, the latest of each, however it ends', () => {
    const look = (task: Task, update: Update) => {
      const after = apply(task, { type: 'looked', update, nextLookAt: 0 }, 0);
      if (after === undefined) throw new Error('it has ended');
      return after;
    };
    const first = look(aRunningTask(), { state: 'running', facts: { startedAt: 5, seed: '1' } });
    const facts = { seed: '2', cost: { amount: 100, unit: 'points' } };
    const finished = look(first, { ...done, facts });
    expect(finished.facts).toEqual({ startedAt: 5, ...facts });
    expect(finished.result).toEqual({ media: done.media, offers: done.offers });
    const silent = look(look(first, { state: 'running' }), { state: 'failed', kind: 'rejected' });
    expect(silent.facts).toEqual({ startedAt: 5, seed: '1' });
    const timeout: TaskEvent = { type: 'failed', failure: { kind: 'timeout', mayHaveCost: true } };
    const ended = apply(aRunningTask({ ref: { id: '9' } }), timeout, 1) as Task;
    expect(look(ended, { ...done, facts })).toMatchObject({ lateAt: 0, facts });
  });

  it('forgets the English prompt with the words it stands for, and the rest once it is emptied', () => {
    const update: Update = { ...done, facts: { promptEnglish: 'a fox', seed: '1' } };
    const finished = apply(aRunningTask(), { type: 'looked', update, nextLookAt: 0 }, 0) as Task;
    const typed = { ...finished, request: { ...finished.request, typed: '狐狸' } };
    const others = apply(typed, { type: 'forgotten', isAll: false }, 1);
    expect(others?.facts).toEqual({ seed: '1' });
    expect(JSON.stringify(others)).not.toContain('狐狸');
    expect(apply(finished, { type: 'forgotten', isAll: true }, 1)?.facts).toBeUndefined();
  });

  it('takes the ref that a result brings, whether on time, at once or late', () => {
    const told: Update = { ...done, ref: { id: '9', image: '77' } };
    const looked: TaskEvent = { type: 'looked', update: told, nextLookAt: 8 };
    expect(apply(aRunningTask({ ref: { id: '9' } }), looked, 1)?.ref).toEqual(told.ref);
    const submitting = aTask({ state: 'submitting', acknowledgedAt: 1 });
    const times = { deadlineAt: 9, nextLookAt: 8 };
    const accepted = apply(submitting, { type: 'accepted', ref: { id: '9' }, update: told, ...times }, 1);
    expect(accepted).toMatchObject({ state: 'done', ref: told.ref });
    const timeout: TaskEvent = { type: 'failed', failure: { kind: 'timeout', mayHaveCost: true } };
    const ended = apply(aRunningTask({ ref: { id: '9' } }), timeout, 1) as Task;
    expect(apply(ended, looked, 2)).toMatchObject({ lateAt: 2, ref: told.ref });
    const plain: TaskEvent = { type: 'looked', update: done, nextLookAt: 8 };
    expect(apply(aRunningTask({ ref: { id: '9' } }), plain, 1)?.ref).toEqual({ id: '9' });
  });

  it("submits nothing that Discord hasn't acknowledged", () => {
    expect(apply(aTask(), { type: 'submitting', deadlineAt: 1_000 }, 0)).toBeUndefined();
  });

  it('never lets progress go back', () => {
    const task = aRunningTask({ progress: 60 });
    expect(
      apply(task, { type: 'looked', update: { state: 'running', progress: 20 }, nextLookAt: 9 }, 1)?.progress,
    ).toBe(60);
  });

  it('keeps a task whose submit answer was lost, and still takes a late acceptance', () => {
    const lost = apply(
      aTask({ state: 'submitting', acknowledgedAt: 1 }),
      { type: 'lost', deadlineAt: 90 },
      7,
    );
    expect(lost).toMatchObject({ state: 'submitting', lostAt: 7 });
    const accepted = apply(
      lost as Task,
      { type: 'accepted', ref: { id: '9' }, update: { state: 'running' }, deadlineAt: 9, nextLookAt: 8 },
      8,
    );
    expect(accepted).toMatchObject({ state: 'running', ref: { id: '9' } });
    expect(accepted?.lostAt).toBeUndefined();
  });

  it('puts a task back into the queue if it was refused for now', () => {
    const event = { type: 'postponed', notBefore: 50, deadlineAt: 99, reason: 'busy' } as const;
    const task = apply(aTask({ state: 'submitting', acknowledgedAt: 1 }), event, 7);
    expect(task).toMatchObject({ state: 'queued', notBefore: 50, deadlineAt: 99, postponedFor: 'busy' });
  });

  it('waits only 30 minutes for an answer', () => {
    const task = apply(aRunningTask(), { type: 'looked', update: { state: 'asking' }, nextLookAt: 9 }, 1_000);
    expect(task).toMatchObject({ state: 'asking', deadlineAt: 1_801_000 });
  });

  it.each([
    ['https://p.example/1.png', 'https://p.example/1.png'],
    ['data:image/png;base64,AAAA', undefined],
    ['DATA:,a', undefined],
  ])('keeps a preview that a message can show: %s', (preview, kept) => {
    const looked = (task: Task, update: Update) =>
      apply(task, { type: 'looked', update, nextLookAt: 9 }, 2) ?? task;
    expect(looked(aRunningTask(), { state: 'running', progress: 20, preview }).preview).toBe(kept);
    const before = aRunningTask({ preview: 'https://p.example/0.png' });
    expect(looked(before, { state: 'running', progress: 20, preview }).preview).toBe(kept ?? before.preview);
  });

  it('cancels a waiting task, but nothing that may have been paid for', () => {
    expect(apply(aTask(), { type: 'cancelled' }, 1)?.state).toBe('cancelled');
    expect(apply(aTask({ state: 'asking' }), { type: 'cancelled' }, 1)?.state).toBe('cancelled');
    expect(apply(aTask({ state: 'submitting' }), { type: 'cancelled' }, 1)).toBeUndefined();
    expect(apply(aRunningTask(), { type: 'cancelled' }, 1)).toBeUndefined();
  });

  const place = aPlace({ token: 'new' });
  const failures = ['timeout', 'lost', 'rejected'] as const;
  const updates: Update[] = [
    { state: 'running', progress: 0 },
    { state: 'running', progress: 70, queue: 2 },
    { state: 'running', progress: 30 },
    { state: 'asking', prompt: 'a hare' },
    { state: 'failed', kind: 'rejected' },
    done,
  ];
  const others: TaskEvent[] = [
    { type: 'acknowledged', messageId: '5' },
    { type: 'submitting', deadlineAt: 9 },
    { type: 'postponed', notBefore: 5, deadlineAt: 9, reason: 'busy' },
    { type: 'lost', deadlineAt: 90 },
    { type: 'copied', result: { media: [], offers: [] } },
    { type: 'answering', prompt: 'a hare', deadlineAt: 9, nextLookAt: 8 },
    { type: 'unanswered', notBefore: 8 },
    { type: 'cancelling', stop: { at: 1, isRefunded: true } },
    { type: 'cancel-failed', isCertain: true },
    { type: 'removed' },
    { type: 'placed', place },
    { type: 'located', messageId: '6' },
    { type: 'missing', nextLookAt: 8 },
    { type: 'cancelled' },
    ...failures.map((kind): TaskEvent => ({ type: 'failed', failure: { kind, mayHaveCost: true } })),
  ];
  const told = updates.flatMap((update): TaskEvent[] => [
    { type: 'accepted', ref: { id: '1' }, update, deadlineAt: 9, nextLookAt: 8 },
    { type: 'answered', ref: { id: '1' }, update },
    { type: 'looked', update, nextLookAt: 8 },
  ]);
  const event = fc.oneof(fc.constantFrom(...others), fc.constantFrom(...told));
  /** The road that most tasks take, so that random events start where something can happen. */
  const start = fc.constantFrom<Task>(
    aTask(),
    aTask({ state: 'submitting', acknowledgedAt: 1 }),
    aRunningTask(),
  );

  it('counts every step once, and never changes how a task ended, in any order of events', () => {
    fc.assert(
      fc.property(start, fc.array(event, { maxLength: 40 }), (first, events) => {
        let task = first;
        for (const [now, one] of events.entries()) {
          const next = apply(task, one, now);
          if (next === undefined) continue;
          expect(next.revision).toBe(task.revision + 1);
          expect(next.progress ?? 0).toBeGreaterThanOrEqual(task.progress ?? 0);
          if (['running', 'answering'].includes(next.state)) expect(next.ref).toBeDefined();
          expect(isEnded(next) || next.state === 'queued' || next.acknowledgedAt !== undefined).toBe(true);
          if (isEnded(task)) {
            const { state, failure, finishedAt } = task;
            expect(next).toMatchObject({ state, finishedAt, ...(failure === undefined ? {} : { failure }) });
          } else if (isEnded(next)) expect(next.finishedAt).toBe(now);
          task = next;
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('learns once which message shows it, even after it has ended', () => {
    const located: TaskEvent = { type: 'located', messageId: '6' };
    const ended = apply(aRunningTask(), { type: 'looked', update: done, nextLookAt: 8 }, 1) as Task;
    for (const task of [aRunningTask(), ended]) {
      const { messageId: _, ...unknown } = task.origin.place;
      const next = apply({ ...task, origin: { ...task.origin, place: unknown } }, located, 2) as Task;
      expect(next).toMatchObject({ state: task.state, origin: { place: { messageId: '6' } } });
      expect(apply(next, { type: 'located', messageId: '7' }, 3)).toBeUndefined();
    }
  });

  it('fails a done task that can never be shown, once, and no other task', () => {
    const shown = apply(aRunningTask(), { type: 'looked', update: done, nextLookAt: 8 }, 1) as Task;
    const unshown = apply(shown, { type: 'unshown', kind: 'unshown' }, 2) as Task;
    expect(unshown).toMatchObject({ state: 'failed', failure: { kind: 'unshown' }, finishedAt: 1 });
    expect(unshown.result).toBeUndefined();
    const failed = apply(
      aRunningTask(),
      { type: 'failed', failure: { kind: 'timeout', mayHaveCost: true } },
      1,
    );
    const late = apply(failed as Task, { type: 'looked', update: done, nextLookAt: 8 }, 2);
    const cancelled = apply(aTask(), { type: 'cancelled' }, 1);
    for (const task of [unshown, failed, late, cancelled, aTask(), aRunningTask()])
      expect(apply(task as Task, { type: 'unshown', kind: 'unshown' }, 3)).toBeUndefined();
    // A look that was in progress brings nothing back.
    expect(apply(unshown, { type: 'looked', update: done, nextLookAt: 8 }, 3)).toBeUndefined();
  });

  it('takes a result after the end only if the task was given up, and only once', () => {
    const looked: TaskEvent = { type: 'looked', update: done, nextLookAt: 8 };
    const end = (kind: (typeof failures)[number]) =>
      apply(aRunningTask(), { type: 'failed', failure: { kind, mayHaveCost: true } }, 1) as Task;
    expect(apply(end('rejected'), looked, 2)).toBeUndefined();
    const late = apply(end('timeout'), looked, 2) as Task;
    expect(late).toMatchObject({ state: 'failed', lateAt: 2, result: { media: done.media } });
    expect(apply(late, looked, 3)).toBeUndefined();
  });
});
