import type { Repositories } from '../storage/database.ts';
import type { LedgerEntry } from '../storage/ledger.ts';
import type { Task, TaskRequest } from '../task.ts';
import { pointsLeft, resettable } from './charge.ts';
import { monthAt, periodAt } from './period.ts';
import {
  type AllowanceSource,
  type Asker,
  allowanceOf,
  budgetOf,
  calendarOf,
  type Decision,
  decide,
  type Settings,
  type Standing,
} from './policy.ts';
import { refundOf } from './refunds.ts';
import { type Limits, limitsOf } from './server-rules.ts';

type Books = Pick<Repositories, 'ledger' | 'tasks'>;

/** The rules for somebody's task, as they were when the person asked for it. */
export interface Terms {
  readonly settings: Settings;
  readonly asker: Asker;
}

/** What a person has in the current period, in points. */
export interface Statement {
  /** Infinite for people without a limit. */
  readonly allowance: number;
  readonly source: AllowanceSource;
  readonly spent: number;
  readonly granted: number;
  readonly left: number;
  readonly limits: Limits;
  readonly unit: 'day' | 'week' | 'month';
  /** When the allowance is full again, epoch milliseconds. */
  readonly refillsAt: number;
  /** The server's month, if it has a limit. */
  readonly budget?: Budget;
}

export interface Budget {
  readonly budget: number;
  readonly spent: number;
  readonly endsAt: number;
}

/** A task that isn't saved yet; with the number of an offer, it comes from a button of the task before it. */
export type PlannedWork = Pick<TaskRequest, 'action' | 'speed'> & {
  readonly parentId?: string | undefined;
  readonly parentOffer?: number | undefined;
};

/** Decides whether a task may start now, and where its points come from. Only reads from the books. */
export async function decideTask(
  books: Books,
  { settings, asker }: Terms,
  { price, now, work }: { price: number; now: number; work: PlannedWork | undefined },
): Promise<Decision> {
  const standing = await readStanding(books, { settings, asker }, now);
  const known = work && { action: work.action, speed: work.speed, ownerId: await findOwner(books, work) };
  return decide(settings, asker, { to: 'start', price, count: 1, standing, work: known });
}

/** Returns who owns the result whose button starts it. */
async function findOwner(
  { tasks }: Books,
  { parentId, parentOffer }: PlannedWork,
): Promise<string | undefined> {
  if (parentId === undefined || parentOffer === undefined) return undefined;
  return (await tasks.get(parentId))?.origin.userId;
}

async function readStanding({ ledger, tasks }: Books, terms: Terms, now: number): Promise<Standing> {
  const { settings, asker } = terms;
  const { book, userId } = asker;
  const period = periodAt(now, calendarOf(settings.book));
  const month = monthAt(now);
  const hasBudget = budgetOf(settings, asker) !== undefined;
  return {
    spent: await ledger.spentAllowance(book, userId, period.key),
    granted: await ledger.grantBalance(book, userId),
    refillsAt: period.endsAt,
    serverSpent: hasBudget ? await ledger.spentByBook(book, month.key) : 0,
    monthEndsAt: month.endsAt,
    unfinished: await tasks.countUnfinished({ book, userId }),
    serverWaiting: await tasks.countWaiting(book),
  };
}

/** Decides, inserts the task, and writes the charge. Throws the refusal if there is one. */
export async function charge(books: Books, task: Task, terms: Terms): Promise<void> {
  const { price, createdAt: now, request, parentId, parentOffer } = task;
  const isOnlyTold = request.copyOf !== undefined && task.origin.place.isDirect === true;
  const work = { action: request.action, speed: request.speed, parentId, parentOffer };
  const decision = await decideTask(books, terms, { price, now, work: isOnlyTold ? undefined : work });
  if (!decision.isAllowed) throw decision.refusal;
  await books.tasks.insert(task);
  await books.ledger.write({
    ...rowFor(terms, now),
    id: `charge:${task.id}`,
    kind: 'charge',
    taskId: task.id,
    allowancePart: 0 - decision.charge.allowancePart,
    grantPart: 0 - decision.charge.grantPart,
    monthPart: 0 - price,
  });
}

