import type { Kysely } from 'kysely';
import type { Schema } from './schema.ts';

/** A final message that Discord does not have yet. The row goes when Discord has it, or never can. */
export interface Delivery {
  readonly taskId: string;
  /** How often it was tried in vain. */
  readonly attempts: number;
  readonly dueAt: number;
}

export interface Deliveries {
  /** Owes Discord the final message of a task, from now on. */
  put(taskId: string, now: number): Promise<void>;
  /** Due deliveries, longest due first. */
  listDue(now: number, limit: number): Promise<Delivery[]>;
  nextDueAt(): Promise<number | undefined>;
  postpone(taskId: string, dueAt: number): Promise<void>;
  remove(taskId: string): Promise<void>;
  count(): Promise<number>;
}

export function createDeliveries(database: Kysely<Schema>): Deliveries {
  return {
    async put(taskId, now) {
      await database
        .insertInto('deliveries')
        .values({ task_id: taskId, attempts: 0, due_at: now, created_at: now })
        .onConflict((conflict) => conflict.column('task_id').doUpdateSet({ due_at: now }))
        .execute();
    },
    async listDue(now, limit) {
      const query = database.selectFrom('deliveries').selectAll().where('due_at', '<=', now);
      const rows = await query.orderBy('due_at').orderBy('created_at').limit(limit).execute();
      return rows.map((row) => ({
        taskId: row.task_id,
        attempts: Number(row.attempts),
        dueAt: Number(row.due_at),
      }));
    },
    async nextDueAt() {
      const row = await database
        .selectFrom('deliveries')
        .select((expression) => expression.fn.min('due_at').as('at'))
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
    },
    async postpone(taskId, dueAt) {
      await database
        .updateTable('deliveries')
        .set((expression) => ({ due_at: dueAt, attempts: expression('attempts', '+', 1) }))
        .where('task_id', '=', taskId)
        .execute();
    },
    async remove(taskId) {
      await database.deleteFrom('deliveries').where('task_id', '=', taskId).execute();
    },
    async count() {
      const row = await database
        .selectFrom('deliveries')
        .select((expression) => expression.fn.countAll<number>().as('count'))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
  };
}
