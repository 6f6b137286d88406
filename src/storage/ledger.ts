import type { Kysely } from 'kysely';
import type { LedgerRow, Schema, TaskRow } from './schema.ts';
import { isGrant, isUnfinished } from './task-queries.ts';

export interface LedgerEntry {
  readonly id: string;
  readonly kind: LedgerRow['kind'];
  readonly book: string;
  readonly userId: string;
  readonly taskId?: string;
  /** Below 0: taken; above 0: given back. */
  readonly allowancePart: number;
  readonly grantPart: number;
  /** The same for the server's month, which may keep what a person gets back. */
  readonly monthPart: number;
  readonly period: string;
  readonly month: string;
  readonly createdAt: number;
  readonly actorId?: string;
  readonly note?: string;
}

export interface Ledger {
  /** Writes a row once: returns false if there is already a row with that id. */
  write(entry: LedgerEntry): Promise<boolean>;
  get(id: string): Promise<LedgerEntry | undefined>;
  /** Points of the allowance that a person has spent in a period, minus refunds. */
  spentAllowance(book: string, userId: string, period: string): Promise<number>;
  /** Granted points that a person has left. */
  grantBalance(book: string, userId: string): Promise<number>;
  /** Points that a person's unfinished tasks hold, from a period's allowance and from grants: they may still be refunded. */
  heldByUnfinished(book: string, userId: string, period: string): Promise<Held>;
  /** Points that everybody in a book has spent in a month, minus refunds. */
  spentByBook(book: string, month: string): Promise<number>;
  /** The points among those that people got back although a provider had begun their tasks. */
  keptByBook(book: string, month: string): Promise<number>;
  /** Whether anybody ever granted points to that person there. */
  hasGrant(book: string, userId: string): Promise<boolean>;
  listByTask(taskId: string): Promise<LedgerEntry[]>;
  /** The rows of a person, newest first, each with what is known about its task. */
  listByPerson(book: string, userId: string, page: { limit: number; offset: number }): Promise<Booking[]>;
  countByPerson(book: string, userId: string): Promise<number>;
  /** Rows about a person in all books, oldest first; `after` is the last one of the previous page. */
  listAll(userId: string, page: { limit: number; after?: LedgerEntry | undefined }): Promise<LedgerEntry[]>;
  /** Removes the notes in rows about a person, and the notes that this person wrote. */
  forgetNotes(userId: string): Promise<void>;
}

export interface Held {
  readonly allowance: number;
  readonly grants: number;
}

/** A row, and the task that it's about. */
export interface Booking extends LedgerEntry {
  readonly task?: {
    readonly action: string;
    readonly place: { guildId?: string; channelId: string; messageId?: string; isPrivate?: true };
  };
}

