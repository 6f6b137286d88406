import { mkdir, readdir, rm, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPictures, type Pictures } from '../../src/storage/pictures.ts';
import { createFakeClock, type FakeClock } from '../helpers/clock.ts';
import { aFolder } from '../helpers/folder.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('createPictures', () => {
  let clock: FakeClock;
  let directory: string;
  let removeFolder: () => Promise<void>;

  beforeEach(async () => {
    const folder = await aFolder();
    clock = createFakeClock();
    directory = join(folder.path, 'data', 'pictures');
    removeFolder = folder.remove;
  });
  afterEach(() => removeFolder());

  const open = (options: { days?: number; maxBytes?: number } = {}) =>
    createPictures({ directory, days: 30, maxBytes: 1000, clock, ...options });
  const readAll = async (pictures: Pictures, taskId: string, count: number) => {
    const files: (Buffer | undefined)[] = [];
    for (let index = 0; index < count; index += 1) files.push(await pictures.read(taskId, index));
    return files.some((file) => file === undefined) || count === 0 ? undefined : (files as Buffer[]);
  };
  const filled = (letter: string, length = 100) => Buffer.alloc(length, letter);

  it("returns a task's files in order, no matter how they came", async () => {
    const pictures = await open();
    for (const index of [10, 2, 0, 1, 3, 4, 5, 6, 7, 8, 9]) {
      await pictures.keep('task', index, Buffer.from(`picture ${index}`));
    }
    const read = await readAll(pictures, 'task', 11);
    expect(read?.map(String)).toEqual(Array.from({ length: 11 }, (_, index) => `picture ${index}`));
    expect(await pictures.has('task', 11)).toBe(true);
  });

  it('returns nothing if one file is missing, or there are none', async () => {
    const pictures = await open();
    await pictures.keep('task', 0, filled('a'));
    await pictures.keep('task', 2, filled('c'));
    expect(await readAll(pictures, 'task', 3)).toBeUndefined();
    expect(await pictures.has('task', 3)).toBe(false);
    expect(await readAll(pictures, 'another', 1)).toBeUndefined();
    expect(await pictures.has('another', 1)).toBe(false);
    expect(await readAll(pictures, 'task', 0)).toBeUndefined();
    expect(await pictures.has('task', 0)).toBe(false);
  });

  it('replaces a file and counts it once', async () => {
    const pictures = await open();
    await pictures.keep('task', 0, filled('a', 900));
    await pictures.keep('task', 1, filled('b', 50));
    await pictures.keep('task', 0, filled('c', 950));
    expect(await readAll(pictures, 'task', 2)).toEqual([filled('c', 950), filled('b', 50)]);
    expect(await pictures.sweep()).toBe(1000);
  });

  it('finds everything again after a restart', async () => {
    const before = await open();
    await before.keep('old', 0, filled('a', 400));
    await clock.pass(1);
    await before.keep('new', 0, filled('b', 400));
    const after = await open();
    expect(await readAll(after, 'old', 1)).toEqual([filled('a', 400)]);
    await after.keep('newest', 0, filled('c', 400));
    expect(await after.has('old', 1)).toBe(false);
    expect(await after.has('new', 1)).toBe(true);
  });

  it('dates a file by its clock', async () => {
    clock.set(1_700_000_000_123);
    await (await open()).keep('task', 0, filled('a'));
    const [name] = await readdir(directory);
    expect(Math.round((await stat(join(directory, `${name}`))).mtimeMs)).toBe(1_700_000_000_123);
  });

  it('keeps a file for its days and no longer', async () => {
    const pictures = await open({ days: 2 });
    clock.set(1_700_000_000_123);
    await pictures.keep('old', 0, filled('a'));
    await clock.pass(1);
    await pictures.keep('new', 0, filled('b'));
    await clock.pass(2 * dayMs - 1);
    expect(await pictures.sweep()).toBe(200);
    await clock.pass(1);
    expect(await pictures.sweep()).toBe(100);
    expect(await pictures.has('old', 1)).toBe(false);
    expect(await pictures.has('new', 1)).toBe(true);
  });

  it('counts the days of a replaced file from the start', async () => {
    const pictures = await open({ days: 2 });
    await pictures.keep('task', 0, filled('a'));
    await clock.pass(2 * dayMs);
    await pictures.keep('task', 0, filled('b'));
    await clock.pass(1);
    expect(await pictures.sweep()).toBe(100);
  });

  it('makes room by removing the oldest, never what was just kept', async () => {
    const pictures = await open();
    await pictures.keep('first', 0, filled('a', 400));
    await clock.pass(1);
    await pictures.keep('second', 0, filled('b', 400));
    clock.set(clock.now() - dayMs); // a clock that is set back makes the newest look oldest
    await pictures.keep('third', 0, filled('c', 400));
    expect(await pictures.has('first', 1)).toBe(false);
    expect(await pictures.has('second', 1)).toBe(true);
    expect(await pictures.has('third', 1)).toBe(true);
    await pictures.keep('fourth', 0, filled('d', 1000));
    expect(await readdir(directory)).toHaveLength(1);
    expect(await readAll(pictures, 'fourth', 1)).toEqual([filled('d', 1000)]);
  });

  it('keeps no file that is too large on its own, nor the one it was to replace', async () => {
    const pictures = await open();
    await pictures.keep('task', 0, filled('a'));
    await pictures.keep('task', 1, filled('b'));
    await pictures.keep('task', 1, filled('c', 1001));
    expect(await pictures.has('task', 1)).toBe(true);
    expect(await pictures.has('task', 2)).toBe(false);
    expect(await pictures.sweep()).toBe(100);
  });

  it('shrinks to a lowered limit', async () => {
    const before = await open();
    for (const id of ['a', 'b', 'c', 'd']) {
      await before.keep(id, 0, filled(id));
      await clock.pass(1);
    }
    const after = await open({ maxBytes: 250 });
    expect(await after.sweep()).toBe(200);
    expect(await Promise.all(['a', 'b', 'c', 'd'].map((id) => after.has(id, 1)))).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it.each([{ days: 0 }, { maxBytes: 0 }])('keeps nothing with %o', async (off) => {
    await (await open()).keep('before', 0, filled('a'));
    await (await open()).keep('empty', 0, Buffer.alloc(0));
    const pictures = await open(off);
    await pictures.keep('task', 0, filled('b'));
    expect(await readdir(directory)).toHaveLength(2);
    expect(await readAll(pictures, 'task', 1)).toBeUndefined();
    expect(await readAll(pictures, 'before', 1)).toBeUndefined();
    expect(await pictures.has('before', 1)).toBe(false);
    expect(await pictures.sweep()).toBe(0);
    expect(await readdir(directory)).toEqual([]);
  });

  it('ignores an empty file, such as a power cut leaves', async () => {
    await (await open()).keep('task', 0, Buffer.alloc(0));
    expect(await (await open()).has('task', 1)).toBe(false);
  });

  it('drops one file of a task, whether it exists or not', async () => {
    const pictures = await open();
    await pictures.keep('task', 0, filled('a'));
    await pictures.keep('task', 1, filled('b', 200));
    await pictures.drop('task', 0);
    await pictures.drop('task', 0);
    expect(await pictures.read('task', 0)).toBeUndefined();
    expect(await pictures.read('task', 1)).toEqual(filled('b', 200));
    expect(await pictures.sweep()).toBe(200);
  });

  it('removes the files of one task only', async () => {
    const pictures = await open();
    for (const id of ['task', 'task-1', 'tasks', 'tas']) await pictures.keep(id, 0, filled('a'));
    await pictures.keep('task', 1, filled('b'));
    await pictures.remove('task');
    await pictures.remove('task');
    expect(await pictures.has('task', 1)).toBe(false);
    expect(await pictures.sweep()).toBe(300);
  });

  it.each(['', '.', '..', '../a', 'a/b', 'a\\b', '/a', 'a.0', 'a\0', 'a\n', 'é', 'a'.repeat(65)])(
    'refuses %j as a task id',
    async (id) => {
      const pictures = await open();
      await expect(pictures.keep(id, 0, filled('a'))).rejects.toThrow(RangeError);
      await expect(pictures.read(id, 1)).rejects.toThrow(RangeError);
      await expect(pictures.has(id, 0)).rejects.toThrow(RangeError);
      await expect(pictures.remove(id)).rejects.toThrow(RangeError);
      expect(await readdir(directory)).toEqual([]);
    },
  );

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, 1e21])('refuses %d as an index', async (index) => {
    await expect((await open()).keep('task', index, filled('a'))).rejects.toThrow(RangeError);
  });

  it('accepts any task id that can name a file', async () => {
    const pictures = await open();
    for (const id of ['-', '_', 'a'.repeat(64)]) {
      await pictures.keep(id, 0, filled('a'));
      expect(await pictures.has(id, 1)).toBe(true);
    }
  });

  it("removes files that a crash left half written, and nobody else's", async () => {
    await (await open()).keep('task', 0, filled('a'));
    const before = await readdir(directory);
    for (const name of ['task.0.part', 'other.12.part', 'README', '.gitkeep', 'my.part']) {
      await writeFile(join(directory, name), 'half');
    }
    await mkdir(join(directory, 'folder.0'));
    const pictures = await open();
    expect(await pictures.has('other', 13)).toBe(false);
    expect(await pictures.sweep()).toBe(100);
    expect((await readdir(directory)).sort()).toEqual(
      [...before, 'README', '.gitkeep', 'my.part', 'folder.0'].sort(),
    );
  });

  it('goes on if files, or the whole folder, were deleted', async () => {
    const pictures = await open();
    await pictures.keep('a', 0, filled('a', 500));
    await pictures.keep('b', 0, filled('b', 500));
    for (const name of await readdir(directory)) await unlink(join(directory, name));
    expect(await readAll(pictures, 'a', 1)).toBeUndefined();
    await pictures.keep('c', 0, filled('c', 500));
    await pictures.remove('b');
    expect(await pictures.sweep()).toBe(500);
    await rm(directory, { recursive: true });
    await pictures.keep('d', 0, filled('d'));
    expect(await pictures.sweep()).toBe(100);
    await rm(directory, { recursive: true });
    expect(await pictures.sweep()).toBe(0);
  });

  it('counts files that were added by hand from the next sweep on', async () => {
    const pictures = await open();
    await pictures.keep('task', 0, filled('a', 600));
    const [name] = await readdir(directory);
    const byHand = join(directory, `${name}`.replace('task', 'byhand'));
    await writeFile(byHand, filled('b', 600));
    await utimes(byHand, new Date(clock.now() - 1), new Date(clock.now() - 1));
    expect(await pictures.sweep()).toBe(600);
    expect(await pictures.has('task', 1)).toBe(true);
  });

  it("throws for a file that can't be read", async () => {
    const pictures = await open();
    await mkdir(join(directory, 'task.0'));
    await expect(pictures.read('task', 0)).rejects.toThrow('EISDIR');
    expect(await pictures.has('task', 1)).toBe(false);
  });

  it('throws if the disk refuses, leaves nothing behind and goes on', async () => {
    const pictures = await open();
    await mkdir(join(directory, 'task.0')); // nothing can be renamed to it
    await expect(pictures.keep('task', 0, filled('a'))).rejects.toThrow('EISDIR');
    expect(await readdir(directory)).toEqual(['task.0']);
    await pictures.keep('task', 1, filled('b'));
    expect(await pictures.sweep()).toBe(100);
  });

  it("fails to open if the folder can't exist", async () => {
    await mkdir(join(directory, '..'), { recursive: true });
    await writeFile(directory, 'a file');
    await expect(open()).rejects.toThrow('EEXIST');
  });

  it('stays consistent and within its limit under many calls at once', async () => {
    const pictures = await open();
    const work: Promise<unknown>[] = [];
    for (let round = 0; round < 10; round += 1) {
      for (const id of ['a', 'b', 'c', 'd', 'e']) {
        for (const index of [0, 1, 2, 3]) {
          work.push(pictures.keep(id, index, filled(id, 50 + round * 10)));
        }
        work.push(pictures.sweep(), pictures.has(id, 4));
        work.push(
          readAll(pictures, id, 4).then((files) => {
            for (const file of files ?? []) expect(file).toEqual(filled(id, file.length));
          }),
        );
      }
      work.push(pictures.remove('c'));
    }
    await Promise.all(work);
    await pictures.keep('last', 0, filled('z'));
    expect(await readAll(pictures, 'last', 1)).toEqual([filled('z')]);

    const names = await readdir(directory);
    const sizes = await Promise.all(names.map(async (name) => (await stat(join(directory, name))).size));
    const total = sizes.reduce((sum, size) => sum + size, 0);
    expect(total).toBeLessThanOrEqual(1000);
    expect(names.filter((name) => name.endsWith('.part'))).toEqual([]);
    expect(await pictures.sweep()).toBe(total);
  });

  it('leaves a file that is kept again while a sweep is about to remove the old one', async () => {
    const pictures = await open();
    for (let index = 0; index < 5; index += 1) await pictures.keep('task', index, filled('a'));
    await clock.pass(31 * dayMs);
    await Promise.all([pictures.sweep(), pictures.keep('task', 4, filled('b'))]);
    expect(await readdir(directory)).toEqual(['task.4']);
    expect(await pictures.read('task', 4)).toEqual(filled('b'));
  });

  it("leaves files alone whose numbers aren't ours", async () => {
    await mkdir(directory, { recursive: true });
    await writeFile(join(directory, 'task.1234567890'), 'a file of somebody else');
    const pictures = await open();
    await pictures.keep('task', 0, filled('a'));
    await pictures.remove('task');
    expect(await pictures.sweep()).toBe(0);
    expect(await readdir(directory)).toEqual(['task.1234567890']);
  });

  it('keeps the last of two that came at once', async () => {
    const pictures = await open();
    await Promise.all([
      pictures.keep('task', 0, filled('a', 300)),
      pictures.keep('task', 0, filled('b', 200)),
    ]);
    expect(await readAll(pictures, 'task', 1)).toEqual([filled('b', 200)]);
    expect(await pictures.sweep()).toBe(200);
  });
});
