import type { Kysely } from 'kysely';
import type { DeliveryRow, Schema } from './schema.ts';

export type DeliveryKind = DeliveryRow['kind'];

/** A message that Discord doesn't have yet. Its row is removed once Discord has it, or never can. */
export interface Delivery {
  readonly taskId: string;
  readonly kind: DeliveryKind;
  /** How many tries have failed. */
  readonly attempts: number;
  readonly dueAt: number;
  readonly createdAt: number;
}

export interface Deliveries {
  /** From now on, this message of a task is owed. */
  put(taskId: string, kind: DeliveryKind, now: number): Promise<void>;
  /** Due deliveries, longest due first; a mention waits until its task's final message is delivered. */
  listDue(now: number, limit: number): Promise<Delivery[]>;
  nextDueAt(): Promise<number | undefined>;
  postpone(taskId: string, kind: DeliveryKind, dueAt: number): Promise<void>;
  /** Removes what is owed; with a time, only if it has been owed since then and not again. Returns true if it did. */
  remove(taskId: string, kind: DeliveryKind, createdAt?: number): Promise<boolean>;
  /** Whether any message of that task is owed. */
  isOwed(taskId: string): Promise<boolean>;
  count(): Promise<number>;
  /** Since when the oldest of them has been owed, epoch milliseconds. */
  oldestSince(): Promise<number | undefined>;
  /** Pulls deliveries that are later than `latest` back to it, after the clock was set back. */
  clampDue(latest: number): Promise<void>;
}

export function createDeliveries(database: Kysely<Schema>): Deliveries {
  /** All except mentions whose final message is still owed. */
  const inOrder = () =>
    database
      .selectFrom('deliveries')
      .where((where) =>
        where.or([
          where('kind', '=', 'final'),
          where.not(
            where.exists(
              where
                .selectFrom('deliveries as finals')
                .select('finals.task_id')
                .whereRef('finals.task_id', '=', 'deliveries.task_id')
                .where('finals.kind', '=', 'final'),
            ),
          ),
        ]),
      );

  return {
    async put(taskId, kind, now) {
      await database
        .insertInto('deliveries')
        .values({ task_id: taskId, kind, attempts: 0, due_at: now, created_at: now })
        .onConflict((conflict) =>
          conflict.columns(['task_id', 'kind']).doUpdateSet({ attempts: 0, due_at: now, created_at: now }),
        )
        .execute();
    },
    async listDue(now, limit) {
      const query = inOrder().selectAll().where('due_at', '<=', now);
      const rows = await query.orderBy('due_at').orderBy('created_at').limit(limit).execute();
      return rows.map((row) => ({
        taskId: row.task_id,
        kind: row.kind,
        attempts: Number(row.attempts),
        dueAt: Number(row.due_at),
        createdAt: Number(row.created_at),
      }));
    },
    async nextDueAt() {
      const row = await inOrder().select('due_at').orderBy('due_at').limit(1).executeTakeFirst();
      return row === undefined ? undefined : Number(row.due_at);
    },
    async postpone(taskId, kind, dueAt) {
      await database
        .updateTable('deliveries')
        .set((expression) => ({ due_at: dueAt, attempts: expression('attempts', '+', 1) }))
        .where('task_id', '=', taskId)
        .where('kind', '=', kind)
        .execute();
    },
    async remove(taskId, kind, createdAt) {
      const query = database.deleteFrom('deliveries').where('task_id', '=', taskId).where('kind', '=', kind);
      const only = createdAt === undefined ? query : query.where('created_at', '=', createdAt);
      return (await only.executeTakeFirst()).numDeletedRows > 0n;
    },
    async isOwed(taskId) {
      const query = database.selectFrom('deliveries').select('kind').where('task_id', '=', taskId).limit(1);
      return (await query.executeTakeFirst()) !== undefined;
    },
    async count() {
      const row = await database
        .selectFrom('deliveries')
        .select((expression) => expression.fn.countAll<number>().as('count'))
        .executeTakeFirst();
      return Number(row?.count ?? 0);
    },
    async oldestSince() {
      const row = await database
        .selectFrom('deliveries')
        .select((expression) => expression.fn.min('created_at').as('at'))
        .executeTakeFirst();
      return row?.at === null || row?.at === undefined ? undefined : Number(row.at);
    },
    async clampDue(latest) {
      await database.updateTable('deliveries').set({ due_at: latest }).where('due_at', '>', latest).execute();
    },
  };
}
