import { type Kysely, sql } from 'kysely';
import type { Schema } from './schema.ts';

/** Tasks at the provider, or on their way to it: they take a place of the account. */
const inFlightStates = ['submitting', 'running', 'answering'] as const;

/**
 * Word for word what the partial indexes say, since SQLite uses such an index only where the query repeats its
 * condition with literals (sqlite.org/partialindex.html, section 3).
 */
export const isUnfinished = sql<boolean>`state in ('queued', 'submitting', 'running', 'asking', 'answering')`;

const lostHoldsMs = 2 * 60_000;

/** Up to so many people or prompts are asked for by themselves. */
const askedOneByOne = 40;

/** A lost answer holds its place, and its words, for a while only. */
function holdsPlace(now: number) {
  return sql<boolean>`(lost_at is null or lost_at > ${now - lostHoldsMs})`;
}

/** A task in a queue, as far as its turn depends on it. */
export interface Waiting {
  readonly id: string;
  readonly book: string;
  readonly userId: string;
  /** The same for the same words; absent for what is not made of words. */
  readonly promptKey: string | undefined;
  /** Whether files have to be fetched for it before it can go. */
  readonly hasFiles: boolean;
}

/** As `JSON.stringify` writes a request with pictures, or with a region; no words can write that, since their quotes are escaped. */
const hasFiles = sql<number>`case when details like '%"pictures":[{%' or details like '%"region":{%' then 1 else 0 end`;

/** Somebody, in the books of a server or outside of all. */
export interface Person {
  readonly book: string;
  readonly userId: string;
}

export function personKey({ book, userId }: Person): string {
  return `${book} ${userId}`;
}

/** What lanes ask: who waits, and how much is at the providers. */
export interface WaitingTasks {
  /** Acknowledged tasks that wait for a place, oldest first. */
  listWaiting(account: string, now: number): Promise<Waiting[]>;
  /** When the next postponed task may go, epoch milliseconds. */
  nextWaitingAt(account: string, now: number): Promise<number | undefined>;
  /**
   * How many tasks take a place of the account. One whose answer was lost takes it for two minutes: it may not be there
   * at all, and would block the place until its deadline.
   */
  countInFlight(account: string, now: number): Promise<number>;
  /** How many tasks each of these people has at the providers, by {@link personKey}; who has none is missing. */
  countInFlightByPerson(people: readonly Person[], now: number): Promise<Map<string, number>>;
  /** The prompts that are being made on the account: those of them that were asked for, or all where that is quicker. */
  listPromptsInFlight(account: string, promptKeys: readonly string[], now: number): Promise<Set<string>>;
}

export function createWaitingTasks(database: Kysely<Schema>): WaitingTasks {
  const count = () =>
    database.selectFrom('tasks').select((expression) => expression.fn.countAll().as('count'));

  return {
    async listWaiting(account, now) {
      const rows = await database
        .selectFrom('tasks')
        .select(['id', 'book', 'user_id', 'prompt_key', hasFiles.as('has_files')])
        .where('account', '=', account)
        .where('state', '=', 'queued')
        .where(isUnfinished)
        .where('acknowledged_at', 'is not', null)
        .where((where) => where.or([where('not_before', 'is', null), where('not_before', '<=', now)]))
        .orderBy('created_at')
        .orderBy('id')
        .execute();
      return rows.map(({ id, book, user_id, prompt_key, has_files }) => ({
        id,
        book,
        userId: user_id,
        promptKey: prompt_key ?? undefined,
        hasFiles: Number(has_files) === 1,
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
      const inFlight = () =>
        count().where('account', '=', account).where('state', 'in', inFlightStates).where(isUnfinished);
      const all = await inFlight().executeTakeFirst();
      // Apart, so that the first count needs nothing but its index.
      const lost = await inFlight()
        .where('lost_at', '<=', now - lostHoldsMs)
        .executeTakeFirst();
      return Number(all?.count ?? 0) - Number(lost?.count ?? 0);
    },
    async countInFlightByPerson(people, now) {
      const counts = new Map<string, number>();
      // One person is found by an index; of very many it is quicker to read what is in flight at all.
      const unique = [...new Map(people.map((person) => [personKey(person), person])).values()];
      const questions = unique.length <= askedOneByOne ? unique : [undefined];
      for (const person of questions) {
        let query = database
          .selectFrom('tasks')
          .select((expression) => ['book', 'user_id', expression.fn.countAll().as('count')])
          .where('state', 'in', inFlightStates)
          .where(isUnfinished)
          .where(holdsPlace(now));
        if (person !== undefined)
          query = query.where('book', '=', person.book).where('user_id', '=', person.userId);
        for (const row of await query.groupBy(['book', 'user_id']).execute())
          counts.set(personKey({ book: row.book, userId: row.user_id }), Number(row.count));
      }
      return counts;
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
        .where(holdsPlace(now));
      if (promptKeys.length <= askedOneByOne) query = query.where('prompt_key', 'in', promptKeys);
      return new Set((await query.execute()).flatMap(({ prompt_key }) => prompt_key ?? []));
    },
  };
}
