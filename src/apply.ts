import { without, withoutOthersWords, withoutWords } from './emptying.ts';
import { mergeFacts } from './facts.ts';
import { withMadePrompt } from './remix.ts';
import {
  askingTimeoutMs,
  type Failure,
  isEnded,
  isLost,
  lateLookEveryMs,
  previewOf,
  type Ref,
  type Result,
  type Task,
  type TaskEvent,
  type Update,
} from './task.ts';

/**
 * Returns the task after an event; `undefined` if the event no longer means anything, because the task has ended or somebody
 * else was first. Pure: every legal step of a task's life is in here.
 */
export function apply(task: Task, event: TaskEvent, now: number): Task | undefined {
  const next = isEnded(task) ? stepAfterEnd(task, event, now) : step(task, event, now);
  if (next === undefined) return undefined;
  // A running task needs its words to the end; a late result may bring some back.
  const isToEmpty = isEnded(next) && (next.emptied === 'at-end' || next.emptied === 'words');
  return { ...(isToEmpty ? withoutOthersWords(next) : next), revision: task.revision + 1 };
}

function step(task: Task, event: TaskEvent, now: number): Task | undefined {
  switch (event.type) {
    case 'acknowledged':
      return task.acknowledgedAt === undefined ? acknowledged(task, event.messageId, now) : undefined;
    case 'submitting':
      if (task.state !== 'queued' || task.acknowledgedAt === undefined) return undefined;
      return {
        ...without(task, 'notBefore', 'postponedFor'),
        state: 'submitting',
        submittedAt: now,
        deadlineAt: event.deadlineAt,
      };
    case 'accepted':
      if (task.state !== 'submitting') return undefined;
      return updated(
        {
          ...without(task, 'lostAt', 'postponedBy', 'saidFull'),
          state: 'running',
          ref: event.ref,
          acceptedAt: now,
          deadlineAt: event.deadlineAt,
          nextLookAt: event.nextLookAt,
        },
        event.update,
        now,
      );
    case 'postponed':
      if (task.state !== 'submitting') return undefined;
      return {
        ...waitingAt(without(task, 'saidFull'), event),
        state: 'queued',
        notBefore: event.notBefore,
        deadlineAt: event.deadlineAt,
        postponedFor: event.reason,
      };
    case 'moved':
      if (task.state !== 'submitting' && task.state !== 'queued') return undefined;
      return {
        // The adjustments were the other account's: this one does exactly what was asked.
        ...without(task, 'adjustments', 'notBefore', 'postponedFor', 'saidFull'),
        state: 'queued',
        account: event.account,
        ...(task.state === 'queued' ? {} : refusedBy(task, event.isFull === true)),
        deadlineAt: event.deadlineAt,
      };
    case 'lost':
      if (task.state !== 'submitting' || task.lostAt !== undefined) return undefined;
      return {
        ...task,
        lostAt: now,
        deadlineAt: event.deadlineAt,
        ...(event.nextLookAt === undefined ? {} : { nextLookAt: event.nextLookAt }),
      };
    case 'copied':
      if (task.state !== 'queued' || task.acknowledgedAt === undefined) return undefined;
      return {
        ...ended(task, 'done', now),
        progress: 100,
        result: event.result,
        ...(event.ref === undefined ? {} : { ref: event.ref }),
      };
    case 'answering':
      if (task.state !== 'asking' || task.answeredAt !== undefined) return undefined;
      return {
        ...without(task, 'question', 'notBefore', 'stop'),
        state: 'answering',
        request: { ...task.request, prompt: event.prompt },
        // The time that a person took to answer isn't the provider's.
        acceptedAt: now,
        answeredAt: now,
        deadlineAt: event.deadlineAt,
        nextLookAt: event.nextLookAt,
      };
    case 'answered':
      if (task.state !== 'answering') return undefined;
      return updated(
        { ...without(task, 'postponedBy'), state: 'running', ref: event.ref },
        event.update,
        now,
      );
    case 'unanswered':
      if (task.state !== 'answering') return undefined;
      return {
        ...postponed(without(task, 'answeredAt', 'nextLookAt'), event.status),
        state: 'asking',
        notBefore: event.notBefore,
        deadlineAt: (task.submittedAt ?? now) + askingTimeoutMs,
      };
    case 'cancelling':
      return task.state === 'running' && task.cancellingAt === undefined
        ? { ...task, cancellingAt: now, stop: event.stop }
        : undefined;
    case 'cancel-failed':
      if (task.cancellingAt === undefined) return undefined;
      return event.isCertain ? without(task, 'cancellingAt', 'stop') : without(task, 'cancellingAt');
    case 'forgotten':
      return event.isAll || task.emptied !== undefined ? undefined : { ...task, emptied: 'at-end' };
    case 'removed':
    case 'unshown':
    case 'told':
    case 'found':
      return undefined;
    case 'located':
      return located(task, event.messageId);
    case 'placed':
      return { ...task, origin: { ...task.origin, place: event.place } };
    case 'looked':
      if (task.state !== 'running' && task.state !== 'answering') return undefined;
      return updated({ ...without(task, 'missingSince'), nextLookAt: event.nextLookAt }, event.update, now);
    case 'missing':
      if (task.state !== 'running' || task.missingSince !== undefined) return undefined;
      return { ...task, missingSince: now, nextLookAt: event.nextLookAt };
    case 'failed':
      return ended(task, 'failed', now, event.failure);
    case 'cancelled':
      if (task.state === 'queued') return ended(task, 'cancelled', now);
      if (task.state !== 'asking') return undefined;
      return ended(event.stop === undefined ? task : { ...task, stop: event.stop }, 'cancelled', now);
  }
}

