import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/storage/database.ts';
import { aFolder } from '../helpers/folder.ts';
import { aTask } from '../helpers/tasks.ts';

let folder: Awaited<ReturnType<typeof aFolder>>;
let database: Database;
beforeEach(async () => {
  folder = await aFolder();
  database = await openDatabase(folder.path);
});
afterEach(async () => {
  await database.close();
  await folder.remove();
});

const ids = async (userId: string, page: object = {}) =>
  (await database.favorites.listTasks(userId, { limit: 10, offset: 0, ...page })).map(({ id }) => id);

it('favorites are each person’s own, the latest first, once each, until they are removed', async () => {
  const [one, two, three] = [aTask(), aTask({ request: { ...aTask().request, action: 'blend' } }), aTask()];
  for (const task of [one, two, three]) await database.tasks.insert(task);
  await database.favorites.add('ann', two.id, 1);
  await database.favorites.add('ann', one.id, 2);
  await database.favorites.add('ann', two.id, 3);
  await database.favorites.add('bob', three.id, 4);
  expect(await ids('ann')).toEqual([one.id, two.id]);
  expect(await ids('ann', { limit: 1, offset: 1 })).toEqual([two.id]);
  expect(await ids('ann', { actions: ['blend'] })).toEqual([two.id]);
  expect(await database.favorites.listAmong('ann', [one.id, three.id])).toEqual([one.id]);
  expect(await database.favorites.listAll('ann')).toEqual([
    { taskId: two.id, at: 1 },
    { taskId: one.id, at: 2 },
  ]);
  await database.favorites.remove('bob', two.id);
  await database.favorites.remove('ann', one.id);
  expect(await ids('ann')).toEqual([two.id]);
  await database.favorites.forget('ann');
  expect([await ids('ann'), await ids('bob')]).toEqual([[], [three.id]]);
});

describe('a list', () => {
  it('is of one kind or state if asked for, newest first', async () => {
    const made = (
      id: string,
      state: 'running' | 'done' | 'failed' | 'cancelled',
      action: 'imagine' | 'blend',
      createdAt: number,
    ) => database.tasks.insert(aTask({ id, state, createdAt, request: { ...aTask().request, action } }));
    await made('a', 'running', 'imagine', 1);
    await made('b', 'failed', 'blend', 2);
    await made('c', 'cancelled', 'imagine', 3);
    await made('d', 'done', 'blend', 4);
    const list = async (page: object) =>
      (await database.tasks.listPage('444444444444444444', { limit: 10, offset: 0, ...page })).map(
        ({ id }) => id,
      );
    expect(await list({})).toEqual(['d', 'c', 'b', 'a']);
    expect(await list({ states: 'unfinished' })).toEqual(['a']);
    expect(await list({ states: 'failed' })).toEqual(['c', 'b']);
    expect(await list({ actions: ['blend'] })).toEqual(['d', 'b']);
    expect(await list({ actions: ['blend'], states: 'failed' })).toEqual(['b']);
    expect(await list({ limit: 2, offset: 1 })).toEqual(['c', 'b']);
    expect(await database.tasks.listPage('another', { limit: 10, offset: 0 })).toEqual([]);
  });
});
