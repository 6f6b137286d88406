import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';

const unfinished = sql<boolean>`state in ('queued', 'submitting', 'running', 'asking', 'answering')`;

const done = sql<boolean>`state = 'done'`;

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
    // An index of all states draws SQLite away from the small ones of unfinished tasks.
    await database.schema.dropIndex('tasks_by_end').execute();
    await database.schema.createIndex('tasks_done').on('tasks').column('finished_at').where(done).execute();
    await database.schema
      .createIndex('tasks_done_by_book')
      .on('tasks')
      .columns(['book', 'finished_at'])
      .where(done)
      .execute();
    await database.schema
      .createIndex('tasks_by_parent')
      .on('tasks')
      .columns(['parent_id', 'parent_offer', 'finished_at'])
      .execute();
    // The history of a person, newest first.
    await database.schema
      .createIndex('ledger_by_person_and_time')
      .on('ledger')
      .columns(['user_id', 'book', 'created_at', 'id'])
      .execute();
  },
};
