import { describe, expect, it } from 'vitest';
import { apply } from '../src/apply.ts';
import type { Task, TaskEvent, Update } from '../src/task.ts';
import { anOffer, aPlace, aRunningTask, aTask } from './helpers/tasks.ts';

/** Applies these events at 10, 20, 30 …; each of them has to change something. */
function live(task: Task, ...events: readonly TaskEvent[]): Task {
  return events.reduce((current, event, index) => {
    const next = apply(current, event, 10 * (index + 1));
    if (next === undefined) throw new Error(`${event.type} means nothing in ${current.state}`);
    return next;
  }, task);
}

const submitting = (overrides: Partial<Task> = {}) =>
  aTask({ state: 'submitting', acknowledgedAt: 1, submittedAt: 2, ...overrides });
const running: Update = { state: 'running', progress: 10 };
const looked = (update: Update = running): TaskEvent => ({ type: 'looked', update, nextLookAt: 99 });
const missing: TaskEvent = { type: 'missing', nextLookAt: 99 };
const lost: TaskEvent = { type: 'lost' };
const accepted = (update: Update = running): TaskEvent => ({
  type: 'accepted',
  ref: { id: '9' },
  update,
  deadlineAt: 900,
  nextLookAt: 99,
});
const submit: TaskEvent = { type: 'submitting', deadlineAt: 500 };
const busy = (notBefore: number): TaskEvent => ({
  type: 'postponed',
  notBefore,
  deadlineAt: 400,
  reason: 'busy',
});
const moved = (account: string): TaskEvent => ({ type: 'moved', account, deadlineAt: 300 });
const answering = (prompt: string): TaskEvent => ({
  type: 'answering',
  prompt,
  deadlineAt: 700,
  nextLookAt: 99,
});
const cancelling = (at: number): TaskEvent => ({ type: 'cancelling', stop: { at, isRefunded: true } });
const stillRunning: TaskEvent = { type: 'cancel-failed', isCertain: true };
const timeout: TaskEvent = { type: 'failed', failure: { kind: 'timeout', mayHaveCost: true } };
const done: Update = {
  state: 'done',
  media: [{ kind: 'picture', url: 'https://p.example/1.png' }],
  offers: [anOffer()],
};

/** What a step leaves behind affects the next time it is taken. */
describe('the second time', () => {
  it('a task is missing, its time starts again', () => {
    const once = live(aRunningTask(), missing);
    expect(once).toMatchObject({ missingSince: 10, nextLookAt: 99 });
    expect(apply(once, missing, 20)).toBeUndefined();
    const seen = live(once, looked());
    expect(seen).not.toHaveProperty('missingSince');
    expect(apply(seen, missing, 500)).toMatchObject({ missingSince: 500 });
  });

  it('an account is busy, its second request to wait counts', () => {
    const waiting = live(submitting(), busy(50));
    expect(waiting).toMatchObject({ state: 'queued', notBefore: 50, postponedFor: 'busy', deadlineAt: 400 });
    const again = live(waiting, submit);
    expect(again).toMatchObject({ state: 'submitting', submittedAt: 10, deadlineAt: 500 });
    expect(again).not.toHaveProperty('notBefore');
    expect(again).not.toHaveProperty('postponedFor');
    expect(live(again, busy(90))).toMatchObject({ state: 'queued', notBefore: 90 });
  });

  it('a task moves, it leaves everything about the first account behind', () => {
    const first = submitting({ account: 'one', adjustments: [{ flag: '--s', asked: '77', used: '100' }] });
    const second = live(first, moved('two'));
    expect(second).toMatchObject({ state: 'queued', account: 'two', tried: ['one'], deadlineAt: 300 });
    expect(second).not.toHaveProperty('adjustments');
    const third = live(second, submit, busy(50), submit, moved('three'));
    expect(third).toMatchObject({ account: 'three', tried: ['one', 'two'] });
    expect(third).not.toHaveProperty('notBefore');
    expect(third).not.toHaveProperty('postponedFor');
  });

  it('a task moves out of the queue although nobody refused it, its wait is over', () => {
    const waiting = live(submitting({ account: 'one' }), busy(50), moved('two'));
    expect(waiting).toMatchObject({ state: 'queued', account: 'two' });
    for (const key of ['tried', 'notBefore', 'postponedFor']) expect(waiting).not.toHaveProperty(key);
  });

  it('an answer is lost, its slot is held from the first time', () => {
    const once = live(submitting(), { ...lost, nextLookAt: 60 });
    expect(once).toMatchObject({ state: 'submitting', lostAt: 10, nextLookAt: 60 });
    expect(apply(once, lost, 20)).toBeUndefined();
    const found = live(once, accepted());
    expect(found).toMatchObject({ state: 'running', ref: { id: '9' }, acceptedAt: 10, deadlineAt: 900 });
    expect(found).not.toHaveProperty('lostAt');
  });

  it('an answer is sent, nothing is left of the first attempt', () => {
    const asking = live(aRunningTask({ submittedAt: 2 }), looked({ state: 'asking', prompt: 'a fox' }));
    expect(asking).toMatchObject({ state: 'asking', question: 'a fox' });
    expect(asking).not.toHaveProperty('nextLookAt');
    const first = live(asking, answering('a hare'));
    expect(first).toMatchObject({
      state: 'answering',
      request: { prompt: 'a hare' },
      acceptedAt: 10,
      answeredAt: 10,
      deadlineAt: 700,
      nextLookAt: 99,
    });
    expect(first).not.toHaveProperty('question');
    expect(apply(first, answering('again'), 20)).toBeUndefined();
    const full = live(first, { type: 'unanswered', notBefore: 60 });
    expect(full).toMatchObject({ state: 'asking', notBefore: 60, deadlineAt: 1_800_002 });
    for (const key of ['answeredAt', 'nextLookAt']) expect(full).not.toHaveProperty(key);
    const second = live(full, answering('an owl'));
    expect(second).toMatchObject({ state: 'answering', request: { prompt: 'an owl' }, answeredAt: 10 });
    expect(second).not.toHaveProperty('notBefore');
  });

  it('a question comes back that was already answered, nobody is asked', () => {
    const answered = live(aRunningTask(), looked({ state: 'asking', prompt: 'a fox' }), answering('a hare'), {
      type: 'answered',
      ref: { id: '10' },
      update: running,
    });
    expect(answered).toMatchObject({ state: 'running', ref: { id: '10' } });
    const repeated = live(answered, looked({ state: 'asking', prompt: 'a fox' }));
    expect(repeated).toMatchObject({ state: 'running', nextLookAt: 99 });
    expect(repeated).not.toHaveProperty('question');
  });

  it('somebody cancels, it only counts once the first call has failed', () => {
    const once = live(aRunningTask(), cancelling(10));
    expect(once).toMatchObject({ state: 'running', cancellingAt: 10 });
    expect(apply(once, cancelling(10), 20)).toBeUndefined();
    const open = live(once, stillRunning);
    expect(open).not.toHaveProperty('cancellingAt');
    expect(apply(open, stillRunning, 20)).toBeUndefined();
    expect(open).not.toHaveProperty('stop');
    expect(apply(open, cancelling(20), 20)).toMatchObject({
      cancellingAt: 20,
      stop: { at: 20, isRefunded: true },
    });
  });

  it('a result comes too late, the first one stays', () => {
    const given = live(aRunningTask(), timeout);
    expect(given).toMatchObject({ state: 'failed', nextLookAt: 300_010 });
    const late = live(given, looked(done));
    expect(late).toMatchObject({ state: 'failed', lateAt: 10, progress: 100, result: { media: done.media } });
    expect(late).not.toHaveProperty('nextLookAt');
    expect(apply(late, looked(done), 20)).toBeUndefined();
  });

  it('a token comes, it replaces the first, even after a late result', () => {
    const late = live(aRunningTask(), timeout, looked(done));
    const [first, second] = [aPlace({ token: 'first' }), aPlace({ token: 'second', tokenExpiresAt: 5 })];
    const placed = live(late, { type: 'placed', place: first }, { type: 'placed', place: second });
    expect(placed.origin.place).toEqual(second);
    expect(placed).toMatchObject({ state: 'failed', lateAt: 20, result: { media: done.media } });
  });
});

