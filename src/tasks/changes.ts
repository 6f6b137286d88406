import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import { chargeFor, type Purse, pointsLeft } from '../quota/charge.ts';
import { monthOf, weekOf } from '../quota/period.ts';
import type { Database, Repositories } from '../storage/database.ts';
import { apply, isEnded, type Task, type TaskEvent } from '../task.ts';

/** A person who waited longer than this is told that the result is there. */
const mentionAfterMs = 60_000;

export type Announce = (task: Task) => void;

/** An event for a task; without one, only the next look is moved, or ended by `undefined`. */
export interface Change {
  readonly id: string;
  readonly event?: TaskEvent;
  readonly nextLookAt?: number | undefined;
}

/**
 * The only place where tasks are written. A task's state, its money and the delivery of its result change
 * in one transaction, so that none of them can be seen, or lost, without the others.
 */
export interface Changes {
  /**
   * Charges and saves a new task. Gives the task that is there already where Discord delivered the
   * interaction twice. Throws a {@link UserError} where the points do not suffice or the same press runs.
   */
  open(task: Task, allowance: number): Promise<{ task: Task; isNew: boolean }>;
  /** The task after the event; `undefined` where the event came too late to mean anything. */
  change(id: string, event: TaskEvent): Promise<Task | undefined>;
  /** Many changes in one transaction, each as if alone. */
  changeAll(changes: readonly Change[]): Promise<void>;
}

export function createChanges(dependencies: {
  database: Database;
  clock: Clock;
  announce: Announce;
}): Changes {
  const { database, clock, announce } = dependencies;

  async function changeOne(
    repositories: Repositories,
    id: string,
    event: TaskEvent,
  ): Promise<Task | undefined> {
    const task = await repositories.tasks.get(id);
    const next = task === undefined ? undefined : apply(task, event, clock.now());
    if (next === undefined || !(await repositories.tasks.save(next))) return undefined;
    if (task !== undefined && isEnded(next) && event.type !== 'removed')
      await finish(repositories, next, task);
    return next;
  }

  /** The end of a task, or what came after it: its money goes back once, its message is owed (again). */
  async function finish(
    { ledger, deliveries, tasks }: Repositories,
    task: Task,
    before: Task,
  ): Promise<void> {
    const now = clock.now();
    if (task.state !== 'done') await refund(ledger, task.id, now);
    if (task.acknowledgedAt === undefined) return tasks.forgetToken(task.id);
    await deliveries.put(task.id, 'final', now);
    const isNews = !isEnded(before) || (task.lateAt !== undefined && before.lateAt === undefined);
    if (isNews && task.state !== 'cancelled' && now - task.createdAt > mentionAfterMs)
      await deliveries.put(task.id, 'mention', now);
  }

  return {
    open: (task, allowance) =>
      database.transaction(async (repositories) => {
        const known = await repositories.tasks.getByInteraction(task.origin.interactionId);
        if (known !== undefined) return { task: known, isNew: false };
        await refuseSecondPress(repositories, task);
        await charge(repositories, task, allowance);
        return { task, isNew: true };
      }),
    async change(id, event) {
      const next = await database.transaction((repositories) => changeOne(repositories, id, event));
      if (next !== undefined) announce(next);
      return next;
    },
    async changeAll(changes) {
      if (changes.length === 0) return;
      const changed = await database.transaction(async (repositories) => {
        const tasks: Task[] = [];
        for (const change of changes) {
          const next = change.event && (await changeOne(repositories, change.id, change.event));
          if (next !== undefined) tasks.push(next);
          else if ('nextLookAt' in change) await repositories.tasks.lookAgainAt(change.id, change.nextLookAt);
        }
        return tasks;
      });
      for (const task of changed) announce(task);
    },
  };
}

/** What a person has now, in the books of a server (`direct` outside of servers). */
export async function readPurse(
  { ledger }: Pick<Repositories, 'ledger'>,
  person: { guildId: string | undefined; userId: string },
  policy: { allowance: number; now: number },
): Promise<Purse> {
  const book = bookOf(person.guildId);
  return {
    allowance: policy.allowance,
    spent: await ledger.spentAllowance(book, person.userId, weekOf(policy.now).key),
    granted: await ledger.grantBalance(book, person.userId),
  };
}

function bookOf(guildId: string | undefined): string {
  return guildId ?? 'direct';
}

async function refuseSecondPress(
  { tasks }: Repositories,
  { parentId, parentOffer, origin }: Task,
): Promise<void> {
  if (parentId === undefined || parentOffer === undefined) return;
  const running = await tasks.getUnfinishedPress(parentId, parentOffer, origin.userId);
  if (running === undefined) return;
  throw new UserError('already-running', { place: running.origin.place });
}

async function charge(repositories: Repositories, task: Task, allowance: number): Promise<void> {
  const now = task.createdAt;
  const { userId, place } = task.origin;
  const purse = await readPurse(repositories, { guildId: place.guildId, userId }, { allowance, now });
  const parts = chargeFor(task.price, purse);
  const period = weekOf(now);
  if (parts === undefined) {
    throw new UserError('points-short', {
      price: task.price,
      left: pointsLeft(purse),
      refillsAt: period.endsAt,
    });
  }
  await repositories.tasks.insert(task);
  await repositories.ledger.write({
    id: `charge:${task.id}`,
    kind: 'charge',
    book: bookOf(place.guildId),
    userId,
    taskId: task.id,
    allowancePart: 0 - parts.allowancePart,
    grantPart: 0 - parts.grantPart,
    period: period.key,
    month: monthOf(now),
    createdAt: now,
  });
}

/** Gives back exactly the parts that were taken, in the period they were taken from. Does so once. */
async function refund(ledger: Repositories['ledger'], taskId: string, now: number): Promise<void> {
  const charged = await ledger.get(`charge:${taskId}`);
  if (charged === undefined) return;
  await ledger.write({
    ...charged,
    id: `refund:${taskId}`,
    kind: 'refund',
    allowancePart: 0 - charged.allowancePart,
    grantPart: 0 - charged.grantPart,
    createdAt: now,
  });
}
