import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { type Kysely, type RawBuilder, sql } from 'kysely';
import { databaseFile } from './files.ts';
import { findGap, type SchemaGap } from './migrations/index.ts';
import type { Schema } from './schema.ts';
import { createKysely } from './sqlite.ts';

/** Rows that contradict each other. */
export interface Finding {
  /** What's wrong with them: `tasks without exactly one charge`. */
  readonly what: string;
  /** Ids of the tasks, rows or people. */
  readonly ids: readonly string[];
}

/** What was found in `relay.db`. */
export interface Audit {
  readonly gap: SchemaGap;
  /** What SQLite says is wrong with the file; empty if it's intact. */
  readonly damage: readonly string[];
  /** Empty if the books are right; absent if they can't be read because they're damaged, or from another version. */
  readonly books: { readonly findings: readonly Finding[]; readonly tasks: number } | undefined;
}

/** SQLite's result codes for a damaged file, and for one that isn't a database at all. */
const sqliteDamage: readonly unknown[] = [11, 26];

type Ids = RawBuilder<{ id: string }>;

/**
 * What is always true about tasks and their money (points/bookings.ts, tasks/changes.ts): each task has one charge of its
 * price, even if that's 0; one refund if it failed or was cancelled, and none otherwise. A refund gives exactly the same
 * parts back to the person, and all or nothing to the server's month; nothing to either if the person was told so.
 */
const rules: Readonly<Record<string, Ids>> = {
  'tasks without exactly one charge': sql`
    select tasks.id from tasks left join ledger on ledger.task_id = tasks.id and ledger.kind = 'charge'
    group by tasks.id having count(ledger.id) <> 1`,
  'charges that are not the price of their task': sql`
    select ledger.id from ledger join tasks on tasks.id = ledger.task_id
    where ledger.kind = 'charge' and (ledger.allowance_part + ledger.grant_part <> 0 - tasks.price
      or ledger.month_part <> 0 - tasks.price
      or ledger.allowance_part > 0 or ledger.grant_part > 0)`,
  'tasks that failed or were cancelled, without exactly one refund': sql`
    select tasks.id from tasks left join ledger on ledger.task_id = tasks.id and ledger.kind = 'refund'
    where tasks.state in ('failed', 'cancelled') group by tasks.id having count(ledger.id) <> 1`,
  'refunds of tasks that neither failed nor were cancelled': sql`
    select ledger.id from ledger join tasks on tasks.id = ledger.task_id
    where ledger.kind = 'refund' and tasks.state not in ('failed', 'cancelled')`,
  'refunds that do not give back their charge': sql`
    select refund.id from ledger as refund
    join ledger as charge on charge.task_id = refund.task_id and charge.kind = 'charge'
    where refund.kind = 'refund' and (
      not (refund.allowance_part + charge.allowance_part = 0 and refund.grant_part + charge.grant_part = 0
        or refund.allowance_part = 0 and refund.grant_part = 0 and refund.month_part = 0)
      or refund.month_part not in (0, 0 - charge.month_part) or refund.period <> charge.period
      or refund.month <> charge.month or refund.book <> charge.book or refund.user_id <> charge.user_id)`,
  'points that were kept although nobody was told': sql`
    select refund.id from ledger as refund join tasks on tasks.id = refund.task_id
    where refund.kind = 'refund' and tasks.price > 0 and refund.allowance_part = 0 and refund.grant_part = 0
      and coalesce(json_extract(tasks.details, '$.stop.isRefunded'), 1) <> 0`,
  "refunds that the server's month kept although no provider had begun their task": sql`
    select refund.id from ledger as refund join tasks on tasks.id = refund.task_id
    where refund.kind = 'refund' and tasks.price > 0 and refund.month_part = 0 and tasks.accepted_at is null
      and coalesce(json_extract(tasks.details, '$.failure.mayHaveCost'), 0) = 0`,
  "grants and resets in the server's month": sql`
    select id from ledger where task_id is null and month_part <> 0`,
  'charges and refunds of no task': sql`
    select ledger.id from ledger left join tasks on tasks.id = ledger.task_id
    where ledger.kind in ('charge', 'refund') and tasks.id is null`,
  "servers' months whose sum is not that of their rows": sql`
    select coalesce(rows.book, kept.book) || ' in ' || coalesce(rows.month, kept.month) as id from (
      select book, month, sum(allowance_part) as allowance, sum(grant_part) as granted, sum(month_part) as spent
      from ledger where kind in ('charge', 'refund') group by book, month) as rows
    full join month_sums as kept on kept.book = rows.book and kept.month = rows.month
    where coalesce(kept.allowance_part, 0) <> coalesce(rows.allowance, 0)
      or coalesce(kept.grant_part, 0) <> coalesce(rows.granted, 0)
      or coalesce(kept.month_part, 0) <> coalesce(rows.spent, 0)`,
  'people whose sum is not that of their rows': sql`
    select coalesce(rows.user_id, kept.user_id) || ' in ' || coalesce(rows.book, kept.book) as id from (
      select book, user_id, sum(grant_part) as granted, count(*) as entries from ledger group by book, user_id) as rows
    full join person_sums as kept on kept.book = rows.book and kept.user_id = rows.user_id
    where coalesce(kept.grant_part, 0) <> coalesce(rows.granted, 0)
      or coalesce(kept.entries, 0) <> coalesce(rows.entries, 0)`,
  'people with less than no granted points': sql`
    select user_id || ' in ' || book as id from ledger group by book, user_id having sum(grant_part) < 0`,
};

