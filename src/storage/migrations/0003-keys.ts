import type { Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Keys that the bot creates for itself, such as the one that signs callback URLs. */
export const keys: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('keys')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('value', 'text', (column) => column.notNull())
      .execute();
  },
};
