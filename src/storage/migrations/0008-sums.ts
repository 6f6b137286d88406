import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createIndex } from './create-index.ts';

/** Sums of the ledger, so that no charge takes longer the more there was before it. */
export const sums: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('month_sums')
      .addColumn('book', 'text', (column) => column.notNull())
      .addColumn('month', 'text', (column) => column.notNull())
      .addColumn('allowance_part', 'bigint', (column) => column.notNull())
      .addColumn('grant_part', 'bigint', (column) => column.notNull())
      .addColumn('month_part', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('month_sums_key', ['book', 'month'])
      .execute();
    await database.schema
      .createTable('person_sums')
      .addColumn('book', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('grant_part', 'bigint', (column) => column.notNull())
      .addColumn('entries', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('person_sums_key', ['book', 'user_id'])
      .execute();
    await sql`
      insert into month_sums (book, month, allowance_part, grant_part, month_part)
      select book, month, sum(allowance_part), sum(grant_part), sum(month_part) from ledger
      where kind in ('charge', 'refund') group by book, month
    `.execute(database);
    await sql`
      insert into person_sums (book, user_id, grant_part, entries)
      select book, user_id, sum(grant_part), count(*) from ledger group by book, user_id
    `.execute(database);
    for (const trigger of triggers) await sql.raw(trigger).execute(database);
    // The month's rows are no longer summed, and whether somebody ever got a grant is asked at each use outside of servers.
    await database.schema.dropIndex('ledger_by_month').execute();
    await createIndex(database, 'ledger_grants', {
      on: 'ledger',
      columns: ['book', 'user_id'],
      where: sql<boolean>`kind = 'grant'`,
    });
  },
};

/** In the database, so that no way of changing a row can forget the sums, not even by hand. */
const triggers = [
  `create trigger ledger_entry_added after insert on ledger begin ${count('new', 1)} end`,
  `create trigger ledger_entry_removed after delete on ledger begin ${count('old', -1)} end`,
  `create trigger ledger_entry_changed after update on ledger begin ${count('old', -1)} ${count('new', 1)} end`,
];

function count(row: 'old' | 'new', times: 1 | -1): string {
  return `
    insert into person_sums (book, user_id, grant_part, entries)
      values (${row}.book, ${row}.user_id, ${times} * ${row}.grant_part, ${times})
      on conflict (book, user_id) do update set
        grant_part = grant_part + excluded.grant_part, entries = entries + excluded.entries;
    insert into month_sums (book, month, allowance_part, grant_part, month_part)
      select ${row}.book, ${row}.month, ${times} * ${row}.allowance_part, ${times} * ${row}.grant_part,
        ${times} * ${row}.month_part
      where ${row}.kind in ('charge', 'refund')
      on conflict (book, month) do update set
        allowance_part = allowance_part + excluded.allowance_part,
        grant_part = grant_part + excluded.grant_part,
        month_part = month_part + excluded.month_part;`;
}
