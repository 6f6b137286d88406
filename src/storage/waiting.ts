import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';
import { countTasks, isUnfinished, readCount } from './task-queries.ts';

/** Tasks at the provider, or on their way to it: they take a slot of the account. */
const inFlightStates = ['submitting', 'running', 'answering'] as const;

/** How long a lost answer holds its slot, and its words. */
const lostHoldsMs = 2 * 60_000;

/** How many people or prompts are looked up one by one; with more, everything in flight is read instead. */
const mostAskedOneByOne = 40;

function holdsSlot(now: number) {
  return sql<boolean>`(lost_at is null or lost_at > ${now - lostHoldsMs})`;
}

/** A task in a queue, as far as its turn depends on it. */
export interface Waiting {
  readonly id: string;
  readonly book: string;
  readonly userId: string;
  /** The same for the same words; undefined for what isn't made from words. */
  readonly promptKey: string | undefined;
  /** Whether files have to be downloaded before it can go. */
  readonly hasFiles: boolean;
  /** In points. */
  readonly price: number;
}

/** How `JSON.stringify` writes a request with pictures or a region; a prompt can't contain that, since its quotes are escaped. */
const hasFiles = sql<number>`case when details like '%"pictures":[{%' or details like '%"region":{%' then 1 else 0 end`;

/** Somebody in one book: a server's, or that of direct messages. */
export interface Person {
  readonly book: string;
  readonly userId: string;
}

export function personKey({ book, userId }: Person): string {
  return `${book} ${userId}`;
}

export interface AccountCount {
  readonly account: string;
  readonly state: string;
  readonly count: number;
}

/** What lanes ask: who waits, and how much is at the providers. */
export interface WaitingTasks {
  /** Acknowledged tasks that wait for a slot, oldest first. */
  listWaiting(account: string, now: number): Promise<Waiting[]>;
  /** When the next postponed task may go, in epoch milliseconds. */
  nextWaitingAt(account: string, now: number): Promise<number | undefined>;
  /**
   * How many tasks take a slot of the account. A task whose answer was lost takes one for two minutes: it may not exist
   * at the provider at all, and would block the slot until its deadline.
   */
  countInFlight(account: string, now: number): Promise<number>;
  /** How many tasks each of these people has at the providers, by {@link personKey}; people without any are left out. */
  countInFlightByPerson(people: readonly Person[], now: number): Promise<Map<string, number>>;
  /** How many unfinished tasks there are, by account and state; pairs without any are left out. */
  countUnfinishedByAccount(): Promise<readonly AccountCount[]>;
  /** Which of these prompts the account is making now; may also return others, if that is quicker. */
  listPromptsInFlight(account: string, promptKeys: readonly string[], now: number): Promise<Set<string>>;
}

export function createWaitingTasks(database: Kysely<Schema>): WaitingTasks {
  return {
    async listWaiting(account, now) {
      const rows = await database
        .selectFrom('tasks')
        .select(['id', 'book', 'user_id', 'prompt_key', 'price', hasFiles.as('has_files')])
        .where('account', '=', account)
        .where('state', '=', 'queued')
        .where(isUnfinished)
        .where('acknowledged_at', 'is not', null)
        .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(({ id, book, user_id, prompt_key, price, has_files }) => ({
        id,
        book,
        userId: user_id,
        promptKey: prompt_key ?? undefined,
        hasFiles: Number(has_files) === 1,
        price: Number(price),
      }));
    },
    async nextWaitingAt(account, now) {
      const row = await database
        .selectFrom('tasks')
        .select((expression) => expression.fn.min('not_before').as('at'))
        .where('account', '=', account)
        .where('state', '=', 'queued')
        .where(isUnfinished)
        .where('not_before', '>', now)
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
    },
    async countInFlight(account, now) {
      const inFlight = countTasks(database)
        .where('account', '=', account)
        .where('state', 'in', inFlightStates)
        .where(isUnfinished);
      // Two queries, so that the first needs nothing but its index.
      const all = await readCount(inFlight);
      const lost = await readCount(inFlight.where('lost_at', '<=', now - lostHoldsMs));
      return all - lost;
    },
    async countInFlightByPerson(people, now) {
      const counts = new Map<string, number>();
      // An index finds one person; for very many, reading everything in flight is quicker.
      const unique = [...new Map(people.map((person) => [personKey(person), person])).values()];
      const questions = unique.length <= mostAskedOneByOne ? unique : [undefined];
      for (const person of questions) {
        let query = countTasks(database)
          .select(['book', 'user_id'])
          .where('state', 'in', inFlightStates)
          .where(isUnfinished)
          .where(holdsSlot(now));
        if (person !== undefined)
          query = query.where('book', '=', person.book).where('user_id', '=', person.userId);
        for (const row of await query.groupBy(['book', 'user_id']).execute())
          counts.set(personKey({ book: row.book, userId: row.user_id }), Number(row.count));
      }
      return counts;
    },
    async countUnfinishedByAccount() {
      const query = countTasks(database).select(['account', 'state']).where(isUnfinished);
      const rows = await query.groupBy(['account', 'state']).execute();
      return rows.map(({ account, state, count }) => ({ account, state, count: Number(count) }));
    },
    async listPromptsInFlight(account, promptKeys, now) {
      if (promptKeys.length === 0) return new Set();
      let query = database
        .selectFrom('tasks')
        .select('prompt_key')
        .distinct()
        .where('account', '=', account)
        .where('state', 'in', inFlightStates)
        .where(isUnfinished)
        .where(holdsSlot(now));
      if (promptKeys.length <= mostAskedOneByOne) query = query.where('prompt_key', 'in', promptKeys);
      return new Set((await query.execute()).flatMap(({ prompt_key }) => prompt_key ?? []));
    },
  };
}
