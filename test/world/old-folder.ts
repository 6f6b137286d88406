import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Migrator } from 'kysely/migration';
import { monthAt, periodAt } from '../../src/points/period.ts';
import { tasksLedgerDeliveries } from '../../src/storage/migrations/0001-tasks-ledger-deliveries.ts';
import { books } from '../../src/storage/migrations/0002-books.ts';
import { keys } from '../../src/storage/migrations/0003-keys.ts';
import { createKysely } from '../../src/storage/sqlite.ts';

/** An `/imagine` of that person, as far as a test decides it. */
export interface OldTask {
  readonly id: string;
  readonly prompt: string;
  readonly messageId: string;
  readonly state: 'queued' | 'submitting' | 'running' | 'done' | 'failed';
  /** What the provider calls it. */
  readonly remoteId?: string;
  readonly result?: { readonly media: readonly object[]; readonly offers: readonly object[] };
  /** Whether its last message was never sent. */
  readonly isOwed?: boolean;
  /** When it counts as failed; an hour from now unless given. */
  readonly deadlineAt?: number;
}

interface OldFolder {
  readonly directory: string;
  readonly account: string;
  readonly applicationId: string;
  readonly guildId: string;
  readonly channelId: string;
  readonly userId: string;
  /** Points that everybody of the server has a week. */
  readonly points: number;
  readonly tasks: readonly OldTask[];
}

const price = 100;
const minuteMs = 60_000;

/**
 * A data folder of the version before refunds had rules: with the schema that its three migrations made, and rows as it
 * wrote them, of tasks that are twenty minutes old. The tokens of their interactions have expired.
 */
export async function makeOldFolder(folder: OldFolder): Promise<void> {
  mkdirSync(folder.directory, { recursive: true });
  await makeDatabase(folder);
  makeDocuments(folder);
}

async function makeDatabase({ directory, tasks, ...rest }: OldFolder): Promise<void> {
  const sqlite = new DatabaseSync(join(directory, 'relay.db'));
  sqlite.exec('pragma journal_mode = wal');
  const kysely = createKysely<unknown>(sqlite);
  const steps = {
    '0001-tasks-ledger-deliveries': tasksLedgerDeliveries,
    '0002-books': books,
    '0003-keys': keys,
  };
  const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => steps } });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) throw error;
  const startedAt = Date.now() - 20 * minuteMs;
  for (const task of tasks) {
    insert(sqlite, 'tasks', toTaskRow(task, { ...rest, startedAt }));
    insert(sqlite, 'ledger', toLedgerRow(task, { ...rest, startedAt, kind: 'charge' }));
    if (task.state === 'failed')
      insert(sqlite, 'ledger', toLedgerRow(task, { ...rest, startedAt, kind: 'refund' }));
    if (task.isOwed === true) {
      const times = { attempts: 3, due_at: Date.now() + minuteMs, created_at: startedAt + minuteMs };
      insert(sqlite, 'deliveries', { task_id: task.id, kind: 'final', ...times });
    }
  }
  await kysely.destroy();
}

type Row = Record<string, string | number | null>;
type Common = Omit<OldFolder, 'directory' | 'tasks'> & { readonly startedAt: number };

function insert(sqlite: DatabaseSync, table: string, row: Row): void {
  const columns = Object.keys(row);
  const values = columns.map(() => '?').join(', ');
  sqlite
    .prepare(`insert into ${table} (${columns.join(', ')}) values (${values})`)
    .run(...Object.values(row));
}

function toTaskRow(
  task: OldTask,
  { account, applicationId, guildId, channelId, userId, startedAt }: Common,
): Row {
  const { id, prompt, messageId, state, remoteId, result } = task;
  const hasEnded = state === 'done' || state === 'failed';
  const origin = {
    interactionId: messageId,
    userId,
    book: guildId,
    place: {
      applicationId,
      guildId,
      channelId,
      ...(hasEnded && task.isOwed !== true ? {} : { token: 'aW50ZXJhY3Rpb246old' }),
      tokenExpiresAt: startedAt + 14 * minuteMs,
      uploadLimitBytes: 10_485_760,
      locale: 'en-US',
      isOpenToBot: true,
      messageId,
    },
  };
  const details = {
    request: { action: 'imagine', prompt, speed: 'fast', pictures: [] },
    origin,
    ...(state === 'queued' ? {} : { submittedAt: startedAt + 100 }),
    ...(remoteId === undefined ? {} : { ref: { id: remoteId, action: 'imagine' } }),
    ...(state === 'running' ? { progress: 31 } : {}),
    ...(result === undefined ? {} : { progress: 100, result }),
    ...(state === 'failed'
      ? { failure: { kind: 'rejected', reason: 'Banned prompt detected', mayHaveCost: false } }
      : {}),
  };
  return {
    id,
    revision: 5,
    state,
    action: 'imagine',
    account,
    user_id: userId,
    guild_id: guildId,
    channel_id: channelId,
    message_id: messageId,
    interaction_id: messageId,
    price,
    created_at: startedAt,
    acknowledged_at: startedAt + 20,
    accepted_at: remoteId === undefined ? null : startedAt + 200,
    finished_at: hasEnded ? startedAt + minuteMs : null,
    next_look_at: state === 'running' ? startedAt + 20_000 : null,
    deadline_at: task.deadlineAt ?? Date.now() + 60 * minuteMs,
    details: JSON.stringify(details),
    book: guildId,
    prompt_key: `key-of-${id}`,
  };
}

function toLedgerRow(
  { id }: OldTask,
  { guildId, userId, startedAt, kind }: Common & { readonly kind: 'charge' | 'refund' },
): Row {
  return {
    id: `${kind}:${id}`,
    kind,
    book: guildId,
    user_id: userId,
    task_id: id,
    allowance_part: kind === 'charge' ? -price : price,
    grant_part: 0,
    // Of this week and month, even if the test runs right after their beginning.
    period: periodAt(Date.now(), { unit: 'week', timeZone: 'UTC' }).key,
    month: monthAt(Date.now()).key,
    created_at: startedAt,
  };
}

function makeDocuments({ directory, guildId, points, tasks }: OldFolder): void {
  const sqlite = new DatabaseSync(join(directory, 'documents.db'));
  sqlite.exec('pragma journal_mode = wal');
  for (const table of ['messages', 'settings'])
    sqlite.exec(`create table ${table} (key varchar(255) primary key, value text)`);
  insert(sqlite, 'settings', { key: `keyv:${guildId}`, value: JSON.stringify({ value: { points } }) });
  for (const { id, messageId } of tasks)
    insert(sqlite, 'messages', { key: `keyv:${messageId}`, value: JSON.stringify({ value: id }) });
  sqlite.close();
}