export function createLedger(database: Kysely<Schema>): Ledger {
  /** What the month has spent, and how much of it people have paid. */
  async function sumMonth(book: string, month: string): Promise<{ spent: number; paid: number }> {
    const row = await database
      .selectFrom('month_sums')
      .selectAll()
      .where('book', '=', book)
      .where('month', '=', month)
      .executeTakeFirst();
    return {
      spent: 0 - Number(row?.month_part ?? 0),
      paid: 0 - Number(row?.allowance_part ?? 0) - Number(row?.grant_part ?? 0),
    };
  }

  async function readPerson(book: string, userId: string) {
    const query = database.selectFrom('person_sums').select(['grant_part', 'entries']);
    return query.where('book', '=', book).where('user_id', '=', userId).executeTakeFirst();
  }

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
    grantBalance: async (book, userId) => Number((await readPerson(book, userId))?.grant_part ?? 0),
    async heldByUnfinished(book, userId, period) {
      const rows = await database
        .selectFrom('tasks')
        .innerJoin('ledger', 'ledger.task_id', 'tasks.id')
        .select(['ledger.period', 'ledger.allowance_part', 'ledger.grant_part'])
        .where('tasks.book', '=', book)
        .where('tasks.user_id', '=', userId)
        .where(isUnfinished)
        .where('ledger.kind', '=', 'charge')
        .execute();
      const inPeriod = rows.filter((row) => row.period === period);
      return {
        allowance: 0 - inPeriod.reduce((sum, row) => sum + Number(row.allowance_part), 0),
        grants: 0 - rows.reduce((sum, row) => sum + Number(row.grant_part), 0),
      };
    },
    async spentByBook(book, month) {
      return (await sumMonth(book, month)).spent;
    },
    async keptByBook(book, month) {
      const { spent, paid } = await sumMonth(book, month);
      return spent - paid;
    },
    async hasGrant(book, userId) {
      const row = await database
        .selectFrom('ledger')
        .select('id')
        .where('book', '=', book)
        .where('user_id', '=', userId)
        .where(isGrant)
        .limit(1)
        .executeTakeFirst();
      return row !== undefined;
    },
    async listByPerson(book, userId, { limit, offset }) {
      // Only the rows of the page are read as a whole, and only their tasks: what is skipped comes from the index.
      const rows = await database
        .selectFrom((from) =>
          from
            .selectFrom('ledger')
            .select('id')
            .where('book', '=', book)
            .where('user_id', '=', userId)
            .orderBy('created_at', 'desc')
            .orderBy('id', 'desc')
            .limit(limit)
            .offset(offset)
            .as('page'),
        )
        .innerJoin('ledger', 'ledger.id', 'page.id')
        .leftJoin('tasks', 'tasks.id', 'ledger.task_id')
        .selectAll('ledger')
        .select(['tasks.action', 'tasks.guild_id', 'tasks.channel_id', 'tasks.message_id', 'tasks.details'])
        .orderBy('ledger.created_at', 'desc')
        .orderBy('ledger.id', 'desc')
        .execute();
      return rows.map((row) => ({ ...toEntry(row), ...toTaskOf(row) }));
    },
    countByPerson: async (book, userId) => Number((await readPerson(book, userId))?.entries ?? 0),
    async listAll(userId, { limit, after }) {
      let query = database.selectFrom('ledger').selectAll().where('user_id', '=', userId);
      if (after !== undefined) {
        query = query.where((where) =>
          where.or([
            where('created_at', '>', after.createdAt),
            where.and([where('created_at', '=', after.createdAt), where('id', '>', after.id)]),
          ]),
        );
      }
      return (await query.orderBy('created_at').orderBy('id').limit(limit).execute()).map(toEntry);
    },
    async forgetNotes(userId) {
      for (const column of ['user_id', 'actor_id'] as const) {
        const update = database.updateTable('ledger').set({ note: null });
        await update.where(column, '=', userId).where('note', 'is not', null).execute();
      }
    },
    async listByTask(taskId) {
      const query = database.selectFrom('ledger').selectAll().where('task_id', '=', taskId);
      return (await query.orderBy('created_at').orderBy('id').execute()).map(toEntry);
    },
  };
}

function toTaskOf(
  row: Pick<{ [Key in keyof TaskRow]: TaskRow[Key] | null }, TaskColumns>,
): Pick<Booking, 'task'> {
  const { action, guild_id, channel_id, message_id, details } = row;
  if (action === null || channel_id === null) return {};
  const guild = guild_id === null ? {} : { guildId: guild_id };
  const message = message_id === null ? {} : { messageId: message_id };
  const hidden = isPrivateIn(details) ? { isPrivate: true as const } : {};
  return { task: { action, place: { ...guild, channelId: channel_id, ...message, ...hidden } } };
}

/** Only that is read of the rest of a task. */
function isPrivateIn(details: string | null): boolean {
  const { origin } = JSON.parse(details ?? '{}') as { origin?: { place?: { isPrivate?: true } } };
  return origin?.place?.isPrivate === true;
}

type TaskColumns = 'action' | 'guild_id' | 'channel_id' | 'message_id' | 'details';

function toRow(entry: LedgerEntry): LedgerRow {
  return {
    id: entry.id,
    kind: entry.kind,
    book: entry.book,
    user_id: entry.userId,
    task_id: entry.taskId ?? null,
    allowance_part: entry.allowancePart,
    grant_part: entry.grantPart,
    month_part: entry.monthPart,
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
    monthPart: Number(row.month_part),
    period: row.period,
    month: row.month,
    createdAt: Number(row.created_at),
    ...(row.actor_id === null ? {} : { actorId: row.actor_id }),
    ...(row.note === null ? {} : { note: row.note }),
  };
}
