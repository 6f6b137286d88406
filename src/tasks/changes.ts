import { apply } from '../apply.ts';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { charge, refund, type Terms } from '../points/bookings.ts';
import type { Policies } from '../points/policies.ts';
import { refundLimitOf } from '../points/refunds.ts';
import type { Database, Repositories } from '../storage/database.ts';
import { isEnded, type Stop, type Task, type TaskEvent } from '../task.ts';
import { isCopy, toCopied } from './copies.ts';
import { type Cancelled, decideStop, isNewlyAsked, toStopEvent } from './stops.ts';

/** A person who has waited longer than this gets a message that the result is there. */
const mentionAfterMs = 60_000;

/** An event for a task. Without one, only its next look is moved; `undefined` ends the looks. */
export interface Change {
  readonly id: string;
  readonly event?: TaskEvent;
  readonly nextLookAt?: number | undefined;
}

/**
 * The only place where tasks are written. A task's state, its points, and the delivery of its result change in one
 * transaction, so that none of them can be seen, or lost, without the others.
 */
export interface Changes {
  /**
   * Charges for a new task, and saves it. Returns the existing one if Discord delivered the interaction twice. Throws a
   * {@link UserError} if the policy refuses the task, the task of the same press is still running, or a task that starts only
   * once (`isOnce`) exists already.
   */
  open(task: Task, terms: Terms, options?: { isOnce?: boolean }): Promise<{ task: Task; isNew: boolean }>;
  /**
   * Returns the task after the event; `undefined` if the event came too late to mean anything. A copy of an existing picture
   * ends in the same transaction that saves its acknowledgement.
   */
  change(id: string, event: TaskEvent): Promise<Task | undefined>;
  /**
   * Cancels a task that waits or asks; one that runs is only marked, since its provider has to be asked. If the points
   * wouldn't come back, it changes nothing unless `isAgreed`: the presser knows that.
   */
  cancel(id: string, wish: { canAskProvider: boolean; isAgreed: boolean }): Promise<Cancelled>;
  /** Many changes in one transaction, each as if alone. */
  changeAll(changes: readonly Change[]): Promise<void>;
  /** Calls `listener` with each task after it was saved. Listeners are called in the order in which they were added. */
  listen(listener: Listener): void;
  /** Tells the listeners about a task that an earlier run saved. */
  announce(task: Task): void;
}

export type Listener = (task: Task) => void;

