import type { Account, Accounts } from '../accounts/accounts.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createLoop } from '../loop.ts';
import type { Database } from '../storage/database.ts';
import { isEnded, isLost, type Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import { clampDue } from './due.ts';
import { createHearsay } from './hearsay.ts';
import { createLooks } from './looks.ts';
import type { LostTasks } from './lost.ts';
import { createNudges } from './nudges.ts';
import { toOverdue } from './sightings.ts';

/** The tracker's longest sleep, milliseconds, so that it notices if the clock was set. */
const longestSleepMs = 5_000;
/** The tracker's shortest sleep, so that many looks become due together and share a call. */
const shortestSleepMs = 200;
/** How many due tasks a round takes up. */
const roundLimit = 2_000;

/** The loop that waits for tasks: looks at those that are due, saves what it saw, and ends those past their deadline. */
export interface Tracker {
  start(): void;
  /** Takes note of a saved task, so that a look that's due before the next round isn't late. */
  expect(task: Task): void;
  /** Looks at the task now, since there's news about it. `told` is the body of its callback, in case nothing else can say. */
  nudge(taskId: string, told?: string): Promise<void>;
  /** Resolves once looks under way are saved. */
  stop(): Promise<void>;
}

export interface TrackerDependencies {
  database: Database;
  changes: Changes;
  accounts: Accounts;
  lostTasks: LostTasks;
  lostAfterMs: number;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** As in {@link createLooks}. */
  onLook?: ((account: string, tasks: number) => void) | undefined;
}

export function createTracker(dependencies: TrackerDependencies): Tracker {
  const { database, changes, accounts, lostTasks, clock, log } = dependencies;
  const nudges = createNudges();
  const hearsay = createHearsay();
  const looks = createLooks({ ...dependencies, nudges, hearsay });
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

  /** A clock that was set back would park every task until it caught up. */
  async function clampAfterJump(): Promise<void> {
    const now = clock.now();
    if (now < lastRoundAt - longestSleepMs) await clampDue(dependencies);
    lastRoundAt = now;
  }

  async function lookAtDue(): Promise<void> {
    const now = clock.now();
    const due = (await database.tasks.listDue(now, roundLimit)).filter((task) => !looks.isLookingAt(task.id));
    const { groups, orphans } = groupByAccount(due, accounts);
    // Tasks of an account that is no longer configured: nobody can be asked about them, so their deadline ends them.
    await changes.changeAll(
      orphans.map((task) => ({ id: task.id, nextLookAt: isEnded(task) ? undefined : task.deadlineAt })),
    );
    for (const [account, tasks] of groups) {
      if (account.pausedUntil > now) {
        await changes.changeAll(looks.later(account, tasks, account.pausedUntil));
        continue;
      }
      for (let start = 0; start < tasks.length; start += account.traits.lookBatch) {
        looks.begin(account, tasks.slice(start, start + account.traits.lookBatch));
      }
    }
  }

  async function nudge(taskId: string, told?: string): Promise<void> {
    if (told !== undefined) hearsay.keep(taskId, told);
    const dueAt = nudges.give(taskId, clock.now());
    if (looks.isLookingAt(taskId)) return; // the end of the look takes care of it
    await database.tasks.lookAgainAt(taskId, dueAt);
    loop.wakeBy(dueAt);
  }

  /** The callback was faster than the answer to the submit, which then was lost: nothing may name the task again. */
  async function adoptTold(task: Task): Promise<void> {
    const account = accounts.get(task.account);
    const ref = account === undefined ? undefined : hearsay.refOf(task, account);
    if (account === undefined || ref === undefined) return;
    await lostTasks.adopt(task, account, { ref, nextLookAt: clock.now() });
  }

  async function endOverdue(): Promise<void> {
    const overdue = await database.tasks.listOverdue(clock.now(), roundLimit);
    await changes.changeAll(
      overdue
        .filter((task) => !looks.isLookingAt(task.id))
        .map((task) => {
          const told = task.state === 'running' ? looks.byHearsay(task) : undefined;
          return told ?? { id: task.id, event: toOverdue(task) };
        }),
    );
  }

  return {
    start: loop.start,
    expect(task) {
      const dueAt = Math.min(task.nextLookAt ?? task.deadlineAt, task.deadlineAt);
      if (!isEnded(task)) loop.wakeBy(dueAt);
      // Only now: what a callback said is needed until it's saved.
      else if (task.nextLookAt === undefined) hearsay.drop(task.id);
      // What was said about a refused submit isn't about the next one.
      if (task.state === 'queued') hearsay.drop(task.id);
      if (isLost(task) && !isEnded(task))
        adoptTold(task).catch((error: unknown) =>
          log.warn({ error, taskId: task.id }, 'a lost task could not be adopted'),
        );
      // The callback was faster than the answer to the submit.
      if (task.state === 'running' && nudges.isNews(task.id) && !looks.isLookingAt(task.id))
        nudge(task.id).catch((error: unknown) =>
          log.warn({ error, taskId: task.id }, 'a look could not be brought forward'),
        );
    },
    nudge,
    async stop() {
      looks.abort();
      await loop.stop();
      await looks.ended();
    },
  };
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