export function hasDatabase(directory: string): boolean {
  return existsSync(join(directory, databaseFile));
}

/**
 * Reads all of `relay.db` as of one moment, even while the bot writes, and changes nothing. Throws if the file can't be
 * opened.
 */
export async function auditDatabase(directory: string): Promise<Audit> {
  const sqlite = new DatabaseSync(join(directory, databaseFile), { readOnly: true, timeout: 5_000 });
  const kysely = createKysely<Schema>(sqlite);
  try {
    sqlite.exec('begin');
    const damage = readDamage(sqlite);
    if (damage.length > 0) return { gap: { pending: [], unknown: [] }, damage, books: undefined };
    const gap = await findGap(kysely);
    const isOurs = gap.pending.length === 0 && gap.unknown.length === 0;
    return { gap, damage, books: isOurs ? await auditBooks(kysely) : undefined };
  } finally {
    await kysely.destroy();
  }
}

/** How many rows of a kind there are, and what they add up to. */
export interface Movement {
  readonly kind: string;
  readonly count: number;
  readonly points: number;
}

/** The same rules without SQLite's own check, and what was booked so far. Throws if the file can't be read. */
export async function readBooks(
  directory: string,
): Promise<{ findings: readonly Finding[]; movements: readonly Movement[] }> {
  const sqlite = new DatabaseSync(join(directory, databaseFile), { readOnly: true, timeout: 5_000 });
  const kysely = createKysely<Schema>(sqlite);
  try {
    sqlite.exec('begin');
    const { findings } = await auditBooks(kysely);
    const { rows } = await sql<Record<keyof Movement, string | number>>`
      select kind, count(*) as count, sum(allowance_part + grant_part) as points from ledger group by kind`.execute(
      kysely,
    );
    const movements = rows.map(({ kind, count, points }) => ({
      kind: String(kind),
      count: Number(count),
      points: Number(points),
    }));
    return { findings, movements };
  } finally {
    await kysely.destroy();
  }
}

function readDamage(sqlite: DatabaseSync): string[] {
  try {
    const lines = sqlite.prepare('pragma integrity_check').all();
    return lines.map((line) => String(line['integrity_check'])).filter((line) => line !== 'ok');
  } catch (error) {
    // Some damage keeps SQLite from looking any further.
    if (error instanceof Error && 'errcode' in error && sqliteDamage.includes(error.errcode))
      return [error.message];
    throw error;
  }
}

async function auditBooks(kysely: Kysely<Schema>): Promise<NonNullable<Audit['books']>> {
  const findings: Finding[] = [];
  for (const [what, query] of Object.entries(rules)) {
    const { rows } = await query.execute(kysely);
    if (rows.length > 0) findings.push({ what, ids: rows.map(({ id }) => id) });
  }
  const { rows } = await sql<{ count: number }>`select count(*) as count from tasks`.execute(kysely);
  return { findings, tasks: Number(rows[0]?.count ?? 0) };
}
