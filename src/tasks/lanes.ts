import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import { askingTimeoutMs, isEnded, type Task } from '../task.ts';
import type { Account, Accounts } from './accounts.ts';
import { firstLookDelay } from './cadence.ts';
import type { Changes } from './changes.ts';
import type { Spending } from './spending.ts';

/** After the database refused a write, no task is taken out of the queue for so long. */
const afterFailureMs = 5_000;
const lookAgainMs = 30_000;

/** Takes waiting tasks, as places come free, to the provider; and people's answers. */
export interface Lanes {
  /** Looks for tasks of the account that can go now. */
  wake(account: string): void;
  /** Takes note of a saved task: of places that come free, and of questions that were answered before they came. */
  expect(task: Task): void;
  /** Shows a picture that is there already. */
  copy(task: Task): Promise<void>;
  /** How many tasks stand before this one in its queue, when it was last looked at. */
  placeOf(task: Task): number | undefined;
  /** Saves that the answer leaves, then sends it. False where nothing is asked any more. */
  answer(task: Task, prompt: string): Promise<boolean>;
  /** Takes no more tasks; resolves once calls under way have ended and are saved. */
  stop(): Promise<void>;
}

export interface LanesDependencies {
  database: Database;
  changes: Changes;
  accounts: Accounts;
  spending: Spending;
  clock: Clock;
  random: () => number;
  log: Logger;
}

export function createLanes(dependencies: LanesDependencies): Lanes {
  const { accounts, changes, spending, clock, random, log } = dependencies;
  const lanes = new Map(accounts.all.map((account) => [account.name, createLane(account, dependencies)]));
  const answers = new Set<Promise<void>>();
  const timers = new Set<() => void>();

  async function answer(task: Task, prompt: string): Promise<boolean> {
    const account = accounts.get(task.account);
    if (account === undefined) return false;
    const now = clock.now();
    const nextLookAt = now + firstLookDelay(account.timing, [], random);
    const deadlineAt = now + Math.max(account.taskTimeoutMs, askingTimeoutMs);
    const answering = await changes.change(task.id, { type: 'answering', prompt, deadlineAt, nextLookAt });
    if (answering === undefined) return false;
    const work = spending
      .answer(answering, account, prompt)
      .catch((error: unknown) => log.error({ error, taskId: task.id }, 'an answer could not be sent'))
      .finally(() => answers.delete(work));
    answers.add(work);
    return true;
  }

  /** The person has answered before the provider asked, or before it had room for the answer. */
  function answerWhenDue(task: Task, prompt: string): void {
    const cancel = clock.after((task.notBefore ?? 0) - clock.now(), () => {
      timers.delete(cancel);
      answer(task, prompt).catch((error: unknown) =>
        log.error({ error, taskId: task.id }, 'an answer could not be saved'),
      );
    });
    timers.add(cancel);
  }

  return {
    wake: (account) => lanes.get(account)?.wake(),
    expect(task) {
      const { state, request } = task;
      if (isEnded(task) || state === 'asking') lanes.get(task.account)?.wake();
      if (state === 'asking' && request.answer !== undefined) answerWhenDue(task, request.answer);
    },
    copy: (task) => spending.copy(task),
    placeOf: (task) => lanes.get(task.account)?.placeOf(task.id),
    answer,
    async stop() {
      spending.stop();
      for (const cancel of timers) cancel();
      await Promise.all([...[...lanes.values()].map((lane) => lane.stop()), ...answers]);
    },
  };
}

