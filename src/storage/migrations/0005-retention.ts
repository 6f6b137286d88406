import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createIndex } from './create-index.ts';

/** Tasks remember whether their words were removed. The others are found by their end, and notes by who wrote them. */
export const retention: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .alterTable('tasks')
      .addColumn('emptied', 'integer', (column) => column.notNull().defaultTo(0))
      .execute();
    await createIndex(database, 'tasks_kept_by_end', {
      on: 'tasks',
      columns: ['finished_at'],
      where: sql<boolean>`emptied = 0 and finished_at is not null`,
    });
    await createIndex(database, 'ledger_notes_by_actor', {
      on: 'ledger',
      columns: ['actor_id'],
      where: sql<boolean>`note is not null and actor_id is not null`,
    });
  },
};
