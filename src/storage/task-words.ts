import { type Kysely, sql } from 'kysely';
import type { Task } from '../task.ts';
import type { Schema, TaskRow } from './schema.ts';
import { quote, toMatch, toSearchText } from './search-text.ts';
import { toTask } from './task-rows.ts';

/** How many tasks may start in one millisecond; the numbers stay exact until the year 2248. */
const numbersPerMs = 1_024;

/** The words of prompts, to find tasks by. Only the index itself and `match` are SQLite's own. */
export interface TaskWords {
  /**
   * Returns the person's tasks that have all of the words in `text`, or words that begin like them, newest first; `undefined`
   * if there's no word in it.
   */
  search(userId: string, text: string, page: { limit: number; offset: number }): Promise<Task[] | undefined>;
  /** Adds the words of the next tasks that were there before the index; returns whether there may be more. */
  catchUp(limit: number): Promise<boolean>;
  /** Whether older tasks may still be missing. */
  isBehind(): Promise<boolean>;
}

export function createTaskWords(database: Kysely<Schema>): TaskWords {
  async function readCursor(): Promise<string | undefined> {
    const row = await database.selectFrom('word_backlog').select('after_task').executeTakeFirst();
    return row?.after_task;
  }

  return {
    async search(userId, text, { limit, offset }) {
      const match = toMatch(text);
      if (match === undefined) return undefined;
      const condition = `user_id : ${quote(userId)} AND ${match}`;
      // The index narrows it down; whose task it is, the exact comparison decides.
      const { rows } = await sql<TaskRow>`
        select tasks.* from (
          select task_words.task_id, task_words.number from word_index
          join task_words on task_words.number = word_index.rowid
          where word_index match ${condition} and task_words.user_id = ${userId}
          order by word_index.rowid desc limit ${limit} offset ${offset}
        ) as found join tasks on tasks.id = found.task_id order by found.number desc
      `.execute(database);
      return rows.map(toTask);
    },
    async catchUp(limit) {
      const cursor = await readCursor();
      if (cursor === undefined) return false;
      const rows = await database
        .selectFrom('tasks')
        .selectAll()
        .where('id', '>', cursor)
        .orderBy('id')
        .limit(limit)
        .execute();
      for (const row of rows) await addWords(database, toTask(row));
      const last = rows.at(-1);
      if (last === undefined || rows.length < limit) {
        await database.deleteFrom('word_backlog').execute();
        return false;
      }
      await database.updateTable('word_backlog').set({ after_task: last.id }).execute();
      return true;
    },
    isBehind: async () => (await readCursor()) !== undefined,
  };
}

/** Makes a new task searchable. */
export async function addWords(database: Kysely<Schema>, task: Task): Promise<void> {
  const words = wordsOf(task);
  if (words === '') return;
  const first = task.createdAt * numbersPerMs;
  await sql`
    insert into task_words (number, task_id, user_id, words)
    select coalesce(max(number) + 1, cast(${first} as integer)), ${task.id}, ${task.origin.userId}, ${words}
    from task_words where number >= ${first} and number < ${first + numbersPerMs}
    on conflict (task_id) do nothing
  `.execute(database);
}

/** Removes words from the index in the same moment as from the task. */
export async function updateWords(database: Kysely<Schema>, task: Task, before: Task): Promise<void> {
  // Most saves leave the words alone, and every task is saved several times.
  if (task.request === before.request || wordsOf(task) === wordsOf(before)) return;
  await database.deleteFrom('task_words').where('task_id', '=', task.id).execute();
  await addWords(database, task);
}

function wordsOf({ request: { prompt, typed = '', answer = '' } }: Task): string {
  return toSearchText([prompt, typed, answer].join(' '));
}
