import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createIndex, unfinished } from './create-index.ts';

const done = sql<boolean>`state = 'done'`;

/** Tasks get a book, and a key for their prompt; queues are counted by both. */
export const books: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .alterTable('tasks')
      .addColumn('book', 'text', (column) => column.notNull().defaultTo('direct'))
      .execute();
    await database.schema.alterTable('tasks').addColumn('prompt_key', 'text').execute();
    await sql`update tasks set book = coalesce(guild_id, 'direct')`.execute(database);
    await createIndex(database, 'tasks_open_by_person', {
      on: 'tasks',
      columns: ['book', 'user_id', 'state'],
      where: unfinished,
    });
    await createIndex(database, 'tasks_open_by_book', {
      on: 'tasks',
      columns: ['book', 'state', 'created_at'],
      where: unfinished,
    });
    await createIndex(database, 'tasks_open_by_prompt', {
      on: 'tasks',
      columns: ['prompt_key', 'account', 'state'],
      where: unfinished,
    });
    await createIndex(database, 'tasks_lost', {
      on: 'tasks',
      columns: ['account', 'lost_at'],
      where: sql<boolean>`lost_at is not null`,
    });
    // SQLite would prefer an index of all states to the small ones of unfinished tasks.
    await database.schema.dropIndex('tasks_by_end').execute();
    await createIndex(database, 'tasks_done', { on: 'tasks', columns: ['finished_at'], where: done });
    await createIndex(database, 'tasks_done_by_book', {
      on: 'tasks',
      columns: ['book', 'finished_at'],
      where: done,
    });
    await createIndex(database, 'tasks_by_parent', {
      on: 'tasks',
      columns: ['parent_id', 'parent_offer', 'finished_at'],
    });
    // For the history of a person, newest first.
    await createIndex(database, 'ledger_by_person_and_time', {
      on: 'ledger',
      columns: ['user_id', 'book', 'created_at', 'id'],
    });
  },
};
