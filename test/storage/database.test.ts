import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { Migrator } from 'kysely/migration';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/storage/database.ts';
import { LockedError, lockDirectory } from '../../src/storage/lock.ts';
import { tasksLedgerDeliveries } from '../../src/storage/migrations/0001-tasks-ledger-deliveries.ts';
import { migrate } from '../../src/storage/migrations/index.ts';
import type { Schema } from '../../src/storage/schema.ts';
import { createKysely } from '../../src/storage/sqlite.ts';
import { createTransactions } from '../../src/storage/transactions.ts';
import { aFolder } from '../helpers/folder.ts';
import { aTask } from '../helpers/tasks.ts';
import { describeStorage } from './contract.ts';

describeStorage('node:sqlite', async () => {
  const folder = await aFolder();
  const database = await openDatabase(folder.path);
  return {
    database,
    remove: async () => {
      await database.close();
      await folder.remove();
    },
  };
});

describe('openDatabase', () => {
  const folders: (() => Promise<void>)[] = [];
  afterEach(async () => {
    await Promise.all(folders.splice(0).map((remove) => remove()));
  });

  it('finds everything again after it was closed', async () => {
    const { path, remove } = await aFolder();
    folders.push(remove);
    const task = aTask();
    const before = await openDatabase(path);
    await before.tasks.insert(task);
    await before.close();
    const after = await openDatabase(path);
    expect(await after.tasks.get(task.id)).toEqual(task);
    expect(await after.isWritable()).toBe(true);
    await after.close();
  });

  it("says that the disk is full, and goes on once it isn't", async () => {
    const { path, remove } = await aFolder();
    folders.push(remove);
    const sqlite = new DatabaseSync(join(path, 'small.db'));
    const kysely = createKysely<{ rows: { text: string } }>(sqlite);
    await kysely.schema.createTable('rows').addColumn('text', 'text').execute();
    sqlite.exec('pragma max_page_count = 4');
    const insert = (text: string) =>
      kysely
        .transaction()
        .execute((transaction) => transaction.insertInto('rows').values({ text }).execute());
    await expect(insert('x'.repeat(100_000))).rejects.toThrow('full');
    await insert('little');
    expect(await kysely.selectFrom('rows').selectAll().execute()).toEqual([{ text: 'little' }]);
    await kysely.destroy();
  });

  it('lets one owner have a folder at a time', async () => {
    const { path, remove } = await aFolder();
    folders.push(remove);
    const unlock = lockDirectory(path);
    expect(() => lockDirectory(path)).toThrow(LockedError);
    unlock();
    lockDirectory(path)();
  });
});

