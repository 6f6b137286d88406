import type { Kysely } from 'kysely';
import type { LedgerRow, Schema } from './schema.ts';

export interface LedgerEntry {
  readonly id: string;
  readonly kind: LedgerRow['kind'];
  readonly book: string;
  readonly userId: string;
  readonly taskId?: string;
  /** Below 0: taken; above 0: given back. */
  readonly allowancePart: number;
  readonly grantPart: number;
  readonly period: string;
  readonly month: string;
  readonly createdAt: number;
  readonly actorId?: string;
  readonly note?: string;
}

export interface Ledger {
  /** Writes a row once: false when a row with that id is there already. */
  write(entry: LedgerEntry): Promise<boolean>;
  get(id: string): Promise<LedgerEntry | undefined>;
  /** Points of the allowance that a person has spent in a period, refunds taken off. */
  spentAllowance(book: string, userId: string, period: string): Promise<number>;
  /** Granted points that a person has left. */
  grantBalance(book: string, userId: string): Promise<number>;
  listByTask(taskId: string): Promise<LedgerEntry[]>;
}

export function createLedger(database: Kysely<Schema>): Ledger {
  return {
    async write(entry) {
      const result = await database
        .insertInto('ledger')
        .values(toRow(entry))
        .onConflict((conflict) => conflict.column('id').doNothing())
        .executeTakeFirst();
      return result.numInsertedOrUpdatedRows === 1n;
    },
    async get(id) {
      const row = await database.selectFrom('ledger').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? undefined : toEntry(row);
    },
    async spentAllowance(book, userId, period) {
      const row = await database
        .selectFrom('ledger')
        .select((expression) => expression.fn.sum<number | string | null>('allowance_part').as('sum'))
        .where('book', '=', book)
        .where('user_id', '=', userId)
        .where('period', '=', period)
        .executeTakeFirst();
      return 0 - Number(row?.sum ?? 0);
    },
    async grantBalance(book, userId) {
      const row = await database
        .selectFrom('ledger')
        .select((expression) => expression.fn.sum<number | string | null>('grant_part').as('sum'))
        .where('book', '=', book)
        .where('user_id', '=', userId)
        .executeTakeFirst();
      return Number(row?.sum ?? 0);
    },
    async listByTask(taskId) {
      const query = database.selectFrom('ledger').selectAll().where('task_id', '=', taskId);
      return (await query.orderBy('created_at').orderBy('id').execute()).map(toEntry);
    },
  };
}

function toRow(entry: LedgerEntry): LedgerRow {
  return {
    id: entry.id,
    kind: entry.kind,
    book: entry.book,
    user_id: entry.userId,
    task_id: entry.taskId ?? null,
    allowance_part: entry.allowancePart,
    grant_part: entry.grantPart,
    period: entry.period,
    month: entry.month,
    created_at: entry.createdAt,
    actor_id: entry.actorId ?? null,
    note: entry.note ?? null,
  };
}

function toEntry(row: LedgerRow): LedgerEntry {
  return {
    id: row.id,
    kind: row.kind,
    book: row.book,
    userId: row.user_id,
    ...(row.task_id === null ? {} : { taskId: row.task_id }),
    allowancePart: Number(row.allowance_part),
    grantPart: Number(row.grant_part),
    period: row.period,
    month: row.month,
    createdAt: Number(row.created_at),
    ...(row.actor_id === null ? {} : { actorId: row.actor_id }),
    ...(row.note === null ? {} : { note: row.note }),
  };
}
