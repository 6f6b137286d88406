import type { Kysely } from 'kysely';
import type { Task } from '../task.ts';
import type { Schema } from './schema.ts';
import { countTasks, isDone, isUnfinished, readCount, readTasks, selectTasks } from './task-queries.ts';
import type { Person } from './waiting.ts';

/** How many tasks of a book are unfinished, by state. */
export type StateCounts = Readonly<Partial<Record<Task['state'], number>>>;

/** What limits and the queue ask about the tasks of one book. */
export interface BookTasks {
  countUnfinished(person: Person): Promise<number>;
  listUnfinished(person: Person): Promise<Task[]>;
  /** How many refunds this person was promised since then for tasks that a provider had begun, in all books. */
  countRefundsPromised(userId: string, since: number): Promise<number>;
  countWaiting(book: string): Promise<number>;
  /** For a whole book, or for one person in it; the same for the next two. */
  countByState(book: string, userId?: string): Promise<StateCounts>;
  /** Waiting tasks, oldest first. */
  listWaitingIn(book: string, limit: number, userId?: string): Promise<Task[]>;
  /** The tasks that were done last, newest first. */
  listLatestDoneIn(book: string, limit: number, userId?: string): Promise<Task[]>;
}

export function createBookTasks(database: Kysely<Schema>): BookTasks {
  const count = () => countTasks(database);
  const select = (book: string, userId: string | undefined) => {
    const query = selectTasks(database).where('book', '=', book);
    return userId === undefined ? query : query.where('user_id', '=', userId);
  };

  return {
    countUnfinished: ({ book, userId }) =>
      readCount(count().where('book', '=', book).where('user_id', '=', userId).where(isUnfinished)),
    listUnfinished: ({ book, userId }) => readTasks(select(book, userId).where(isUnfinished)),
    countRefundsPromised: (userId, since) =>
      readCount(count().where('user_id', '=', userId).where('refund_promised_at', '>=', since)),
    countWaiting: (book) =>
      readCount(count().where('book', '=', book).where('state', '=', 'queued').where(isUnfinished)),
    async countByState(book, userId) {
      let query = count().select('state').where('book', '=', book).where(isUnfinished);
      if (userId !== undefined) query = query.where('user_id', '=', userId);
      const rows = await query.groupBy('state').execute();
      return Object.fromEntries(rows.map((row) => [row.state, Number(row.count)]));
    },
    listWaitingIn: (book, limit, userId) =>
      readTasks(
        select(book, userId)
          .where('state', '=', 'queued')
          .where(isUnfinished)
          .orderBy('created_at')
          .orderBy('id')
          .limit(limit),
      ),
    listLatestDoneIn: (book, limit, userId) =>
      readTasks(select(book, userId).where(isDone).orderBy('finished_at', 'desc').limit(limit)),
  };
}
