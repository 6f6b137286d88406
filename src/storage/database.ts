import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Kysely, sql, type Transaction } from 'kysely';
import { makePrivate } from '../private-folder.ts';
import { createDeliveries, type Deliveries } from './deliveries.ts';
import { createFavorites, type Favorites } from './favorites.ts';
import { databaseFile } from './files.ts';
import { createKeys, type Keys } from './keys.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { migrate } from './migrations/index.ts';
import type { Schema } from './schema.ts';
import { createSettingsJournal, type SettingsJournal } from './settings-journal.ts';
import { createKysely } from './sqlite.ts';
import { createStars, type Stars } from './stars.ts';
import { createTaskWords, type TaskWords } from './task-words.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { createTransactions } from './transactions.ts';

/** The repositories, all on one handle: inside a transaction, or outside of one. */
export interface Repositories {
  readonly tasks: Tasks;
  readonly ledger: Ledger;
  readonly deliveries: Deliveries;
  readonly favorites: Favorites;
  readonly taskWords: TaskWords;
  readonly settingsJournal: SettingsJournal;
  readonly stars: Stars;
}

export interface Database extends Repositories {
  readonly keys: Keys;
  /**
   * Runs `work` in one transaction and commits it; a throw rolls all of it back. `work` gets its own repositories and
   * must await nothing but their queries: there is one connection, and waiting for anything outside of the transaction
   * would wait forever. Resolves once everything is on disk.
   */
  transaction<T>(work: (repositories: Repositories) => Promise<T>): Promise<T>;
  /**
   * Empties the write-ahead log, so that what was removed is no longer in any file. Returns false while somebody reads
   * the file: then try again later.
   */
  emptyLog(): Promise<boolean>;
  /** Whether a write reaches the disk right now. */
  isWritable(): Promise<boolean>;
  close(): Promise<void>;
}

/** How long a statement waits for another connection to the file. */
const busyTimeoutMs = 5_000;

/** Opens `relay.db` in the directory, which is created if missing, and brings its schema up to date. */
export async function openDatabase(directory: string): Promise<Database> {
  makePrivate(directory);
  const sqlite = new DatabaseSync(join(directory, databaseFile), { timeout: busyTimeoutMs });
  // Money and task rows survive a power cut only with an fsync per commit; WAL makes that a single write.
  sqlite.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on');
  // What is removed is overwritten, not just unlinked: people were told that it's gone.
  sqlite.exec('pragma secure_delete = on');
  const kysely = createKysely<Schema>(sqlite);
  await migrate(kysely);
  return {
    ...createRepositories(kysely),
    keys: createKeys(kysely),
    transaction: createTransactions(kysely, createRepositories),
    emptyLog: () =>
      kysely.connection().execute(async (connection) => {
        // Waiting for a reader would block the whole program.
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
        return false; // any error at all means no
      }
    },
    close: () => kysely.destroy(),
  };
}

function createRepositories(kysely: Kysely<Schema> | Transaction<Schema>): Repositories {
  return {
    tasks: createTasks(kysely),
    ledger: createLedger(kysely),
    deliveries: createDeliveries(kysely),
    favorites: createFavorites(kysely),
    taskWords: createTaskWords(kysely),
    settingsJournal: createSettingsJournal(kysely),
    stars: createStars(kysely),
  };
}
