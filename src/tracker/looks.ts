import { type Account, type Accounts, pauseAccount, timingOf } from '../accounts/accounts.ts';
import { errorBackoff, nextLookDelay } from '../accounts/cadence.ts';
import type { Clock } from '../clock.ts';
import { ProviderError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { refKey } from '../providers/provider.ts';
import { isEnded, type Task, type Update } from '../task.ts';
import type { Change, Changes } from '../tasks/changes.ts';
import type { Hearsay } from './hearsay.ts';
import type { LostTasks } from './lost.ts';
import type { Nudges } from './nudges.ts';
import {
  createNewsFilter,
  hasEndedIn,
  lookBy,
  lookInHalves,
  refOf,
  type Sight,
  toLateChange,
  toMissing,
} from './sightings.ts';

/** So that an answer that never ends can't keep tasks from their deadline. */
const lookTimeoutMs = 60_000;
/** How long until the next look at a task whose answer couldn't be read. */
const unreadableAgainMs = 30_000;

/** Looks at the tasks of accounts, and saves what they bring. They run in the background. */
export interface Looks {
  /** Begins a look at tasks that aren't being looked at. */
  begin(account: Account, tasks: Task[]): void;
  isLookingAt(taskId: string): boolean;
  /** Returns what to save if the account can't be asked before then; a task that its callback says has ended, has. */
  later(account: Account, tasks: readonly Task[], at: number): Change[];
  /** Returns what to save of a task that can't be looked at; `undefined` if its callback doesn't say how it ended. */
  byHearsay(task: Task): Change | undefined;
  /** Ends the calls under way; what they would have brought isn't saved. */
  abort(): void;
  /** Resolves once what was begun is saved. */
  ended(): Promise<void>;
}

type Work = (account: Account, tasks: readonly Task[]) => Promise<void>;

export interface LooksDependencies {
  changes: Changes;
  accounts: Accounts;
  hearsay: Hearsay;
  lostTasks: LostTasks;
  nudges: Nudges;
  clock: Clock;
  random: () => number;
  log: Logger;
  /** Hears of how many tasks an account is asked about in one call. */
  onLook?: ((account: string, tasks: number) => void) | undefined;
}

export function createLooks(dependencies: LooksDependencies): Looks {
  const { changes, accounts, hearsay, lostTasks, nudges, clock, random, log } = dependencies;
  const looking = new Set<string>();
  /** Tasks whose unreadable answer is already in the log. */
  const unread = new Set<string>();
  const bringsNoNews = createNewsFilter(clock);
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();

  /** A search may take a minute: looks at the others neither wait for it, nor keep it waiting. */
  function begin(account: Account, tasks: Task[]): void {
    const { lost = [], known = [] } = Object.groupBy(tasks, ({ ref }) =>
      ref === undefined ? 'lost' : 'known',
    );
    run(account, lost, searchFor);
    run(account, known, lookAt);
  }

  function run(account: Account, tasks: readonly Task[], work: Work): void {
    if (tasks.length === 0) return;
    for (const { id } of tasks) {
      looking.add(id);
      nudges.taken(id);
    }
    const running = work(account, tasks)
      .catch((error: unknown) => {
        log.error({ error, account: account.name }, 'a look could not be saved');
        account.failures += 1;
        pauseAccount(account, error, errorBackoff(account.failures, random), clock.now());
      })
      .finally(() => {
        for (const task of tasks) looking.delete(task.id);
        underWay.delete(running);
      });
    underWay.add(running);
  }

  async function searchFor(account: Account, lost: readonly Task[]): Promise<void> {
    await Promise.all(lost.map((task) => lostTasks.find(task, account, signalFor())));
  }

  async function lookAt(account: Account, known: readonly Task[]): Promise<void> {
    dependencies.onLook?.(account.name, known.length);
    const sight = await lookInHalves(account, known, signalFor);
    if (stopping.signal.aborted) return;
    if (sight.unseen.length === known.length)
      return changes.changeAll(pauseAfter(sight.error, account, known));
    account.failures = 0;
    const changed = known
      .filter((task) => !sight.unseen.includes(task))
      .map((task) => toChange(task, account, sight.seen));
    await changes.changeAll([...changed, ...lookLater(sight, account)]);
  }

  /** The other tasks were seen, so the account works, and these stay as they are. */
  function lookLater({ unseen, error }: Sight, account: Account): Change[] {
    const now = clock.now();
    if (unseen.length > 0)
      log.warn(
        { error, account: account.name, taskIds: unseen.map(({ id }) => id) },
        'what the provider says about a task could not be read',
      );
    return later(account, unseen, now + unreadableAgainMs);
  }

  function signalFor(): AbortSignal {
    return AbortSignal.any([stopping.signal, AbortSignal.timeout(lookTimeoutMs)]);
  }

  /** The look failed: the tasks stay as they are, and the account is left alone for a while. */
  function pauseAfter(error: unknown, account: Account, tasks: readonly Task[]): Change[] {
    const now = clock.now();
    account.failures += 1;
    const until = pauseAccount(account, error, errorBackoff(account.failures, random), now);
    const isAuth = error instanceof ProviderError && error.kind === 'auth';
    const level = isAuth || !(error instanceof ProviderError) ? 'error' : 'warn';
    log[level](
      { error, account: account.name, failures: account.failures },
      'the provider could not be asked',
    );
    return later(account, tasks, until);
  }

  function later(account: Account, tasks: readonly Task[], at: number): Change[] {
    const now = clock.now();
    return tasks.map(
      (task) => byHearsay(task, account) ?? { id: task.id, nextLookAt: lookBy(task, at, now) },
    );
  }

  function byHearsay(task: Task, account = accounts.get(task.account)): Change | undefined {
    const update = account === undefined ? undefined : hearsay.about(task, account);
    if (update === undefined) return undefined;
    log.info(
      { taskId: task.id, account: task.account },
      'a callback says how a task ended, since looking at it does not',
    );
    const now = clock.now();
    return isEnded(task)
      ? toLateChange(task, update, now)
      : { id: task.id, event: { type: 'looked', update, nextLookAt: now } };
  }

  function toChange(task: Task, account: Account, seen: ReadonlyMap<string, Update>): Change {
    const update = seen.get(refKey(refOf(task)));
    noteUnread(task, update);
    const isSeen = update !== undefined && !(update.state === 'running' && update.unread !== undefined);
    return (isSeen ? undefined : byHearsay(task, account)) ?? toSeen(task, account, update);
  }

  function toSeen(task: Task, account: Account, update: Update | undefined): Change {
    const now = clock.now();
    const delay = nextLookDelay(timingOf(account), now - (task.acceptedAt ?? now), random);
    // A callback that came during the look may be newer than what the look saw.
    const nextLookAt = nudges.isNews(task.id) ? nudges.give(task.id, now) : lookBy(task, now + delay, now);
    if (account.callsBack && update !== undefined && hasEndedIn(update)) noteEnd(task, account);
    if (isEnded(task)) return toLateChange(task, update, now);
    if (update === undefined) return { id: task.id, event: toMissing(task, nextLookAt, now), nextLookAt };
    return bringsNoNews(task, update)
      ? { id: task.id, nextLookAt }
      : { id: task.id, event: { type: 'looked', update, nextLookAt } };
  }

  /** Warns once, until the answer can be read again. */
  function noteUnread({ id, account }: Task, update: Update | undefined): void {
    const why = update?.state === 'running' ? update.unread : undefined;
    if (why !== undefined && !unread.has(id))
      log.warn({ taskId: id, account, why }, 'what the provider says about a task could not be read');
    if (why === undefined) unread.delete(id);
    else unread.add(id);
  }

  /** An end without a callback: it's no use waiting for this account's callbacks. */
  function noteEnd({ id }: Task, account: Account): void {
    if (nudges.wasGiven(id)) return;
    account.callsBack = false;
    log.info(
      { account: account.name },
      'callbacks no longer arrive: the account is polled as often as before',
    );
  }

  return {
    begin,
    isLookingAt: (taskId) => looking.has(taskId),
    later,
    byHearsay,
    abort: () => stopping.abort(),
    async ended() {
      await Promise.all(underWay);
    },
  };
}
