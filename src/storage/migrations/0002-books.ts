import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const unfinished = sql<boolean>`state in ('queued', 'submitting', 'running', 'asking', 'answering')`;

/** Tasks learn whose books they are in, and which prompt they are made of; queues are counted by both. */
export const books: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .alterTable('tasks')
      .addColumn('book', 'text', (column) => column.notNull().defaultTo('direct'))
      .execute();
    await database.schema.alterTable('tasks').addColumn('prompt_key', 'text').execute();
    await sql`update tasks set book = coalesce(guild_id, 'direct')`.execute(database);
    await database.schema
      .createIndex('tasks_open_by_person')
      .on('tasks')
      .columns(['book', 'user_id', 'state'])
      .where(unfinished)
      .execute();
    await database.schema
      .createIndex('tasks_open_by_book')
      .on('tasks')
      .columns(['book', 'state', 'created_at'])
      .where(unfinished)
      .execute();
    await database.schema
      .createIndex('tasks_open_by_prompt')
      .on('tasks')
      .columns(['prompt_key', 'account', 'state'])
      .where(unfinished)
      .execute();
    await database.schema
      .createIndex('tasks_lost')
      .on('tasks')
      .columns(['account', 'lost_at'])
      .where(sql<boolean>`lost_at is not null`)
      .execute();
    await database.schema
      .createIndex('tasks_by_book_and_end')
      .on('tasks')
      .columns(['book', 'state', 'finished_at'])
      .execute();
    // The history of a person, newest first.
    await database.schema
      .createIndex('ledger_by_person_and_time')
      .on('ledger')
      .columns(['book', 'user_id', 'created_at', 'id'])
      .execute();
  },
};
