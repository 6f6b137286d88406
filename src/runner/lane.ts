import { type Account, isUsable } from '../accounts/accounts.ts';
import type { SeedSlots } from '../accounts/seed-slots.ts';
import type { Clock } from '../clock.ts';
import type { Prepare } from '../inputs/prepare.ts';
import { createStaging } from '../inputs/staging.ts';
import type { Logger } from '../log.ts';
import { createLoop } from '../loop.ts';
import { limits } from '../points/policy.ts';
import type { Database } from '../storage/database.ts';
import { personKey, type Waiting } from '../storage/waiting.ts';
import type { Moves } from './moves.ts';
import type { PaidCalls } from './paid-calls.ts';
import type { Room } from './room.ts';
import { isTwin, takeTurns } from './turns.ts';

/** How long to leave the database alone after it refused a query. */
export const afterFailureMs = 5_000;
const lookAgainMs = 30_000;
const shortestWaitMs = 1_000;

/** One account's queue. */
export interface Lane {
  /** Looks for tasks that can go now. The first wake-up starts it. */
  wake(): void;
  /** Whether tasks were waiting when it last ran. */
  hasWaiting(): boolean;
  /** How many tasks were ahead of this one when the lane last ran; `undefined` if the task wasn't waiting. */
  positionOf(taskId: string): number | undefined;
  /** Takes no more tasks; resolves once the calls under way have ended and are saved. */
  stop(): Promise<void>;
}

export interface LaneDependencies {
  database: Database;
  room: Room;
  moves: Moves;
  paidCalls: PaidCalls;
  prepare: Prepare;
  seedSlots: Pick<SeedSlots, 'countOf'>;
  clock: Clock;
  log: Logger;
}

/** What all lanes share, since a person's tasks at the providers are counted across all accounts. */
export interface Claims {
  readonly claimed: Room['claimed'];
  /** Lanes look for tasks one after another, so that each sees what the one before it claimed. */
  turn: Promise<unknown>;
}

