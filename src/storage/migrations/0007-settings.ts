import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createIndex } from './create-index.ts';

/** Who changed which setting of a server, and the results that are forwarded because people like them. */
export const settings: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('settings_journal')
      .addColumn('number', 'integer', (column) => column.primaryKey())
      .addColumn('book', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('actor_id', 'text')
      .addColumn('setting', 'text', (column) => column.notNull())
      .addColumn('before', 'text')
      .addColumn('after', 'text')
      .execute();
    await createIndex(database, 'settings_journal_by_book', {
      on: 'settings_journal',
      columns: ['book', 'number'],
    });
    await createIndex(database, 'settings_journal_by_time', {
      on: 'settings_journal',
      columns: ['created_at'],
    });

    await database.schema
      .createTable('stars')
      .addColumn('task_id', 'text', (column) => column.primaryKey().references('tasks.id'))
      .addColumn('channel_id', 'text', (column) => column.notNull())
      .addColumn('message_id', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .execute();
    await createIndex(database, 'favorites_by_task', { on: 'favorites', columns: ['task_id'] });
    await createIndex(database, 'stars_due', { on: 'stars', columns: ['state', 'due_at'] });
  },
};
