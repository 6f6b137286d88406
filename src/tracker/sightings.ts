import type { Account } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import {
  type Failure,
  isEnded,
  lateForMs,
  lateLookEveryMs,
  previewOf,
  type Ref,
  type Task,
  type TaskEvent,
  type Update,
} from '../task.ts';
import type { Change } from '../tasks/changes.ts';

/** How long looks may fail to find a task before it counts as forgotten. */
export const forgottenAfterMs = 10 * 60_000;
/** Progress is saved, and shown, as finely as the API reports it, in whole percents. */
const fineStep = 1;
/** If many tasks make progress, it's saved in steps of this many percent or more. */
const coarseStep = 8;
/** A save costs a transaction and an edit, about 2 ms of a core together. */
const mostFineStepsASecond = 10;

/** What looks brought: updates by `refKey`, and the tasks whose answer couldn't be read. */
export interface Sight {
  readonly seen: ReadonlyMap<string, Update>;
  readonly unseen: readonly Task[];
  /** The first error, if any task is unseen. */
  readonly error?: unknown;
}

/**
 * Looks with one call for all tasks or, if the answer can't be read, with one for each half: a task that spoils the answer
 * costs the others a few calls, but not their results. Doesn't throw.
 */
export async function lookInHalves(
  account: Account,
  tasks: readonly Task[],
  signalFor: () => AbortSignal,
): Promise<Sight> {
  const signal = signalFor();
  try {
    return { seen: await account.provider.look(tasks.map(refOf), signal), unseen: [] };
  } catch (error) {
    if (tasks.length === 1 || isForAll(error) || signal.aborted)
      return { seen: new Map(), unseen: tasks, error };
    const middle = Math.ceil(tasks.length / 2);
    const first = await lookInHalves(account, tasks.slice(0, middle), signalFor);
    const second = await lookInHalves(account, tasks.slice(middle), signalFor);
    return {
      seen: new Map([...first.seen, ...second.seen]),
      unseen: [...first.unseen, ...second.unseen],
      error: first.error ?? second.error,
    };
  }
}

/** Whether a failed look is news about the account, not about one of the tasks. */
function isForAll(error: unknown): boolean {
  return error instanceof ProviderError && error.kind !== 'malformed' && error.kind !== 'rejected';
}

export function refOf(task: Task): Ref {
  return task.ref ?? {};
}

/** Returns when to look, but no later than a deadline that is still to come, since the task ends then. */
export function lookBy(task: Task, at: number, now: number): number {
  return isEnded(task) || task.deadlineAt <= now ? at : Math.min(at, task.deadlineAt);
}

/** Returns what it means that a look didn't find the task. */
export function toMissing(task: Task, nextLookAt: number, now: number): TaskEvent {
  const isForgotten = task.missingSince !== undefined && now - task.missingSince >= forgottenAfterMs;
  if (!isForgotten) return { type: 'missing', nextLookAt };
  return { type: 'failed', failure: { kind: 'forgotten', mayHaveCost: true } };
}

/** Returns what to save after a late look at a task that was given up on. Late looks go on for a day. */
export function toLateChange(task: Task, update: Update | undefined, now: number): Change {
  const isOver = now - (task.finishedAt ?? now) > lateForMs || update?.state === 'failed';
  const nextLookAt = isOver ? undefined : now + lateLookEveryMs;
  if (update?.state !== 'done') return { id: task.id, nextLookAt };
  return { id: task.id, event: { type: 'looked', update, nextLookAt: now } };
}

/** Returns how a task whose deadline has passed ends. */
export function toOverdue(task: Task): TaskEvent {
  if (task.state === 'asking') return { type: 'cancelled' };
  if (task.state === 'queued')
    return { type: 'failed', failure: { kind: task.postponedFor ?? 'queue', mayHaveCost: false } };
  const failure: Failure = { kind: task.state === 'running' ? 'timeout' : 'lost', mayHaveCost: true };
  return { type: 'failed', failure };
}

export function hasEndedIn({ state }: Update): boolean {
  return state === 'done' || state === 'failed';
}

/** Says whether an update brings nothing worth a write and an edit. */
export type BringsNoNews = (task: Task, update: Update) => boolean;

/** Small steps are news while there are few of them. */
export function createNewsFilter(clock: Clock): BringsNoNews {
  let second = 0;
  let fineSteps = 0;

  return (task, update) => {
    if (!bringsNoNews(task, update, coarseStep)) return false;
    const now = Math.floor(clock.now() / 1_000);
    if (now !== second) [second, fineSteps] = [now, 0];
    if (fineSteps >= mostFineStepsASecond || bringsNoNews(task, update, fineStep)) return true;
    fineSteps += 1;
    return false;
  };
}

function bringsNoNews(task: Task, update: Update, smallestStep: number): boolean {
  if (task.missingSince !== undefined) return false;
  if (update.state === 'asking') return task.answeredAt !== undefined;
  if (update.state !== 'running' || task.state !== 'running') return false;
  // A gateway's preview has another URL at each look, so it only counts together with progress.
  const hasPreview = previewOf(update) === undefined || task.preview !== undefined;
  const isSmallStep = (update.progress ?? 0) < (task.progress ?? 0) + smallestStep;
  const isFirstProgress = task.progress === 0 && (update.progress ?? 0) > 0;
  return hasPreview && isSmallStep && !isFirstProgress;
}