export function createChanges(dependencies: {
  database: Database;
  policies: Pick<Policies, 'read'>;
  clock: Clock;
  log: Logger;
}): Changes {
  const { database, policies, clock, log } = dependencies;
  const listeners: Listener[] = [];

  /** The task is saved: a failing listener must not look like a failed write, or keep the other listeners from hearing. */
  function announce(task: Task): void {
    for (const listener of listeners) {
      try {
        listener(task);
      } catch (error) {
        log.error({ error, taskId: task.id }, 'a listener failed on a saved task');
      }
    }
  }

  async function changeOne(
    repositories: Repositories,
    id: string,
    event: TaskEvent,
  ): Promise<Task | undefined> {
    const task = await repositories.tasks.get(id);
    const applied = task === undefined ? undefined : apply(task, event, clock.now());
    if (task === undefined || applied === undefined) return undefined;
    // What the message says about the points has to hold until the question is answered, or ends unanswered.
    const isAsked = isNewlyAsked(applied, task);
    const next = isAsked ? { ...applied, stop: await decideForQuestion(repositories, applied) } : applied;
    if (!(await repositories.tasks.save(next, task))) return undefined;
    if (isEnded(next) && !isQuiet(event)) await finish(repositories, next, task);
    // Nobody edits a message that is gone: its token has no further use.
    if (event.type === 'removed') await repositories.tasks.settle(id);
    return next;
  }

  async function decide({ tasks }: Repositories, task: Task): Promise<Stop> {
    const settings = await policies.read(task.origin.book);
    return decideStop(tasks, task, { settings, now: clock.now() });
  }

  /** If the settings can't be read, other tasks must still be saved: the person gets the benefit of the doubt. */
  async function decideForQuestion({ tasks }: Repositories, task: Task): Promise<Stop> {
    const settings = await policies.read(task.origin.book).catch((error: unknown) => {
      log.error({ error, taskId: task.id }, 'the settings of a task that asks could not be read');
    });
    const now = clock.now();
    return settings ? decideStop(tasks, task, { settings, now }) : { at: now, isRefunded: true };
  }

  /** What waits here is always refunded; a task without a refund yesterday may have one today. */
  async function decideForCancel(repositories: Repositories, task: Task): Promise<Stop> {
    if (task.state === 'queued') return { at: clock.now(), isRefunded: true };
    return task.stop?.isRefunded === true ? task.stop : decide(repositories, task);
  }

  async function cancelOne(
    repositories: Repositories,
    id: string,
    { canAskProvider, isAgreed }: { canAskProvider: boolean; isAgreed: boolean },
  ): Promise<Cancelled> {
    const task = await repositories.tasks.get(id);
    if (task === undefined) return { outcome: 'too-late' };
    const stop = await decideForCancel(repositories, task);
    const event = toStopEvent(task, stop, canAskProvider);
    if (event === undefined) return { outcome: 'too-late' };
    if ('stop' in event && !stop.isRefunded && !isAgreed)
      return {
        outcome: 'unrefunded',
        limit: refundLimitOf(await policies.read(task.origin.book), clock.now()),
      };
    const next = await changeOne(repositories, id, event);
    if (next === undefined) return { outcome: 'too-late' };
    return { outcome: event.type === 'cancelled' ? 'cancelled' : 'cancelling', task: next };
  }

  /** After the end of a task, or what came after that: its points go back once, and its message is owed (again). */
  async function finish(
    { ledger, deliveries, tasks }: Repositories,
    task: Task,
    before: Task,
  ): Promise<void> {
    const now = clock.now();
    if (task.state !== 'done') await refund(ledger, task, now);
    if (task.acknowledgedAt === undefined) return tasks.settle(task.id);
    await deliveries.put(task.id, 'final', now);
    const isNews = !isEnded(before) || (task.lateAt !== undefined && before.lateAt === undefined);
    const isMissed = task.state !== 'cancelled' && canBeTold(task);
    const hasWaited = isNews && isMissed && now - task.createdAt > mentionAfterMs;
    // What Discord refused may stay in the message forever, so another message says so.
    const isUnshown =
      before.state === 'done' && task.state === 'failed' && task.origin.place.isPrivate !== true;
    if (hasWaited || isUnshown) await deliveries.put(task.id, 'mention', now);
  }

  return {
    open: (asked, terms, { isOnce = false } = {}) =>
      database.transaction(async (repositories) => {
        const known = await repositories.tasks.getByInteraction(asked.origin.interactionId);
        if (known !== undefined) return { task: known, isNew: false };
        const task = await keepDirect(repositories, asked);
        if (isOnce) await refuseSecondTime(repositories, task);
        await refuseSecondPress(repositories, task);
        await charge(repositories, task, terms);
        return { task, isNew: true };
      }),
    async change(id, event) {
      const next = await database.transaction(async (repositories) => {
        const changed = await changeOne(repositories, id, event);
        if (changed === undefined || event.type !== 'acknowledged' || !isCopy(changed)) return changed;
        return (await changeOne(repositories, id, await toCopied(repositories.tasks, changed))) ?? changed;
      });
      if (next !== undefined) announce(next);
      return next;
    },
    async cancel(id, wish) {
      const cancelled = await database.transaction((repositories) => cancelOne(repositories, id, wish));
      if ('task' in cancelled) announce(cancelled.task);
      return cancelled;
    },
    async changeAll(changes) {
      if (changes.length === 0) return;
      const changed = await database.transaction(async (repositories) => {
        const tasks: Task[] = [];
        for (const change of changes) {
          const next = change.event && (await changeOne(repositories, change.id, change.event));
          if (next !== undefined && !isUnannounced(change.event)) tasks.push(next);
          else if ('nextLookAt' in change) await repositories.tasks.lookAgainAt(change.id, change.nextLookAt);
        }
        return tasks;
      });
      for (const task of changed) announce(task);
    },
    listen: (listener) => void listeners.push(listener),
    announce,
  };
}

/** Whether its person is to hear of its end in a message of its own: a mention would tell others of something private. */
function canBeTold({ origin: { isQuiet, isToldDirectly, place } }: Task): boolean {
  return isToldDirectly === true || (isQuiet !== true && place.isPrivate !== true);
}

/** About old tasks: what learns how long tasks take would mistake one of them for the latest. */
function isUnannounced(event: TaskEvent | undefined): boolean {
  return event?.type === 'forgotten' || event?.type === 'told';
}

/** Whether nothing is owed to anybody after the event. */
function isQuiet({ type }: TaskEvent): boolean {
  return (
    type === 'removed' || type === 'forgotten' || type === 'located' || type === 'found' || type === 'told'
  );
}

/** What comes of a private result that was sent directly is as hidden as that one, as long as it stays in that channel. */
async function keepDirect({ tasks }: Pick<Repositories, 'tasks'>, task: Task): Promise<Task> {
  const { parentId, origin } = task;
  if (parentId === undefined || origin.place.guildId !== undefined) return task;
  const from = (await tasks.get(parentId))?.origin.place;
  if (from?.isDirect !== true || from.channelId !== origin.place.channelId) return task;
  return { ...task, origin: { ...origin, place: { ...origin.place, isDirect: true } } };
}

/** Throws a `UserError` if the task of the same press is still running. */
export async function refuseSecondPress(
  { tasks }: Pick<Repositories, 'tasks'>,
  { parentId, parentOffer, origin }: Pick<Task, 'parentId' | 'parentOffer' | 'origin'>,
): Promise<void> {
  if (parentId === undefined || parentOffer === undefined) return;
  const running = await tasks.getUnfinishedPress(parentId, parentOffer, origin.userId);
  if (running === undefined) return;
  throw new UserError('already-running', { place: running.origin.place });
}

/** Throws a `UserError` if the person's task with that id exists already. */
export async function refuseSecondTime(
  { tasks }: Pick<Repositories, 'tasks'>,
  { id, origin: { userId } }: { id: string; origin: Pick<Task['origin'], 'userId'> },
): Promise<void> {
  const first = await tasks.get(id);
  if (first?.origin.userId === userId) throw new UserError('already-started', { place: first.origin.place });
}
