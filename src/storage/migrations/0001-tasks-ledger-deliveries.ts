import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createIndex, unfinished } from './create-index.ts';

export const tasksLedgerDeliveries: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('tasks')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('revision', 'bigint', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('action', 'text', (column) => column.notNull())
      .addColumn('account', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('guild_id', 'text')
      .addColumn('channel_id', 'text', (column) => column.notNull())
      .addColumn('message_id', 'text')
      .addColumn('interaction_id', 'text', (column) => column.notNull().unique())
      .addColumn('parent_id', 'text', (column) => column.references('tasks.id'))
      .addColumn('parent_offer', 'integer')
      .addColumn('price', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('acknowledged_at', 'bigint')
      .addColumn('not_before', 'bigint')
      .addColumn('accepted_at', 'bigint')
      .addColumn('finished_at', 'bigint')
      .addColumn('next_look_at', 'bigint')
      .addColumn('deadline_at', 'bigint', (column) => column.notNull())
      .addColumn('lost_at', 'bigint')
      .addColumn('details', 'text', (column) => column.notNull())
      .execute();
    // One unfinished task per (parent, offer, person): two presses at once are one task.
    await createIndex(database, 'tasks_one_unfinished_press', {
      on: 'tasks',
      columns: ['parent_id', 'parent_offer', 'user_id'],
      isUnique: true,
      where: unfinished,
    });
    await createIndex(database, 'tasks_open_by_account', {
      on: 'tasks',
      columns: ['account', 'state', 'created_at'],
      where: unfinished,
    });
    await createIndex(database, 'tasks_due', {
      on: 'tasks',
      columns: ['next_look_at'],
      where: sql<boolean>`next_look_at is not null`,
    });
    await createIndex(database, 'tasks_deadline', {
      on: 'tasks',
      columns: ['deadline_at'],
      where: unfinished,
    });
    await createIndex(database, 'tasks_by_message', { on: 'tasks', columns: ['message_id'] });
    await createIndex(database, 'tasks_by_user', { on: 'tasks', columns: ['user_id', 'created_at'] });
    await createIndex(database, 'tasks_by_end', { on: 'tasks', columns: ['state', 'finished_at'] });

    await database.schema
      .createTable('ledger')
      .addColumn('id', 'text', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('book', 'text', (column) => column.notNull())
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('task_id', 'text', (column) => column.references('tasks.id'))
      .addColumn('allowance_part', 'bigint', (column) => column.notNull())
      .addColumn('grant_part', 'bigint', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('month', 'text', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addColumn('actor_id', 'text')
      .addColumn('note', 'text')
      .execute();
    // Sums are read inside the charging transaction, so both indexes carry what is summed.
    await createIndex(database, 'ledger_by_person', {
      on: 'ledger',
      columns: ['book', 'user_id', 'period', 'allowance_part', 'grant_part'],
    });
    await createIndex(database, 'ledger_by_month', {
      on: 'ledger',
      columns: ['book', 'month', 'kind', 'allowance_part', 'grant_part'],
    });
    await createIndex(database, 'ledger_by_task', { on: 'ledger', columns: ['task_id'] });

    await database.schema
      .createTable('deliveries')
      .addColumn('task_id', 'text', (column) => column.notNull().references('tasks.id'))
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('attempts', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull())
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('deliveries_key', ['task_id', 'kind'])
      .execute();
    await createIndex(database, 'deliveries_due', { on: 'deliveries', columns: ['due_at'] });
    await database.schema
      .createTable('heartbeat')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('at', 'bigint', (column) => column.notNull())
      .execute();
  },
};
