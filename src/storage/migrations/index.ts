import { type Kysely, sql } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { tasksLedgerDeliveries } from './0001-tasks-ledger-deliveries.ts';
import { books } from './0002-books.ts';
import { keys } from './0003-keys.ts';
import { refunds } from './0004-refunds.ts';
import { retention } from './0005-retention.ts';
import { history } from './0006-history.ts';
import { sums } from './0008-sums.ts';

const migrations: Record<string, Migration> = {
  '0001-tasks-ledger-deliveries': tasksLedgerDeliveries,
  '0002-books': books,
  '0003-keys': keys,
  '0004-refunds': refunds,
  '0005-retention': retention,
  '0006-history': history,
  '0008-sums': sums,
};

/** Brings the schema up to date. Throws if a step fails; what it began is rolled back. */
export async function migrate<Schema>(kysely: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}

/** How the schema of a database differs from this program's. */
export interface SchemaGap {
  /** Steps that the next start will make. */
  readonly pending: readonly string[];
  /** Steps that a newer version made. */
  readonly unknown: readonly string[];
}

/** Reads which steps were made, without changing anything. */
export async function findGap<Schema>(kysely: Kysely<Schema>): Promise<SchemaGap> {
  const tables = await sql<{
    name: string;
  }>`select name from sqlite_master where name = 'kysely_migration'`.execute(kysely);
  const made = tables.rows.length === 0 ? [] : await readMadeSteps(kysely);
  const known = Object.keys(migrations);
  return {
    pending: known.filter((name) => !made.includes(name)),
    unknown: made.filter((name) => !known.includes(name)),
  };
}

async function readMadeSteps<Schema>(kysely: Kysely<Schema>): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`select name from kysely_migration order by name`.execute(
    kysely,
  );
  return rows.map(({ name }) => name);
}
