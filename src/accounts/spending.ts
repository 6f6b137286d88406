import { dayAt } from '../points/period.ts';
import { refundOf } from '../points/refunds.ts';
import type { Database } from '../storage/database.ts';
import { isEnded, type Task } from '../task.ts';

/** How many points accounts have spent today, and how many wait for them; only for those with a daily limit. */
export interface Spending {
  /** From now on, tasks of these accounts count. */
  watch(accounts: readonly string[]): void;
  /** Takes note of a saved task. */
  learn(task: Task): void;
  /** Takes note of what earlier runs submitted today, and of what waits. */
  recall(database: Pick<Database, 'tasks'>, now: number): Promise<void>;
  /** Points of the tasks that were submitted on the day of `now`. */
  spentBy(account: string, now: number): number;
  waitingFor(account: string): number;
}

interface Entry {
  readonly account: string;
  readonly price: number;
  /** When it was submitted; absent while it waits. */
  readonly submittedAt: number | undefined;
}

/** Days are those of the time zone. A clock that is set back a day must not open an account again. */
const rememberedMs = 3 * 24 * 60 * 60_000;

export function createSpending(timeZone: string): Spending {
  const watched = new Set<string>();
  const entries = new Map<string, Entry>();
  let day = { startsAt: 0, endsAt: 0 };
  const spent = new Map<string, number>();
  const waiting = new Map<string, number>();

  function count({ account, price, submittedAt }: Entry, sign: 1 | -1): void {
    const isToday = submittedAt !== undefined && submittedAt >= day.startsAt && submittedAt < day.endsAt;
    const sums = submittedAt === undefined ? waiting : isToday ? spent : undefined;
    sums?.set(account, (sums.get(account) ?? 0) + sign * price);
  }

  /** Sums a new day up; it may also be an earlier one, if the clock was set back. */
  function turnTo(now: number): void {
    if (now >= day.startsAt && now < day.endsAt) return;
    day = dayAt(now, timeZone);
    spent.clear();
    waiting.clear();
    for (const [id, entry] of entries) {
      if (entry.submittedAt !== undefined && entry.submittedAt < now - rememberedMs) entries.delete(id);
      else count(entry, 1);
    }
  }

  function learn(task: Task): void {
    const before = entries.get(task.id);
    if (before !== undefined) count(before, -1);
    entries.delete(task.id);
    const entry = watched.has(task.account) ? toEntry(task) : undefined;
    if (entry === undefined) return;
    entries.set(task.id, entry);
    count(entry, 1);
  }

  return {
    watch(accounts) {
      for (const account of accounts) watched.add(account);
    },
    learn,
    async recall({ tasks }, now) {
      if (watched.size === 0) return;
      turnTo(now);
      for (const task of await tasks.listOpenSince(day.startsAt)) learn(task);
    },
    spentBy(account, now) {
      turnTo(now);
      return spent.get(account) ?? 0;
    },
    waitingFor: (account) => waiting.get(account) ?? 0,
  };
}

/** What a task costs its account, if anything: as for a server's month, what a provider never accepted costs nothing. */
function toEntry(task: Task): Entry | undefined {
  const { account, price, state, submittedAt, request } = task;
  if (price === 0 || request.copyOf !== undefined) return undefined;
  if (state === 'queued') return { account, price, submittedAt: undefined };
  const isFree = isEnded(task) && state !== 'done' && refundOf(task) === 'person-and-month';
  return isFree || submittedAt === undefined ? undefined : { account, price, submittedAt };
}
