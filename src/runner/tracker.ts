import { type Account, type Accounts, pauseAccount, timingOf } from '../accounts/accounts.ts';
import { errorBackoff, nextLookDelay } from '../accounts/cadence.ts';
import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { createLoop } from '../loop.ts';
import { refKey } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
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
import type { Change, Changes } from '../tasks/changes.ts';
import { clampDue } from './due.ts';
import { createHints } from './nudges.ts';

/** For how long looks may not find a task before it counts as forgotten. */
export const forgottenAfterMs = 10 * 60_000;

/** The tracker sleeps at most so long, milliseconds, so that a clock that was set is noticed. */
const longestSleepMs = 5_000;
/** Between two rounds, so that looks of many tasks become due together and share a call. */
const shortestSleepMs = 200;
const roundLimit = 2_000;
/** Progress is saved, and shown, in steps of so many percent at least. */
const smallestStep = 8;
const lookTimeoutMs = 60_000;
/** When a task is looked at again of which nothing could be read. */
const unreadableAgainMs = 30_000;

/** The one waiting loop: due tasks are looked at, what was seen is saved, deadlines end what never ends. */
export interface Tracker {
  start(): void;
  /** Takes note of a saved task, so that a look which is due earlier than the next round is not late. */
  expect(task: Task): void;
  /** Somebody says that there is something new of the task: it is looked at now. */
  hint(taskId: string): Promise<void>;
  /** Resolves once looks under way are saved. */
  stop(): Promise<void>;
}

export interface TrackerDependencies {
  database: Database;
  changes: Changes;
  accounts: Accounts;
  clock: Clock;
  random: () => number;
  log: Logger;
}

