import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLedger } from '../../src/storage/ledger.ts';
import { tasksLedgerDeliveries } from '../../src/storage/migrations/0001-tasks-ledger-deliveries.ts';
import { books } from '../../src/storage/migrations/0002-books.ts';
import { keys } from '../../src/storage/migrations/0003-keys.ts';
import { refunds } from '../../src/storage/migrations/0004-refunds.ts';
import { retention } from '../../src/storage/migrations/0005-retention.ts';
import { history } from '../../src/storage/migrations/0006-history.ts';
import { sums } from '../../src/storage/migrations/0008-sums.ts';
import type { Schema } from '../../src/storage/schema.ts';
import { createKysely } from '../../src/storage/sqlite.ts';
import { toRow } from '../../src/storage/task-rows.ts';
import { createTaskWords } from '../../src/storage/task-words.ts';
import { aTask } from '../helpers/tasks.ts';

let sqlite: DatabaseSync;
beforeEach(() => {
  sqlite = new DatabaseSync(':memory:');
});
afterEach(() => sqlite.close());

describe('a database of an earlier version', () => {
  it("keeps what each server's month has spent", async () => {
    const kysely = createKysely<Schema>(sqlite);
    for (const step of [tasksLedgerDeliveries, books, keys]) await step.up(kysely);
    const insert = sqlite.prepare(
      `insert into ledger (id, kind, book, user_id, allowance_part, grant_part, period, month, created_at)
       values (?, ?, 'server', 'person', ?, ?, '2026-W48', '2026-11', 1)`,
    );
    insert.run('charge:1', 'charge', -60, -40);
    insert.run('charge:2', 'charge', -10, 0);
    insert.run('refund:1', 'refund', 60, 40);
    insert.run('grant:1', 'grant', 0, 500);
    insert.run('reset:1', 'reset', 10, 0);
    for (const step of [refunds, retention, history, sums]) await step.up(kysely);
    const ledger = createLedger(kysely);
    expect(await ledger.spentByBook('server', '2026-11')).toBe(10);
    expect(await ledger.keptByBook('server', '2026-11')).toBe(0);
    expect(await ledger.get('grant:1')).toMatchObject({ grantPart: 500, monthPart: 0 });
    expect(await ledger.grantBalance('server', 'person')).toBe(500);
    expect(await ledger.countByPerson('server', 'person')).toBe(5);
  });
});

describe('a database with tasks from before there was an index of words', () => {
  it('finds them once it has caught up', async () => {
    const kysely = createKysely<Schema>(sqlite);
    for (const step of [tasksLedgerDeliveries, books, keys, refunds, retention]) await step.up(kysely);
    const row = toRow(aTask({ request: { ...aTask().request, prompt: 'an old fox' } }));
    await kysely.insertInto('tasks').values(row).execute();
    await history.up(kysely);
    const words = createTaskWords(kysely);
    const find = () => words.search(row.user_id, 'old fox', { limit: 10, offset: 0 });
    expect([await words.isBehind(), await find()]).toEqual([true, []]);
    expect(await words.catchUp(10)).toBe(false);
    expect([await words.isBehind(), (await find())?.map(({ id }) => id)]).toEqual([false, [row.id]]);
  });
});
