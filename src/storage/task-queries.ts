import { type Kysely, sql } from 'kysely';
import type { Task } from '../task.ts';
import type { Schema, TaskRow } from './schema.ts';
import { toTask } from './task-rows.ts';

/**
 * Matches the condition of the partial indexes word for word: SQLite uses such an index only if the query repeats its
 * condition with literals (sqlite.org/partialindex.html, section 3).
 */
export const isUnfinished = sql<boolean>`state in ('queued', 'submitting', 'running', 'asking', 'answering')`;

/** The same for the index of tasks that are done. */
export const isDone = sql<boolean>`state = 'done'`;

/** The same for the index of tasks that failed or were canceled. */
export const isFailed = sql<boolean>`state in ('failed', 'cancelled')`;

/** The same for the index of ended tasks that still hold words or addresses. */
export const isKept = sql<boolean>`emptied = 0 and finished_at is not null`;

/** The same for the index of granted points. */
export const isGrant = sql<boolean>`kind = 'grant'`;

export function selectTasks(database: Kysely<Schema>) {
  return database.selectFrom('tasks').selectAll();
}

export function countTasks(database: Kysely<Schema>) {
  return database.selectFrom('tasks').select((expression) => expression.fn.countAll().as('count'));
}

export async function readTask(query: {
  executeTakeFirst(): Promise<TaskRow | undefined>;
}): Promise<Task | undefined> {
  const row = await query.executeTakeFirst();
  return row === undefined ? undefined : toTask(row);
}

export async function readTasks(query: { execute(): Promise<TaskRow[]> }): Promise<Task[]> {
  return (await query.execute()).map(toTask);
}

export async function readCount(query: {
  executeTakeFirst(): Promise<{ count: number | bigint | string } | undefined>;
}): Promise<number> {
  const row = await query.executeTakeFirst();
  return Number(row?.count ?? 0);
}