export function createTracker(dependencies: TrackerDependencies): Tracker {
  const { database, changes, accounts, clock, log } = dependencies;
  const looking = new Set<string>();
  /** Of which the log says that nothing could be read. */
  const unread = new Set<string>();
  const hints = createHints();
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let lastRoundAt = clock.now();
  const loop = createLoop({
    clock,
    async round() {
      await clampAfterJump();
      await lookAtDue();
      await endOverdue();
      return database.tasks.nextDueAt();
    },
    onError(error) {
      log.error({ error }, 'a round of looks failed');
      return clock.now() + longestSleepMs;
    },
    longestSleepMs,
    shortestSleepMs,
  });

  /** A clock that was set back would park every task until it has caught up. */
  async function clampAfterJump(): Promise<void> {
    const now = clock.now();
    if (now < lastRoundAt - longestSleepMs) await clampDue(dependencies);
    lastRoundAt = now;
  }

  async function lookAtDue(): Promise<void> {
    const now = clock.now();
    const due = (await database.tasks.listDue(now, roundLimit)).filter((task) => !looking.has(task.id));
    const { groups, orphans } = groupByAccount(due, accounts);
    // Tasks of an account that is no longer configured: nobody can be asked, so their deadline ends them.
    await changes.changeAll(
      orphans.map((task) => ({ id: task.id, nextLookAt: isEnded(task) ? undefined : task.deadlineAt })),
    );
    for (const [account, tasks] of groups) {
      if (account.pausedUntil > now) {
        await changes.changeAll(
          tasks.map((task) => ({ id: task.id, nextLookAt: lookBy(task, account.pausedUntil, now) })),
        );
        continue;
      }
      for (let start = 0; start < tasks.length; start += account.traits.lookBatch) {
        lookAt(account, tasks.slice(start, start + account.traits.lookBatch));
      }
    }
  }

  function lookAt(account: Account, tasks: Task[]): void {
    for (const { id } of tasks) {
      looking.add(id);
      hints.taken(id);
    }
    const work = look(account, tasks)
      .catch((error: unknown) => {
        log.error({ error, account: account.name }, 'a look could not be saved');
        account.failures += 1;
        pauseAccount(account, error, errorBackoff(account.failures, dependencies.random), clock.now());
      })
      .finally(() => {
        for (const task of tasks) looking.delete(task.id);
        underWay.delete(work);
      });
    underWay.add(work);
  }

  async function look(account: Account, tasks: Task[]): Promise<void> {
    const lost = tasks.filter((task) => task.ref === undefined);
    await Promise.all(lost.map((task) => find(account, task)));
    const known = tasks.filter((task) => task.ref !== undefined);
    if (known.length === 0) return;
    const sight = await lookApart(account, known);
    if (stopping.signal.aborted) return;
    if (sight.unseen.length === known.length)
      return changes.changeAll(pauseAfter(sight.error, account, known));
    account.failures = 0;
    const changed = known
      .filter((task) => !sight.unseen.includes(task))
      .map((task) => toChange(task, account, sight.seen));
    await changes.changeAll([...changed, ...lookLater(sight, account)]);
  }

  /**
   * One call for all or, if an answer cannot be read, one for each half: a task that spoils the answer costs the
   * others a few calls, and not their results.
   */
  async function lookApart(account: Account, tasks: readonly Task[]): Promise<Sight> {
    try {
      return { seen: await account.provider.look(tasks.map(refOf), signalFor()), unseen: [] };
    } catch (error) {
      if (tasks.length === 1 || isForWholeAccount(error) || stopping.signal.aborted)
        return { seen: new Map(), unseen: tasks, error };
      const middle = Math.ceil(tasks.length / 2);
      const first = await lookApart(account, tasks.slice(0, middle));
      const second = await lookApart(account, tasks.slice(middle));
      return {
        seen: new Map([...first.seen, ...second.seen]),
        unseen: [...first.unseen, ...second.unseen],
        error: first.error ?? second.error,
      };
    }
  }

  /** Others were seen: the account works, and these stay as they are. */
  function lookLater({ unseen, error }: Sight, account: Account): Change[] {
    const now = clock.now();
    if (unseen.length > 0)
      log.warn(
        { error, account: account.name, taskIds: unseen.map(({ id }) => id) },
        'what the provider says of a task could not be read',
      );
    return unseen.map((task) => ({ id: task.id, nextLookAt: lookBy(task, now + unreadableAgainMs, now) }));
  }

  /** An answer that never ends must not keep tasks from their deadline. */
  function signalFor(): AbortSignal {
    return AbortSignal.any([stopping.signal, AbortSignal.timeout(lookTimeoutMs)]);
  }

  /** Searches for a task whose answer to the paid call was lost, and adopts it. */
  async function find(account: Account, task: Task): Promise<void> {
    const now = clock.now();
    const delay = nextLookDelay(timingOf(account), now - (task.lostAt ?? now), dependencies.random);
    const nextLookAt = lookBy(task, now + delay, now);
    try {
      const ref = await account.provider.find?.(task.id, signalFor());
      if (ref === undefined) return await changes.changeAll([{ id: task.id, nextLookAt }]);
      const deadlineAt = now + account.taskTimeoutMs;
      await changes.change(task.id, {
        type: 'accepted',
        ref,
        update: { state: 'running' },
        deadlineAt,
        nextLookAt,
      });
      log.info(
        { taskId: task.id, account: account.name },
        'a task whose answer was lost is found at the provider',
      );
    } catch (error) {
      log.warn({ error, taskId: task.id, account: account.name }, 'a lost task could not be searched for');
      await changes.changeAll([{ id: task.id, nextLookAt }]);
    }
  }

  /** Could not look: the tasks stay as they are, and the account is left alone for a while. */
  function pauseAfter(error: unknown, account: Account, tasks: Task[]): Change[] {
    const now = clock.now();
    account.failures += 1;
    const until = pauseAccount(account, error, errorBackoff(account.failures, dependencies.random), now);
    const isAuth = error instanceof ProviderError && error.kind === 'auth';
    const level = isAuth || !(error instanceof ProviderError) ? 'error' : 'warn';
    log[level](
      { error, account: account.name, failures: account.failures },
      'the provider could not be asked',
    );
    return tasks.map((task) => ({ id: task.id, nextLookAt: lookBy(task, until, now) }));
  }

  function toChange(task: Task, account: Account, seen: ReadonlyMap<string, Update>): Change {
    const now = clock.now();
    const delay = nextLookDelay(timingOf(account), now - (task.acceptedAt ?? now), dependencies.random);
    // What was said while the look was under way may be newer than what it saw.
    const nextLookAt = hints.isNews(task.id) ? hints.give(task.id, now) : lookBy(task, now + delay, now);
    const update = seen.get(refKey(refOf(task)));
    noteUnread(task, update);
    if (account.callsBack && update !== undefined && hasEndedIn(update)) noteEnd(task, account);
    if (isEnded(task)) return toLateChange(task, update, now);
    if (update === undefined) return { id: task.id, event: toMissing(task, nextLookAt, now), nextLookAt };
    return tellsNothingNew(task, update)
      ? { id: task.id, nextLookAt }
      : { id: task.id, event: { type: 'looked', update, nextLookAt } };
  }

  /** Once, until it can be read again. */
  function noteUnread({ id, account }: Task, update: Update | undefined): void {
    const why = update?.state === 'running' ? update.unread : undefined;
    if (why !== undefined && !unread.has(id))
      log.warn({ taskId: id, account, why }, 'what the provider says of a task could not be read');
    if (why === undefined) unread.delete(id);
    else unread.add(id);
  }

  /** An end that nobody called about: whoever waits for calls of that account waits in vain. */
  function noteEnd({ id }: Task, account: Account): void {
    if (hints.wasGiven(id)) return;
    account.callsBack = false;
    log.info({ account: account.name }, 'callbacks do not arrive any more; the account is asked as before');
  }

  async function hint(taskId: string): Promise<void> {
    const dueAt = hints.give(taskId, clock.now());
    if (looking.has(taskId)) return; // the end of the look sees to it
    await database.tasks.lookAgainAt(taskId, dueAt);
    loop.wakeBy(dueAt);
  }

  async function endOverdue(): Promise<void> {
    const overdue = await database.tasks.listOverdue(clock.now(), roundLimit);
    await changes.changeAll(
      overdue
        .filter((task) => !looking.has(task.id))
        .map((task) => ({ id: task.id, event: toOverdue(task) })),
    );
  }

  return {
    start: loop.start,
    expect(task) {
      const dueAt = Math.min(task.nextLookAt ?? task.deadlineAt, task.deadlineAt);
      if (!isEnded(task)) loop.wakeBy(dueAt);
      // The call was faster than the answer to the submit.
      if (task.state === 'running' && hints.isNews(task.id) && !looking.has(task.id))
        hint(task.id).catch((error: unknown) =>
          log.warn({ error, taskId: task.id }, 'a look could not be moved'),
        );
    },
    hint,
    async stop() {
      stopping.abort();
      await loop.stop();
      await Promise.all(underWay);
    },
  };
}