describe('what a step leaves', () => {
  it('has no position in a queue once there is progress', () => {
    const queued = live(aRunningTask(), looked({ state: 'running', queue: 3 }));
    expect(queued).toMatchObject({ queue: 3, progress: 0 });
    expect(live(queued, looked({ state: 'running', progress: 5 }))).not.toHaveProperty('queue');
    expect(live(queued, looked({ state: 'running', queue: 2 }))).toMatchObject({ queue: 2 });
  });

  it('is nothing that only a running task needs, once it has ended', () => {
    const task = aRunningTask({
      preview: 'https://p.example/0.png',
      missingSince: 4,
      notBefore: 5,
      question: 'a fox',
    });
    for (const ended of [
      live(task, looked(done)),
      live(task, { type: 'failed', failure: { kind: 'rejected', mayHaveCost: false } }),
    ])
      for (const key of ['preview', 'missingSince', 'notBefore', 'question', 'nextLookAt'])
        expect(ended).not.toHaveProperty(key);
  });

  it.each([
    ['timeout', true],
    ['forgotten', true],
    ['lost', true],
    ['rejected', false],
    ['auth', false],
    ['input', false],
  ] as const)('is another look after %s: %s', (kind, isLookedFor) => {
    const ended = live(aRunningTask(), { type: 'failed', failure: { kind, mayHaveCost: false } });
    expect('nextLookAt' in ended).toBe(isLookedFor);
  });

  it('is no look for a task that the provider never named', () => {
    const ended = live(submitting(), lost, { type: 'failed', failure: { kind: 'lost', mayHaveCost: true } });
    expect(ended).not.toHaveProperty('nextLookAt');
  });

  it('is cancelled instead of failed if somebody cancelled it', () => {
    const failed = looked({ state: 'failed', kind: 'rejected', reason: 'cancelled' });
    expect(live(aRunningTask(), failed).state).toBe('failed');
    expect(live(aRunningTask(), cancelling(10), failed).state).toBe('cancelled');
    expect(live(aRunningTask(), cancelling(10), stillRunning, failed).state).toBe('failed');
  });

  it('is only one acknowledgement, and only one message', () => {
    const task = live(aTask(), { type: 'acknowledged', messageId: '5' });
    expect(task).toMatchObject({ acknowledgedAt: 10, origin: { place: { messageId: '5' } } });
    expect(apply(task, { type: 'acknowledged', messageId: '6' }, 20)).toBeUndefined();
    expect(apply(task, { type: 'located', messageId: '6' }, 20)).toBeUndefined();
  });
});