/**
 * Gives back exactly the parts that were taken, in the period they were taken from, to whom {@link refundOf} says. Does so only
 * once; if nobody gets anything, the row says that.
 */
export async function refund(ledger: Books['ledger'], task: Task, now: number): Promise<void> {
  const charged = await ledger.get(`charge:${task.id}`);
  if (charged === undefined) return;
  const to = refundOf(task);
  const isPersons = to !== 'nobody';
  await ledger.write({
    ...charged,
    id: `refund:${task.id}`,
    kind: 'refund',
    allowancePart: isPersons ? 0 - charged.allowancePart : 0,
    grantPart: isPersons ? 0 - charged.grantPart : 0,
    monthPart: to === 'person-and-month' ? 0 - charged.monthPart : 0,
    createdAt: now,
  });
}

/** Who changes somebody's points, and through which interaction: even if it's delivered twice, they change once. */
export interface Act {
  readonly interactionId: string;
  readonly actorId: string;
  readonly note?: string | undefined;
  readonly now: number;
}

/** Grants points, which don't expire. Resolves to false if the same interaction has already granted them. */
export function grant(ledger: Books['ledger'], terms: Terms, points: number, act: Act): Promise<boolean> {
  return ledger.write({
    ...rowFor(terms, act.now),
    ...toAct(act),
    id: `grant:${act.interactionId}`,
    kind: 'grant',
    allowancePart: 0,
    grantPart: points,
    monthPart: 0,
  });
}

/**
 * Writes the row that gives back what a person spent of the period's allowance, or that removes what is left of their grants.
 * Returns the points in that row, and those that unfinished tasks hold.
 */
export async function reset(
  { ledger }: Pick<Books, 'ledger'>,
  terms: Terms,
  what: 'spending' | 'grants',
  act: Act,
): Promise<{ points: number; held: number }> {
  const { book, userId } = terms.asker;
  const id = `reset:${act.interactionId}`;
  const row = { ...rowFor(terms, act.now), ...toAct(act), id, kind: 'reset' as const, monthPart: 0 };
  const held = await ledger.heldByUnfinished(book, userId, row.period);
  const spent = await ledger.spentAllowance(book, userId, row.period);
  const parts =
    what === 'grants'
      ? { allowancePart: 0, grantPart: 0 - Math.max(0, await ledger.grantBalance(book, userId)) }
      : { allowancePart: resettable({ spent }, held.allowance), grantPart: 0 };
  // If the interaction is delivered twice, the row is already there.
  const done = (await ledger.get(id)) ?? parts;
  const points = Math.abs(done.allowancePart + done.grantPart);
  if (points > 0) await ledger.write({ ...row, ...parts });
  return { points, held: what === 'grants' ? held.grants : held.allowance };
}

/** Returns a person's points now. */
export async function readStatement(books: Books, terms: Terms, now: number): Promise<Statement> {
  const { settings, asker } = terms;
  const { unit } = calendarOf(settings.book);
  const { spent, granted, refillsAt, serverSpent, monthEndsAt } = await readStanding(books, terms, now);
  const { allowance, source } = allowanceOf(settings, asker);
  const budget = budgetOf(settings, asker);
  return {
    allowance,
    source,
    spent: Math.max(0, spent),
    granted,
    left: pointsLeft({ allowance, spent, granted }),
    limits: limitsOf(settings.book),
    unit,
    refillsAt,
    ...(budget === undefined ? {} : { budget: { budget, spent: serverSpent, endsAt: monthEndsAt } }),
  };
}

function rowFor({ settings, asker }: Terms, now: number) {
  const { book, userId } = asker;
  const period = periodAt(now, calendarOf(settings.book)).key;
  return { book, userId, period, month: monthAt(now).key, createdAt: now };
}

function toAct({ actorId, note }: Act): Pick<LedgerEntry, 'actorId' | 'note'> {
  return note === undefined ? { actorId } : { actorId, note };
}