/** What looks have brought: what is known of tasks, and those of which nothing could be read. */
interface Sight {
  readonly seen: ReadonlyMap<string, Update>;
  readonly unseen: readonly Task[];
  readonly error?: unknown;
}

/** Whether a failed look says something of the account, rather than of one of the tasks. */
function isForWholeAccount(error: unknown): boolean {
  return error instanceof ProviderError && error.kind !== 'malformed' && error.kind !== 'rejected';
}

function toMissing(task: Task, nextLookAt: number, now: number): TaskEvent {
  const isForgotten = task.missingSince !== undefined && now - task.missingSince >= forgottenAfterMs;
  if (!isForgotten) return { type: 'missing', nextLookAt };
  return { type: 'failed', failure: { kind: 'forgotten', mayHaveCost: true } };
}

/** A task that was given up is looked at now and then for a day, in case its result comes all the same. */
function toLateChange(task: Task, update: Update | undefined, now: number): Change {
  const isOver = now - (task.finishedAt ?? now) > lateForMs || update?.state === 'failed';
  const nextLookAt = isOver ? undefined : now + lateLookEveryMs;
  if (update?.state !== 'done') return { id: task.id, nextLookAt };
  return { id: task.id, event: { type: 'looked', update, nextLookAt: now } };
}

/** A look by that time, but not after a deadline that is still to come: that one is ended, not looked at. */
function lookBy(task: Task, at: number, now: number): number {
  return isEnded(task) || task.deadlineAt <= now ? at : Math.min(at, task.deadlineAt);
}

function refOf(task: Task): Ref {
  return task.ref ?? {};
}

function toOverdue(task: Task): TaskEvent {
  if (task.state === 'asking') return { type: 'cancelled' };
  if (task.state === 'queued')
    return { type: 'failed', failure: { kind: task.postponedFor ?? 'queue', mayHaveCost: false } };
  const failure: Failure = { kind: task.state === 'running' ? 'timeout' : 'lost', mayHaveCost: true };
  return { type: 'failed', failure };
}

function hasEndedIn({ state }: Update): boolean {
  return state === 'done' || state === 'failed';
}

function tellsNothingNew(task: Task, update: Update): boolean {
  if (task.missingSince !== undefined) return false;
  if (update.state === 'asking') return task.answeredAt !== undefined;
  if (update.state !== 'running' || task.state !== 'running') return false;
  // A gateway gives its preview another address at each look; it counts with the progress that it shows.
  const hasPreview = previewOf(update) === undefined || task.preview !== undefined;
  const isSmallStep = (update.progress ?? 0) < (task.progress ?? 0) + smallestStep;
  const isUntold = task.progress === 0 && (update.progress ?? 0) > 0;
  return hasPreview && isSmallStep && !isUntold;
}

function groupByAccount(tasks: readonly Task[], accounts: Accounts) {
  const groups = new Map<Account, Task[]>();
  const orphans: Task[] = [];
  for (const task of tasks) {
    const account = accounts.get(task.account);
    const group = account === undefined ? undefined : groups.get(account);
    if (account === undefined) orphans.push(task);
    else if (group === undefined) groups.set(account, [task]);
    else group.push(task);
  }
  return { groups, orphans };
}