/** Submits an account's tasks as long as fewer than `maxInFlight` of them are at the provider. */
export function createLane(
  account: Account,
  claims: Claims,
  { database, room, moves, paidCalls, prepare, seedSlots, clock, log }: LaneDependencies,
): Lane {
  const underWay = new Set<Promise<void>>();
  const staging = createStaging();
  let queue: readonly string[] = [];
  let pausedUntil = 0;
  /** For an API that limits how many submits it takes a second. */
  let nextSubmitAt = 0;
  const loop = createLoop({ clock, round: takeTurn, onError: pauseAfter, longestSleepMs: lookAgainMs });

  function takeTurn(): Promise<number | undefined> {
    const turn = claims.turn.then(pump);
    claims.turn = turn.catch(() => undefined); // the loop reports it
    return turn;
  }

  /** Starts what can go now. Returns when more may be able to, epoch milliseconds. */
  async function pump(): Promise<number | undefined> {
    const now = clock.now();
    clampAfterJump(now);
    const until = Math.max(account.pausedUntil, pausedUntil);
    if (until > now || !isUsable(account, now)) await sendAway(now);
    const closing = account.limits.closing({ price: 0 }, now);
    if (closing !== undefined) return closing.until;
    const outage = account.breaker.outage();
    // If a trial is under way, it wakes the lane when it ends.
    if (outage !== undefined) return Math.max(outage.until, now + shortestWaitMs);
    if (until > now) return until;
    const waiting = await listWaiting(now);
    staging.keepOnly(new Set(waiting.map(({ id }) => id)));
    const nothing = { left: [], stuck: [], unaffordable: [] };
    const { left, stuck, unaffordable } = waiting.length === 0 ? nothing : await startWhatCan(waiting, now);
    queue = left;
    await moves.away(account, unaffordable, now);
    await moves.back(account, stuck, now);
    const later = await database.tasks.nextWaitingAt(account.name, now);
    // A slot held by a lost answer opens up without an event: the loop notices it after its longest sleep.
    const nextAt = queue.length > 0 && nextSubmitAt > now ? nextSubmitAt : undefined;
    const roomAt = stuck.length > 0 ? room.nextAt(account, now) : undefined;
    return earliest(later, nextAt, roomAt);
  }

  /** A clock that was set back would keep the lane waiting until it caught up. */
  function clampAfterJump(now: number): void {
    pausedUntil = Math.min(pausedUntil, now + afterFailureMs);
    nextSubmitAt = Math.min(nextSubmitAt, now + (account.traits.submitEveryMs ?? 0));
  }

  /** Tasks whose files are being fetched for this account stay. */
  async function sendAway(now: number): Promise<void> {
    queue = (await listWaiting(now)).map(({ id }) => id);
    const ids = queue.filter((id) => !staging.isUnderWay(id));
    await (isUsable(account, now) ? moves.back(account, ids, now) : moves.away(account, ids, now));
  }

  async function listWaiting(now: number): Promise<Waiting[]> {
    const waiting = await database.tasks.listWaiting(account.name, now);
    return waiting.filter(({ id }) => !claims.claimed.has(id));
  }

  /**
   * Returns the tasks that keep waiting, in the order of their turns, which of them only wait for a slot, and which cost more
   * than the account may still spend today.
   */
  async function startWhatCan(
    waiting: readonly Waiting[],
    now: number,
  ): Promise<Record<'left' | 'stuck' | 'unaffordable', string[]>> {
    const { tasks } = database;
    const claimed = [...claims.claimed.values()];
    const claimedHere = claimed.filter((claim) => claim.account === account.name);
    const inFlight = await tasks.countInFlightByPerson(waiting, now);
    for (const claim of claimed) inFlight.set(personKey(claim), (inFlight.get(personKey(claim)) ?? 0) + 1);
    const prompts = account.traits.findsByPrompt
      ? await listPrompts(waiting, claimedHere, now)
      : new Set<string>();
    let slots = account.maxInFlight - (await tasks.countInFlight(account.name, now)) - claimedHere.length;
    const { submitEveryMs } = account.traits;
    if (submitEveryMs !== undefined) slots = Math.min(slots, nextSubmitAt > now ? 0 : 1);
    // A task already being prepared counts as the trial.
    if (account.breaker.isOnTrial()) slots = Math.min(slots, 1 - claimedHere.length);
    const left: string[] = [];
    const stuck: string[] = [];
    const unaffordable: string[] = [];
    let besides = claimedHere.reduce((sum, { price }) => sum + price, 0);
    for (const task of takeTurns(waiting, inFlight)) {
      if (account.limits.closing({ price: task.price, besides }, now) !== undefined) {
        left.push(task.id);
        if (!staging.isUnderWay(task.id)) unaffordable.push(task.id);
        continue;
      }
      const running = (inFlight.get(personKey(task)) ?? 0) + seedSlots.countOf(task);
      const isHeld = running >= limits.personRunning || isTwin(task, prompts);
      if (isHeld || slots <= 0) {
        left.push(task.id);
        if (!isHeld && !staging.isUnderWay(task.id)) stuck.push(task.id);
        continue;
      }
      if (task.hasFiles && !staging.has(task.id)) {
        fetchFiles(task);
        left.push(task.id);
        continue;
      }
      if (account.traits.findsByPrompt && task.promptKey !== undefined) prompts.add(task.promptKey);
      inFlight.set(personKey(task), (inFlight.get(personKey(task)) ?? 0) + 1);
      slots -= 1;
      besides += task.price;
      if (submitEveryMs !== undefined) nextSubmitAt = now + submitEveryMs;
      start(task);
    }
    return { left, stuck, unaffordable };
  }

  /** Returns which of the waiting prompts the account is working on, or is about to. */
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

  /** The database refuses: trying again right away would keep the whole process busy failing. */
  function pauseAfter(error: unknown): number {
    log.error({ error, account: account.name }, 'tasks could not be taken out of the queue');
    pausedUntil = clock.now() + afterFailureMs;
    return pausedUntil;
  }

  async function submit({ id }: Waiting): Promise<void> {
    const request = staging.take(id);
    const task = await database.tasks.get(id);
    const onSaved = () => claims.claimed.delete(id);
    if (task !== undefined) await paidCalls.submit(task, account, { request, onSaved });
  }

  function start(task: Waiting): void {
    claims.claimed.set(task.id, { ...task, account: account.name });
    follow(submit(task).finally(() => claims.claimed.delete(task.id)));
  }

  /** The task keeps its position in the queue, and takes no slot. */
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
    wake: loop.start,
    hasWaiting: () => queue.length > 0,
    positionOf(taskId: string): number | undefined {
      const position = queue.indexOf(taskId);
      return position === -1 ? undefined : position;
    },
    async stop() {
      await loop.stop();
      await Promise.all(underWay);
    },
  };
}

function earliest(...times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