describe('transactions of one turn', () => {
  let folder: { path: string; remove: () => Promise<void> };
  let database: Database;
  beforeEach(async () => {
    folder = await aFolder();
    database = await openDatabase(folder.path);
  });
  afterEach(async () => {
    await database.close();
    await folder.remove();
  });

  it('are each done completely or not at all, although they share a commit', async () => {
    const tasks = Array.from({ length: 6 }, () => aTask());
    const outcomes = await Promise.allSettled(
      tasks.map((task, index) =>
        database.transaction(async (repositories) => {
          await repositories.tasks.insert(task);
          if (index % 2 === 1) throw new Error(`refused ${index}`);
          return index;
        }),
      ),
    );
    expect(outcomes.map((one) => (one.status === 'fulfilled' ? one.value : String(one.reason)))).toEqual([
      0,
      'Error: refused 1',
      2,
      'Error: refused 3',
      4,
      'Error: refused 5',
    ]);
    const saved = await Promise.all(tasks.map(({ id }) => database.tasks.get(id)));
    expect(saved.map((task) => task !== undefined)).toEqual([true, false, true, false, true, false]);
  });

  it('see what earlier ones have written', async () => {
    const task = aTask();
    const [, seen] = await Promise.all([
      database.transaction(({ tasks }) => tasks.insert(task)),
      database.transaction(({ tasks }) => tasks.get(task.id)),
    ]);
    expect(seen?.id).toBe(task.id);
  });

  it('resolve only once they are on the disk', async () => {
    const reader = new DatabaseSync(`${folder.path}/relay.db`);
    const seen: unknown[] = [];
    const write = async () => {
      const task = aTask();
      await database.transaction(({ tasks }) => tasks.insert(task));
      seen.push(reader.prepare('select count(*) as count from tasks where id = ?').get(task.id)?.['count']);
    };
    await Promise.all([write(), write(), write()]);
    expect(seen).toEqual([1, 1, 1]);
    reader.close();
  });

  it("fail together if the disk is full, and go on once it isn't", async () => {
    const sqlite = new DatabaseSync(join(folder.path, 'small.db'));
    const kysely = createKysely<{ notes: { text: string } }>(sqlite);
    await kysely.schema.createTable('notes').addColumn('text', 'text').execute();
    sqlite.exec('pragma max_page_count = 4');
    const transact = createTransactions(kysely, (transaction) => transaction);
    const write = (text: string) =>
      transact((transaction) => transaction.insertInto('notes').values({ text }).execute());
    const outcomes = await Promise.allSettled([
      write('small'),
      write('x'.repeat(100_000)),
      write('small too'),
    ]);
    for (const outcome of outcomes)
      expect(outcome.status === 'rejected' ? String(outcome.reason) : 'done').toContain('full');
    await write('small');
    expect(await kysely.selectFrom('notes').selectAll().execute()).toEqual([{ text: 'small' }]);
    await kysely.destroy();
  });
});

describe('a migration', () => {
  it('keeps the tasks of an earlier version, each in its book', async () => {
    const { path, remove } = await aFolder();
    const sqlite = new DatabaseSync(join(path, 'relay.db'));
    const kysely = createKysely<Schema>(sqlite);
    await kysely.transaction().execute((transaction) => tasksLedgerDeliveries.up(transaction));
    await prepareMigrator(kysely);
    const insert = sqlite.prepare(
      `insert into tasks (id, revision, state, action, account, user_id, guild_id, channel_id, interaction_id, price,
       created_at, deadline_at, details) values (?, 1, 'queued', 'imagine', 'main', 'max', ?, '3', ?, 100, 1, 9, ?)`,
    );
    const { id: _id, revision: _revision, ...details } = aTask();
    insert.run('in-a-server', '222', 'interaction-1', JSON.stringify(details));
    insert.run('elsewhere', null, 'interaction-2', JSON.stringify(details));
    await kysely.destroy();
    const database = await openDatabase(path);
    expect((await database.tasks.get('in-a-server'))?.origin.book).toBe('222');
    expect((await database.tasks.get('elsewhere'))?.origin.book).toBe('direct');
    expect(await database.tasks.countUnfinished({ book: '222', userId: 'max' })).toBe(1);
    await database.close();
    await remove();
  });

  it('that is interrupted leaves nothing behind, and is done at the next start', async () => {
    const { path, remove } = await aFolder();
    const sqlite = new DatabaseSync(join(path, 'relay.db'));
    const kysely = createKysely<Schema>(sqlite);
    await kysely.transaction().execute((transaction) => tasksLedgerDeliveries.up(transaction));
    await prepareMigrator(kysely);
    sqlite.exec('create table tasks_done_by_book (x)'); // the name of an index of the second step
    await expect(migrate(kysely)).rejects.toThrow('tasks_done_by_book');
    sqlite.exec('drop table tasks_done_by_book');
    await kysely.destroy();
    const database = await openDatabase(path);
    expect(await database.tasks.countWaiting('direct')).toBe(0);
    await database.close();
    await remove();
  });

  /** Notes that the first step is done, as the previous version did. */
  async function prepareMigrator(kysely: ReturnType<typeof createKysely<Schema>>): Promise<void> {
    const done = { '0001-tasks-ledger-deliveries': { up: async () => undefined } };
    const migrator = new Migrator({ db: kysely, provider: { getMigrations: async () => done } });
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw error;
  }
});
