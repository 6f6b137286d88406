import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from 'vitest';
import { createKysely, LockedError, lockDirectory, openDatabase } from '../../src/storage/database.ts';
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

  it('says that the disk is full, and goes on once it is not', async () => {
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

  it('lends a folder to one owner at a time', async () => {
    const { path, remove } = await aFolder();
    folders.push(remove);
    const unlock = lockDirectory(path);
    expect(() => lockDirectory(path)).toThrow(LockedError);
    unlock();
    lockDirectory(path)();
  });
});
