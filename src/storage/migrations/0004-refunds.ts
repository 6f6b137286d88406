import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createIndex } from './create-index.ts';

/** A refund may leave the server's month as it is, and a person's refunds for tasks a provider had begun are counted. */
export const refunds: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .alterTable('ledger')
      .addColumn('month_part', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute();
    await sql`
      update ledger set month_part = allowance_part + grant_part where kind in ('charge', 'refund')
    `.execute(database);
    await database.schema.dropIndex('ledger_by_month').execute();
    await createIndex(database, 'ledger_by_month', {
      on: 'ledger',
      columns: ['book', 'month', 'kind', 'allowance_part', 'grant_part', 'month_part'],
    });
    await database.schema.alterTable('tasks').addColumn('refund_promised_at', 'bigint').execute();
    await createIndex(database, 'tasks_refund_promised', {
      on: 'tasks',
      columns: ['user_id', 'refund_promised_at'],
      where: sql<boolean>`refund_promised_at is not null`,
    });
  },
};
