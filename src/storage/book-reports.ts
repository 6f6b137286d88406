import { type Kysely, sql } from 'kysely';
import { byteOrderMark, toCsvLine } from './csv.ts';
import type { Schema } from './schema.ts';

/** The bookings of one period of allowances, as `2026-W48`, or of one month of the server, as `2026-11`. */
export interface Span {
  readonly column: 'period' | 'month';
  readonly key: string;
}

/** Who spent how much of a book's points, most first. */
export interface Ranking {
  readonly people: readonly RankedPerson[];
  /** How many people started something, and what all of them spent. */
  readonly count: number;
  readonly points: number;
}

export interface RankedPerson {
  readonly userId: string;
  /** What they paid, minus what they got back. */
  readonly points: number;
  /** How many tasks they started, no matter how those went. */
  readonly tasks: number;
}

const rankedPeople = 10;
const rowsAtOnce = 5_000;

/** Ranks the people of a book. A refund is booked in the period and month of its charge, so it counts there. */
export async function readRanking(
  database: Kysely<Schema>,
  { book, span }: { book: string; span: Span },
): Promise<Ranking> {
  const { rows } = await sql<Record<'userId' | 'points' | 'tasks', string | number>>`
    select user_id as "userId", 0 - sum(allowance_part + grant_part) as points, sum(kind = 'charge') as tasks
    from ledger where book = ${book} and ${sql.ref(span.column)} = ${span.key} and kind in ('charge', 'refund')
    group by user_id order by points desc, tasks desc, user_id`.execute(database);
  const people = rows.map(({ userId, points, tasks }) => ({
    userId: String(userId),
    points: Number(points),
    tasks: Number(tasks),
  }));
  return {
    people: people.slice(0, rankedPeople),
    count: people.length,
    points: people.reduce((sum, { points }) => sum + points, 0),
  };
}

const ledgerColumns = [
  'time',
  'kind',
  'person',
  'by',
  'task',
  'action',
  'account',
  'allowance points',
  'granted points',
  "points of the server's month",
  'period',
  'month',
  'note',
];

/** The ledger of a book as a CSV file, piece by piece, oldest rows first; of one month if there is one. No prompts. */
export async function* writeLedger(
  database: Kysely<Schema>,
  { book, month }: { book: string; month?: string | undefined },
): AsyncGenerator<string> {
  yield byteOrderMark + toCsvLine(ledgerColumns);
  let query = database
    .selectFrom('ledger')
    .leftJoin('tasks', 'tasks.id', 'ledger.task_id')
    .selectAll('ledger')
    .select(['tasks.action', 'tasks.account'])
    .where('ledger.book', '=', book);
  if (month !== undefined) query = query.where('ledger.month', '=', month);
  let text = '';
  let count = 0;
  for await (const row of query.orderBy('ledger.created_at').orderBy('ledger.id').stream()) {
    text += toCsvLine([
      new Date(Number(row.created_at)).toISOString(),
      row.kind,
      row.user_id,
      row.actor_id,
      row.task_id,
      row.action,
      row.account,
      Number(row.allowance_part),
      Number(row.grant_part),
      Number(row.month_part),
      row.period,
      row.month,
      row.note,
    ]);
    count += 1;
    if (count % rowsAtOnce !== 0) continue;
    yield text;
    text = '';
  }
  yield text;
}
