import { CompiledQuery, type Kysely, type Transaction } from 'kysely';

/** Runs work in a transaction, as described at {@link Database.transaction}. */
export type Transact<Repositories> = <T>(work: (repositories: Repositories) => Promise<T>) => Promise<T>;

interface Job<Repositories> {
  readonly work: (repositories: Repositories) => Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Transactions from the same turn of the event loop are committed together, each in its own savepoint: one fsync is enough
 * for all of them, and each still happens completely or not at all. None of them resolves before the commit. If a commit
 * fails, its whole group fails.
 */
export function createTransactions<Schema, Repositories>(
  kysely: Kysely<Schema>,
  createRepositories: (transaction: Transaction<Schema>) => Repositories,
): Transact<Repositories> {
  let waiting: Job<Repositories>[] = [];
  let isRunning = false;

  /** Resolves with what to call once the commit is done. */
  async function runOne(
    transaction: Transaction<Schema>,
    { work, resolve, reject }: Job<Repositories>,
  ): Promise<() => void> {
    const run = (sql: string) => transaction.executeQuery(CompiledQuery.raw(sql));
    await run('savepoint one');
    try {
      const value = await work(createRepositories(transaction));
      await run('release savepoint one');
      return () => resolve(value);
    } catch (error) {
      await run('rollback to savepoint one').catch(() => {
        throw error; // on a full disk SQLite has already rolled back everything: this error says why
      });
      await run('release savepoint one');
      return () => reject(error);
    }
  }

  async function runGroup(jobs: readonly Job<Repositories>[]): Promise<void> {
    const outcomes: (() => void)[] = [];
    try {
      await kysely.transaction().execute(async (transaction) => {
        for (const job of jobs) outcomes.push(await runOne(transaction, job));
      });
    } catch (error) {
      for (const { reject } of jobs) reject(error);
      return;
    }
    for (const tell of outcomes) tell();
  }

  async function runAll(): Promise<void> {
    while (waiting.length > 0) {
      const jobs = waiting;
      waiting = [];
      await runGroup(jobs);
      if (waiting.length > 0) await nextTurn(); // what arrives meanwhile joins the next group
    }
    isRunning = false;
  }

  return <T>(work: (repositories: Repositories) => Promise<T>) => {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    waiting.push({ work, resolve, reject });
    if (!isRunning) {
      isRunning = true;
      setImmediate(() => void runAll());
    }
    return promise as Promise<T>;
  };
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