/** One account's places: tasks are submitted while fewer than `maxInFlight` of it are at the provider. */
function createLane(account: Account, { database, spending, clock, log }: LanesDependencies) {
  /** Taken out of the queue here, but not yet saved as `submitting`. */
  const claimed = new Map<string, Task>();
  const underWay = new Set<Promise<void>>();
  let queue: readonly string[] = [];
  let isStopped = false;
  let pumping: Promise<void> | undefined;
  let isWokenAgain = false;
  let pausedUntil = 0;
  let cancelTimer = () => {};

  function wake(): void {
    if (isStopped) return;
    isWokenAgain = true;
    pumping ??= pumpUntilQuiet();
  }

  async function pumpUntilQuiet(): Promise<void> {
    while (isWokenAgain && !isStopped) {
      isWokenAgain = false;
      await pump().catch(pauseAfter);
    }
    pumping = undefined; // in the same step as the last look at `isWokenAgain`, so that no wake is lost
  }

  async function pump(): Promise<void> {
    const now = clock.now();
    const until = Math.max(account.pausedUntil, pausedUntil);
    if (until > now) return wakeAt(until);
    const waiting = (await database.tasks.listWaiting(account.name, now)).filter(
      ({ id }) => !claimed.has(id),
    );
    const inFlight = [...(await database.tasks.listInFlight(account.name, now)), ...claimed.values()];
    const order = takeTurns(waiting, inFlight);
    const prompts = new Set(inFlight.flatMap(toFreshPrompt));
    let places = account.maxInFlight - inFlight.length;
    const left: string[] = [];
    for (const task of order) {
      if (places <= 0 || isTwin(task, prompts)) {
        left.push(task.id);
        continue;
      }
      for (const prompt of toFreshPrompt(task)) prompts.add(prompt);
      places -= 1;
      start(task);
    }
    queue = left;
    const later = await database.tasks.nextWaitingAt(account.name, now);
    // A place that a lost answer holds comes free by time alone, so what waits is looked at now and then.
    if (left.length > 0) wakeAt(Math.min(later ?? Number.POSITIVE_INFINITY, now + lookAgainMs));
    else if (later !== undefined) wakeAt(later);
  }

  function wakeAt(at: number): void {
    cancelTimer();
    cancelTimer = clock.after(at - clock.now(), wake);
  }

  /** The database refuses: trying again at once would keep the whole process busy with failing. */
  function pauseAfter(error: unknown): void {
    log.error({ error, account: account.name }, 'tasks could not be taken out of the queue');
    pausedUntil = clock.now() + afterFailureMs;
    wakeAt(pausedUntil);
  }

  function start(task: Task): void {
    claimed.set(task.id, task);
    const work = spending
      .submit(task, account, () => claimed.delete(task.id))
      .catch(pauseAfter)
      .finally(() => {
        claimed.delete(task.id);
        underWay.delete(work);
        wake();
      });
    underWay.add(work);
  }

  return {
    wake,
    placeOf(taskId: string): number | undefined {
      const place = queue.indexOf(taskId);
      return place === -1 ? undefined : place;
    },
    async stop() {
      isStopped = true;
      cancelTimer();
      await pumping;
      await Promise.all(underWay);
    },
  };
}

/**
 * The order of the queue: always the oldest task of whoever has the fewest in flight, so that nobody's tenth
 * task stands before another's first. `waiting` comes oldest first.
 */
export function takeTurns(waiting: readonly Task[], inFlight: readonly Task[]): Task[] {
  const turns = new Map<string, number>();
  for (const { origin } of inFlight) turns.set(origin.userId, (turns.get(origin.userId) ?? 0) + 1);
  const withTurn = waiting.map((task) => {
    const turn = turns.get(task.origin.userId) ?? 0;
    turns.set(task.origin.userId, turn + 1);
    return { task, turn };
  });
  return withTurn.sort((a, b) => a.turn - b.turn).map(({ task }) => task);
}

/** The prompt of a task that is made from words; follow-ups have an address instead. */
function toFreshPrompt({ request }: Task): string[] {
  return request.offer === undefined ? [request.prompt] : [];
}

/**
 * Whether the same words are being made for somebody already: a midjourney-proxy finds its job by its prompt, so
 * results of identical prompts at once get swapped (novicezk/midjourney-proxy#299, trueai-org/midjourney-proxy#13).
 */
function isTwin(task: Task, prompts: ReadonlySet<string>): boolean {
  return toFreshPrompt(task).some((prompt) => prompts.has(prompt));
}