function acknowledged(task: Task, messageId: string | undefined, now: number): Task {
  const place = messageId === undefined ? task.origin.place : { ...task.origin.place, messageId };
  return { ...task, acknowledgedAt: now, origin: { ...task.origin, place } };
}

/** Who has refused it: a full account may be asked again later, the others may not. */
function refusedBy({ account, tried = [], saidFull = [] }: Task, isFull: boolean): Partial<Task> {
  if (isFull) return { saidFull: [...saidFull, account] };
  return { tried: [...tried, account], ...(saidFull.length === 0 ? {} : { saidFull }) };
}

/** An account that said 503 isn't asked again once the task waits elsewhere: another 503 wouldn't count as a refusal. */
function waitingAt(
  task: Omit<Task, 'saidFull'>,
  { account = task.account, status }: { account?: string; status?: number },
): Task {
  if (account === task.account) return postponed(task, status);
  const rest = postponed(without(task, 'adjustments'), undefined);
  return { ...rest, account, ...(status === 503 ? refusedBy(task, false) : {}) };
}

/** Keeps the status, since a second 503 in a row doesn't count as a refusal. */
function postponed<Postponed extends Task>(task: Postponed, status: number | undefined): Postponed {
  const { postponedBy: _, ...rest } = task;
  return { ...rest, ...(status === undefined ? {} : { postponedBy: status }) } as Postponed;
}

function located(task: Task, messageId: string): Task | undefined {
  const { place } = task.origin;
  if (place.messageId !== undefined) return undefined;
  return { ...task, origin: { ...task.origin, place: { ...place, messageId } } };
}

function updated(known: Task, update: Update, now: number): Task {
  const task = mergeFacts(known, update);
  switch (update.state) {
    case 'running': {
      const progress = Math.max(task.progress ?? 0, update.progress ?? 0);
      const { queue } = update;
      const preview = previewOf(update);
      return {
        ...(progress > 0 ? without(task, 'queue') : task),
        state: 'running',
        progress,
        ...(preview === undefined ? {} : { preview }),
        ...(queue === undefined ? {} : { queue }),
      };
    }
    case 'asking':
      // A gateway may repeat its question after it was answered (new-api lists the modal's row first).
      if (task.answeredAt !== undefined) return task;
      return {
        ...(update.prompt === undefined ? {} : { question: update.prompt }),
        ...without(task, 'nextLookAt'),
        state: 'asking',
        deadlineAt: now + askingTimeoutMs,
      };
    case 'done':
      return {
        ...ended(without(withMadePrompt(task), 'stop'), 'done', now),
        progress: 100,
        ...toFinished(update),
      };
    case 'failed': {
      const { state: _, facts: _facts, ...why } = update;
      const failure: Failure = { ...why, mayHaveCost: false };
      return ended(task, task.cancellingAt === undefined ? 'failed' : 'cancelled', now, failure);
    }
  }
}

/**
 * What can happen after the end: its message is found or gets a new token, it's removed or forgotten, or its result can't
 * be shown, or comes late; a lost task may be found.
 */
function stepAfterEnd(task: Task, event: TaskEvent, now: number): Task | undefined {
  if (event.type === 'placed') return { ...task, origin: { ...task.origin, place: event.place } };
  if (event.type === 'located') return located(task, event.messageId);
  if (event.type === 'unshown') return task.state === 'done' ? unshown(task, event.kind) : undefined;
  if (event.type === 'found') {
    // If its message was removed or its words forgotten, nobody waits for it.
    const isWanted = isLost(task) && task.nextLookAt !== undefined;
    return isWanted ? { ...task, ref: event.ref, nextLookAt: event.nextLookAt } : undefined;
  }
  if (event.type === 'removed') return { ...without(task, 'nextLookAt'), removedAt: now };
  if (event.type === 'told') return task.emptied === 'all' ? undefined : mergeFacts(task, event);
  if (event.type === 'forgotten') return event.isAll ? withoutWords(task) : { ...task, emptied: 'words' };
  if (event.type !== 'looked' || event.update.state !== 'done' || !mayStillCome(task)) return undefined;
  const late = {
    ...without(withMadePrompt(task), 'nextLookAt'),
    lateAt: now,
    progress: 100,
    ...toFinished(event.update),
  };
  return mergeFacts(late, event.update);
}

/** Nobody pays for what nobody sees. The result is dropped, since something in it may be what Discord refuses. */
function unshown(task: Task, kind: 'unshown' | 'unfetched'): Task {
  const failure: Failure = { kind, mayHaveCost: false };
  return { ...without(task, 'result'), state: 'failed', failure };
}

/** Whether a failed task may still get a result: the bot gave up on it, and nobody refused it. */
function mayStillCome(task: Task): boolean {
  const kind = task.failure?.kind;
  const isGivenUp = kind === 'timeout' || kind === 'forgotten' || kind === 'lost';
  return task.state === 'failed' && isGivenUp && task.ref !== undefined && task.lateAt === undefined;
}

function toFinished({ state: _, facts: _facts, ref, ...result }: Extract<Update, { state: 'done' }>): {
  result: Result;
  ref?: Ref;
} {
  return ref === undefined ? { result } : { result, ref };
}

function ended(task: Task, state: 'done' | 'failed' | 'cancelled', now: number, failure?: Failure): Task {
  const rest = without(task, 'nextLookAt', 'notBefore', 'preview', 'missingSince', 'question');
  const next: Task = { ...rest, state, finishedAt: now, ...(failure === undefined ? {} : { failure }) };
  return mayStillCome(next) || isLost(next) ? { ...next, nextLookAt: now + lateLookEveryMs } : next;
}
