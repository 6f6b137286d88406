import { type Account, timingOf } from '../accounts/accounts.ts';
import { nextLookDelay } from '../accounts/cadence.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { toSent } from '../prompt/hidden-suffix.ts';
import { refKey } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import { isEnded, lateForMs, lateLookEveryMs, type Ref, type Task, type TaskEvent } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import { lookBy } from './sightings.ts';

/** How long after the beginning of a submit its task may begin at the provider: the call's time limit, and a minute. */
const longestSubmitMs = 3 * 60_000;

/** Tasks whose submit got no usable answer. They are never submitted again, but the provider may have them. */
export interface LostTasks {
  /** Searches the account's list for the task and adopts it, or sets its next look. */
  find(task: Task, account: Account, signal: AbortSignal): Promise<void>;
  /** Continues the task under the provider's ref for it. Returns false if the task is no longer lost. */
  adopt(task: Task, account: Account, found: { ref: Ref; nextLookAt: number }): Promise<boolean>;
}

/** How long a lost task waits at the least: a callback may come, or a search may find it. */
export const leastWaitMs = 10_000;

/**
 * Returns what it means that the answer to a submit was lost: nobody waits longer than `lostAfterMs` for their points,
 * counted from the submit, even if the clock was set back in the meantime.
 */
export function toLost(
  task: Task,
  account: Account | undefined,
  { now, searchAt, lostAfterMs }: { now: number; searchAt: number; lostAfterMs: number },
): TaskEvent {
  const dueAt = Math.min(task.submittedAt ?? now, now) + lostAfterMs;
  const deadlineAt = Math.min(task.deadlineAt, Math.max(dueAt, now + leastWaitMs));
  return account?.provider.find === undefined
    ? { type: 'lost', deadlineAt }
    : { type: 'lost', deadlineAt, nextLookAt: searchAt };
}

/** Whether a task with the same words, and without a ref, may be what was begun after `since`. */
function mayHaveSent(rival: Task, since: number): boolean {
  const isAtProvider = rival.state === 'submitting' || rival.lostAt !== undefined;
  const apartMs = Math.abs((rival.submittedAt ?? since) - since);
  return rival.ref === undefined && isAtProvider && apartMs <= longestSubmitMs;
}

export function createLostTasks({
  database,
  changes,
  clock,
  random,
  log,
}: {
  database: Pick<Database, 'tasks'>;
  changes: Changes;
  clock: Clock;
  random: () => number;
  log: Logger;
}): LostTasks {
  async function adopt(
    task: Task,
    account: Account,
    { ref, nextLookAt }: { ref: Ref; nextLookAt: number },
  ): Promise<boolean> {
    const deadlineAt = clock.now() + account.taskTimeoutMs;
    const update = { state: 'running' } as const;
    const event: TaskEvent = isEnded(task)
      ? { type: 'found', ref, nextLookAt: clock.now() }
      : { type: 'accepted', ref, update, deadlineAt, nextLookAt };
    const adopted = await changes.change(task.id, event);
    if (adopted === undefined) return false;
    log.info({ taskId: task.id, account: account.name }, 'a task whose answer was lost was found again');
    return true;
  }

  /** A task that was given up is searched for as often, and as long, as others are looked at. */
  function searchAgainAt(task: Task, account: Account, now: number): number | undefined {
    const delay = nextLookDelay(timingOf(account), Math.max(0, now - (task.lostAt ?? now)), random);
    if (!isEnded(task)) return lookBy(task, now + delay, now);
    return now - (task.finishedAt ?? now) > lateForMs ? undefined : now + lateLookEveryMs;
  }

  /** By our reference, or else by its words and its time. */
  async function search(task: Task, { provider }: Account, signal: AbortSignal): Promise<Ref | undefined> {
    const named = await provider.find?.(task.id, signal);
    const { request, submittedAt: since } = task;
    const hasOnlyWords =
      request.prompt !== '' && request.pictures.length === 0 && request.offer === undefined;
    if (named !== undefined || since === undefined || !hasOnlyWords) return named;
    const sent = { ...toSent(request), since, until: since + longestSubmitMs };
    const alike = (await provider.findAlike?.(sent, signal)) ?? [];
    return alike.length === 0 ? undefined : chooseAlike(task, alike, since);
  }

  /**
   * Returns the one that no other task has or may have. The list was read before the database: a task that got its ref in
   * the meantime has it by now, and one whose submit is still under way counts as a rival.
   */
  async function chooseAlike(task: Task, alike: readonly Ref[], since: number): Promise<Ref | undefined> {
    const rivals = await database.tasks.listRivals(task, { refs: alike, since: since - longestSubmitMs });
    const taken = new Set(rivals.flatMap(({ ref }) => (ref === undefined ? [] : refKey(ref))));
    const free = alike.filter((ref) => !taken.has(refKey(ref)));
    return free.length === 1 && !rivals.some((rival) => mayHaveSent(rival, since)) ? free[0] : undefined;
  }

  return {
    adopt,
    async find(task, account, signal) {
      const now = clock.now();
      const nextLookAt = searchAgainAt(task, account, now);
      try {
        const ref = await search(task, account, signal);
        if (ref === undefined) await changes.changeAll([{ id: task.id, nextLookAt }]);
        else await adopt(task, account, { ref, nextLookAt: nextLookAt ?? now });
      } catch (error) {
        log.warn({ error, taskId: task.id, account: account.name }, "a lost task couldn't be searched for");
        await changes.changeAll([{ id: task.id, nextLookAt }]);
      }
    },
  };
}
