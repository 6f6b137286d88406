import type { Kysely } from 'kysely';
import { type Migration, Migrator } from 'kysely/migration';
import { tasksLedgerDeliveries } from './0001-tasks-ledger-deliveries.ts';
import { books } from './0002-books.ts';
import { keys } from './0003-keys.ts';

const migrations: Record<string, Migration> = {
  '0001-tasks-ledger-deliveries': tasksLedgerDeliveries,
  '0002-books': books,
  '0003-keys': keys,
};

/** Brings the schema up to date. Throws when a step fails; what it began is rolled back. */
export async function migrate<Schema>(kysely: Kysely<Schema>): Promise<void> {
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => migrations } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
}
