import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import {
  CompiledQuery,
  type DatabaseConnection,
  Kysely,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDriver,
  SqliteIntrospector,
  SqliteQueryCompiler,
  sql,
  type Transaction,
} from 'kysely';
import { makePrivate } from '../private-folder.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createKeys, type Keys } from './keys.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { migrate } from './migrations/index.ts';
import type { Schema } from './schema.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { createTransactions } from './transactions.ts';

/** The repositories, all over one handle: inside a transaction, or outside of one. */
export interface Repositories {
  readonly tasks: Tasks;
  readonly ledger: Ledger;
  readonly deliveries: Deliveries;
}

export interface Database extends Repositories {
  readonly keys: Keys;
  /**
   * Runs `work` in one transaction and commits it; a throw rolls all of it back. `work` gets repositories
   * of its own and must await nothing but their queries: there is one connection, and waiting for
   * anything outside of the transaction would wait for ever. Resolves once it is on the disk.
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /**
   * Empties the write-ahead log, so that what was removed is in no file any more. False while somebody reads the file:
   * then it is to be tried again later.
   */
  emptyLog(): Promise<boolean>;
  /** Whether a write reaches the disk now. */
  isWritable(): Promise<boolean>;
  close(): Promise<void>;
}

/** Another process owns the data directory. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** SQLite's result code for a lock that another connection holds. */
const sqliteBusy = 5;

const lockFile = 'lock.db';

/**
 * Takes the data directory for this process, until the returned function is called or the process dies:
 * an exclusive SQLite lock is freed by the kernel even on SIGKILL, where a pid file would go stale.
 * Throws {@link LockedError} when another process has it.
 */
export function lockDirectory(directory: string): () => void {
  makePrivate(directory);
  const lock = new DatabaseSync(join(directory, lockFile), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw isBusy(error)
      ? new LockedError('another process uses this data directory', { cause: error })
      : error;
  }
  return () => lock.close();
}

/**
 * Whether another process has taken the data directory. Makes nothing, and takes no more than a reader's lock for as
 * long as one read lasts.
 */
export function isInUse(directory: string): boolean {
  const path = join(directory, lockFile);
  if (!existsSync(path)) return false;
  const lock = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    lock.prepare('select count(*) from sqlite_master').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    lock.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}

/** How long a statement waits for another connection to the file. */
const busyTimeoutMs = 5_000;

/** The file with tasks and money, in the data directory. */
export const databaseFile = 'relay.db';

/** Opens `relay.db` in the directory (made where missing) and brings its schema up to date. */
export async function openDatabase(directory: string): Promise<Database> {
  makePrivate(directory);
  const sqlite = new DatabaseSync(join(directory, databaseFile), { timeout: busyTimeoutMs });
  // Money and task rows survive a power cut only with an fsync on each commit; WAL makes that one write.
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  // What is removed is overwritten, not only unlinked: people were told that it is gone.
  sqlite.exec('pragma secure_delete = on');
  const kysely = createKysely<Schema>(sqlite);
  await migrate(kysely);
  return {
    ...createRepositories(kysely),
    keys: createKeys(kysely),
    transaction: createTransactions(kysely, createRepositories),
    emptyLog: () =>
      kysely.connection().execute(async (connection) => {
        // Waiting for a reader would keep the whole program waiting.
        await sql`pragma busy_timeout = 0`.execute(connection);
        try {
          const { rows } = await sql<{ busy: number }>`pragma wal_checkpoint(truncate)`.execute(connection);
          return rows[0]?.busy === 0;
        } finally {
          await sql.raw(`pragma busy_timeout = ${busyTimeoutMs}`).execute(connection);
        }
      }),
    async isWritable() {
      try {
        const at = Date.now();
        const upsert = kysely.insertInto('heartbeat').values({ id: 1, at });
        await upsert.onConflict((conflict) => conflict.column('id').doUpdateSet({ at })).execute();
        return true;
      } catch {
        return false; // whatever the disk says, the answer to the question is no
      }
    },
    close: () => kysely.destroy(),
  };
}

function createRepositories(kysely: Kysely<Schema> | Transaction<Schema>): Repositories {
  return { tasks: createTasks(kysely), ledger: createLedger(kysely), deliveries: createDeliveries(kysely) };
}

/** Kysely over an open SQLite file. */
export function createKysely<Schema>(sqlite: DatabaseSync): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: createDialect(sqlite) });
}

/** Kysely knows better-sqlite3; `node:sqlite` differs in one property and in how a write lock is taken. */
function createDialect(sqlite: DatabaseSync) {
  return {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new ImmediateDriver(sqlite),
    createIntrospector: (kysely: Kysely<unknown>) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new SqliteQueryCompiler(),
  };
}

/** SQLite rolls back `create` and `alter` as well (sqlite.org/lang_transaction.html), which Kysely does not count on. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** A deferred transaction that reads first and writes later can fail with SQLITE_BUSY; this one cannot. */
class ImmediateDriver extends SqliteDriver {
  readonly #sqlite: DatabaseSync;

  constructor(sqlite: DatabaseSync) {
    super({ database: toSqliteDatabase(sqlite) });
    this.#sqlite = sqlite;
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'));
  }

  /** On a full disk SQLite has rolled back by itself; a second one would hide the error that says so. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#sqlite.isTransaction) await super.rollbackTransaction(connection);
  }
}

/** Kysely asks for a statement at each query; the road has some fifty, and lists of any length make more. */
const rememberedStatements = 300;

function toSqliteDatabase(sqlite: DatabaseSync): SqliteDatabase {
  const statements = new Map<string, ReturnType<SqliteDatabase['prepare']>>();
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      const known = statements.get(sql);
      if (known !== undefined) return known;
      const statement = prepare(sqlite, sql);
      const [oldest] = statements.keys();
      if (statements.size >= rememberedStatements && oldest !== undefined) statements.delete(oldest);
      statements.set(sql, statement);
      return statement;
    },
  };
}

function prepare(sqlite: DatabaseSync, sql: string): ReturnType<SqliteDatabase['prepare']> {
  const statement = sqlite.prepare(sql);
  const bind = (parameters: readonly unknown[]) => parameters as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bind(parameters)),
    run: (parameters) => statement.run(...bind(parameters)),
    iterate: (parameters) => statement.iterate(...bind(parameters)),
  };
}
