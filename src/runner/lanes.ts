import { type Account, type Accounts, isUsable, timingOf } from '../accounts/accounts.ts';
import { isHopeless } from '../accounts/breaker.ts';
import { firstLookDelay } from '../accounts/cadence.ts';
import type { Choice } from '../accounts/choose.ts';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createLoop } from '../loop.ts';
import { limits } from '../points/policy.ts';
import type { Database } from '../storage/database.ts';
import { personKey, type Waiting } from '../storage/waiting.ts';
import { askingTimeoutMs, isEnded, type Task } from '../task.ts';
import type { Change, Changes } from '../tasks/changes.ts';
import type { Spending } from './paid-calls.ts';
import type { Prepare } from './preparing.ts';
import type { SeedSlots } from './seed-slots.ts';
import { createStaging } from './staging.ts';
import { isTwin, takeTurns } from './turns.ts';

/** After the database refused a write, no task is taken out of the queue for so long. */
const afterFailureMs = 5_000;
const lookAgainMs = 30_000;
const shortestWaitMs = 1_000;

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
  choice: Choice;
  spending: Spending;
  prepare: Prepare;
  seedSlots: Pick<SeedSlots, 'countOf'>;
  clock: Clock;
  random: () => number;
  log: Logger;
}

export function createLanes(dependencies: LanesDependencies): Lanes {
  const { accounts, changes, spending, clock, random, log } = dependencies;
  const claims: Claims = { claimed: new Map(), turn: Promise.resolve() };
  const lanes = new Map(
    accounts.all.map((account) => [account.name, createLane(account, claims, dependencies)]),
  );
  const answers = new Set<Promise<void>>();
  const timers = new Set<() => void>();

  async function answer(task: Task, prompt: string): Promise<boolean> {
    const account = accounts.get(task.account);
    if (account === undefined) return false;
    const now = clock.now();
    const nextLookAt = now + firstLookDelay(timingOf(account), [], random);
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
      const isWaiting = state === 'queued' && task.acknowledgedAt !== undefined;
      if (isWaiting) lanes.get(task.account)?.wake();
      if (isEnded(task) || state === 'asking') {
        lanes.get(task.account)?.wake();
        // What its person may run at once holds for all accounts together.
        for (const lane of lanes.values()) if (lane.hasWaiting()) lane.wake();
      }
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

/** What all lanes share: what one person has at the providers is counted over all accounts. */
interface Claims {
  /** Tasks that were taken out of a queue, but are not saved as `submitting` yet, by id. */
  readonly claimed: Map<string, Waiting & { account: string }>;
  /** Lanes look for tasks one after another, so that each sees what the one before has claimed. */
  turn: Promise<unknown>;
}

/** One account's places: tasks are submitted while fewer than `maxInFlight` of it are at the provider. */
function createLane(
  account: Account,
  claims: Claims,
  { database, changes, choice, spending, prepare, seedSlots, clock, log }: LanesDependencies,
) {
  const underWay = new Set<Promise<void>>();
  const staging = createStaging();
  let queue: readonly string[] = [];
  let pausedUntil = 0;
  /** Where the API takes only so many submits a second. */
  let nextSubmitAt = 0;
  const loop = createLoop({ clock, round: takeTurn, onError: pauseAfter, longestSleepMs: lookAgainMs });

  function takeTurn(): Promise<number | undefined> {
    const turn = claims.turn.then(pump);
    claims.turn = turn.catch(() => undefined); // it is reported by the loop
    return turn;
  }

  /** Starts what can go now; returns when more may be able to. */
  async function pump(): Promise<number | undefined> {
    const now = clock.now();
    const until = Math.max(account.pausedUntil, pausedUntil);
    if (!isUsable(account, now)) await sendElsewhere(now);
    const outage = account.breaker.outage();
    // A trial that is under way wakes the lane when it ends.
    if (outage !== undefined) return Math.max(outage.until, now + shortestWaitMs);
    if (until > now) return until;
    const waiting = await listWaiting(now);
    staging.keepOnly(new Set(waiting.map(({ id }) => id)));
    queue = waiting.length === 0 ? [] : await startWhatCan(waiting, now);
    const later = await database.tasks.nextWaitingAt(account.name, now);
    // A place that a lost answer holds comes free by time alone: the loop's longest sleep sees to it.
    return queue.length > 0 && nextSubmitAt > now ? Math.min(later ?? nextSubmitAt, nextSubmitAt) : later;
  }

  /** Fresh work need not wait for an account that does not work; what has to stay may have nothing to wait for. */
  async function sendElsewhere(now: number): Promise<void> {
    const outage = account.breaker.outage();
    const isLost = isHopeless(outage, now);
    const moves: Change[] = [];
    for (const { id } of await listWaiting(now)) {
      // What comes of its files would be news of a task that is somewhere else by then.
      if (staging.isUnderWay(id)) continue;
      const task = await database.tasks.get(id);
      if (task === undefined || task.state !== 'queued' || task.account !== account.name) continue;
      const next = await choice.next(task, isLost);
      const { deadlineAt } = task;
      if (next !== undefined) moves.push({ id, event: { type: 'moved', account: next.name, deadlineAt } });
      else if (isLost)
        moves.push({ id, event: { type: 'failed', failure: { kind: outage.trouble, mayHaveCost: false } } });
    }
    if (moves.length > 0)
      log.warn({ account: account.name, tasks: moves.length }, 'tasks do not wait for the account');
    await changes.changeAll(moves);
  }

  async function listWaiting(now: number): Promise<Waiting[]> {
    const waiting = await database.tasks.listWaiting(account.name, now);
    return waiting.filter(({ id }) => !claims.claimed.has(id));
  }

  /** Gives what has to wait on, in the order of its turns. */
  async function startWhatCan(waiting: readonly Waiting[], now: number): Promise<string[]> {
    const { tasks } = database;
    const claimed = [...claims.claimed.values()];
    const claimedHere = claimed.filter((claim) => claim.account === account.name);
    const inFlight = await tasks.countInFlightByPerson(waiting, now);
    for (const claim of claimed) inFlight.set(personKey(claim), (inFlight.get(personKey(claim)) ?? 0) + 1);
    const prompts = account.traits.findsByPrompt
      ? await listPrompts(waiting, claimedHere, now)
      : new Set<string>();
    let places = account.maxInFlight - (await tasks.countInFlight(account.name, now)) - claimedHere.length;
    const { submitEveryMs } = account.traits;
    if (submitEveryMs !== undefined) places = Math.min(places, nextSubmitAt > now ? 0 : 1);
    // One that is being prepared is the one that tries.
    if (account.breaker.isOnTrial()) places = Math.min(places, 1 - claimedHere.length);
    const left: string[] = [];
    for (const task of takeTurns(waiting, inFlight)) {
      const running = (inFlight.get(personKey(task)) ?? 0) + seedSlots.countOf(task);
      if (places <= 0 || running >= limits.personRunning || isTwin(task, prompts)) {
        left.push(task.id);
        continue;
      }
      if (task.hasFiles && !staging.has(task.id)) {
        fetchFiles(task);
        left.push(task.id);
        continue;
      }
      if (account.traits.findsByPrompt && task.promptKey !== undefined) prompts.add(task.promptKey);
      inFlight.set(personKey(task), (inFlight.get(personKey(task)) ?? 0) + 1);
      places -= 1;
      if (submitEveryMs !== undefined) nextSubmitAt = now + submitEveryMs;
      start(task);
    }
    return left;
  }

  /** Those of the prompts that are being made, or are about to be. */
  async function listPrompts(
    waiting: readonly Waiting[],
    claimedHere: readonly Waiting[],
    now: number,
  ): Promise<Set<string>> {
    const wanted = waiting.flatMap(({ promptKey }) => promptKey ?? []);
    const prompts = await database.tasks.listPromptsInFlight(account.name, wanted, now);
    for (const { promptKey } of claimedHere) if (promptKey !== undefined) prompts.add(promptKey);
    return prompts;
  }

  /** The database refuses: trying again at once would keep the whole process busy with failing. */
  function pauseAfter(error: unknown): number {
    log.error({ error, account: account.name }, 'tasks could not be taken out of the queue');
    pausedUntil = clock.now() + afterFailureMs;
    return pausedUntil;
  }

  async function submit({ id }: Waiting): Promise<void> {
    const request = staging.take(id);
    const task = await database.tasks.get(id);
    const onSaved = () => claims.claimed.delete(id);
    if (task !== undefined) await spending.submit(task, account, { request, onSaved });
  }

  function start(task: Waiting): void {
    claims.claimed.set(task.id, { ...task, account: account.name });
    follow(submit(task).finally(() => claims.claimed.delete(task.id)));
  }

  /** It keeps its place in the queue, and takes none of the account. */
  function fetchFiles({ id, ...waiting }: Waiting): void {
    const work = staging.begin({ id, ...waiting }, async () => {
      const task = await database.tasks.get(id);
      return task?.state === 'queued' ? prepare(task, account) : undefined;
    });
    if (work !== undefined) follow(work);
  }

  function follow(work: Promise<unknown>): void {
    const followed = work.catch(pauseAfter).then(() => {
      underWay.delete(followed);
      loop.wake();
    });
    underWay.add(followed);
  }

  return {
    /** The first wake-up starts it. */
    wake: loop.start,
    hasWaiting: () => queue.length > 0,
    placeOf(taskId: string): number | undefined {
      const place = queue.indexOf(taskId);
      return place === -1 ? undefined : place;
    },
    async stop() {
      await loop.stop();
      await Promise.all(underWay);
    },
  };
}
