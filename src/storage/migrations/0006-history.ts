import { type Kysely, sql } from 'kysely';
import type { Migration } from 'kysely/migration';
import { createIndex, unfinished } from './create-index.ts';

/**
 * Favorites, lists of one kind or state, and the words of prompts. Only the tables are made here: the words of tasks that are
 * there already come later, a few at a time, so that the next start takes no longer than usual.
 */
export const history: Migration = {
  async up(database: Kysely<unknown>) {
    await database.schema
      .createTable('favorites')
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('task_id', 'text', (column) => column.notNull().references('tasks.id'))
      .addColumn('created_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('favorites_key', ['user_id', 'task_id'])
      .execute();
    await createIndex(database, 'favorites_by_time', { on: 'favorites', columns: ['user_id', 'created_at'] });
    // A list of one kind reads nothing but this index, even if the person has hundreds of thousands of others.
    await database.schema.dropIndex('tasks_by_user').execute();
    await createIndex(database, 'tasks_by_user', {
      on: 'tasks',
      columns: ['user_id', 'created_at', 'id', 'action'],
    });
    await createIndex(database, 'tasks_open_by_user', {
      on: 'tasks',
      columns: ['user_id', 'created_at', 'id'],
      where: unfinished,
    });
    await createIndex(database, 'tasks_failed_by_user', {
      on: 'tasks',
      columns: ['user_id', 'created_at', 'id'],
      where: sql<boolean>`state in ('failed', 'cancelled')`,
    });

    await database.schema
      .createTable('task_words')
      .addColumn('number', 'integer', (column) => column.primaryKey())
      .addColumn('task_id', 'text', (column) => column.notNull().unique().references('tasks.id'))
      .addColumn('user_id', 'text', (column) => column.notNull())
      .addColumn('words', 'text', (column) => column.notNull())
      .execute();
    for (const statement of wordIndex) await sql.raw(statement).execute(database);

    await database.schema
      .createTable('word_backlog')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('after_task', 'text', (column) => column.notNull())
      .execute();
    await sql`insert into word_backlog (id, after_task) values (1, '')`.execute(database);
  },
};

/**
 * SQLite's own index of words over that table, and what keeps it up to date (sqlite.org/fts5.html, "External Content
 * Tables"). With `secure-delete`, a word that goes away is removed from the file at once, not just marked as deleted.
 */
const wordIndex = [
  `create virtual table word_index using fts5(
     user_id, words, content = 'task_words', content_rowid = 'number',
     tokenize = 'unicode61 remove_diacritics 2', prefix = '2 3')`,
  `insert into word_index (word_index, rank) values ('secure-delete', 1)`,
  `create trigger task_words_added after insert on task_words begin
     insert into word_index (rowid, user_id, words) values (new.number, new.user_id, new.words);
   end`,
  `create trigger task_words_removed after delete on task_words begin
     insert into word_index (word_index, rowid, user_id, words)
       values ('delete', old.number, old.user_id, old.words);
   end`,
];
