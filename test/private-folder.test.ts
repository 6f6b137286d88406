import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findCacheFolder } from '../src/compile-cache.ts';
import { makePrivate } from '../src/private-folder.ts';
import { aFolder } from './helpers/folder.ts';

let folder: Awaited<ReturnType<typeof aFolder>>;
beforeEach(async () => {
  folder = await aFolder();
});
afterEach(() => folder.remove());

const modeOf = (path: string) => statSync(path).mode & 0o7777;

function aFolderOf(mode: number): string {
  const path = join(folder.path, 'data');
  mkdirSync(path);
  chmodSync(path, mode);
  return path;
}

describe.skipIf(process.platform === 'win32')('a private folder', () => {
  it('is created for its owner alone, along with its parents', () => {
    const path = join(folder.path, 'above', 'data');
    expect(makePrivate(path)).toEqual({ isPrivate: true, wasOpen: false, isOurs: true });
    expect([modeOf(path), modeOf(join(folder.path, 'above'))]).toEqual([0o700, 0o700]);
  });

  it.each([0o755, 0o770, 0o707, 0o711])('is closed to others if it was open (%o)', (mode) => {
    const path = aFolderOf(mode);
    expect(makePrivate(path)).toEqual({ isPrivate: true, wasOpen: true, isOurs: true });
    expect(modeOf(path)).toBe(0o700);
  });

  it('stays as it is if it is already closed', () => {
    const path = aFolderOf(0o500);
    expect(makePrivate(path)).toMatchObject({ isPrivate: true, wasOpen: false });
    expect(modeOf(path)).toBe(0o500);
  });

  it('never closes a folder that everybody shares', () => {
    const path = aFolderOf(0o1777);
    expect(makePrivate(path)).toMatchObject({ isPrivate: false });
    expect(modeOf(path)).toBe(0o1777);
  });
});

describe('the folder for compiled code', () => {
  it('is one of our own', () => {
    expect(findCacheFolder(folder.path)).toBe(join(folder.path, 'midjourney-relay'));
    expect(statSync(join(folder.path, 'midjourney-relay')).isDirectory()).toBe(true);
  });

  it('is closed to others before anything is read from it', () => {
    mkdirSync(join(folder.path, 'midjourney-relay'), { mode: 0o777 });
    expect(findCacheFolder(folder.path)).toBe(join(folder.path, 'midjourney-relay'));
    expect(modeOf(join(folder.path, 'midjourney-relay')) & 0o077).toBe(0);
  });

  it('is absent if nothing can be written', () => {
    writeFileSync(join(folder.path, 'file'), '');
    expect(findCacheFolder(join(folder.path, 'file'))).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('is absent if everybody shares it', () => {
    mkdirSync(join(folder.path, 'midjourney-relay'));
    chmodSync(join(folder.path, 'midjourney-relay'), 0o1777);
    expect(findCacheFolder(folder.path)).toBeUndefined();
  });

  it.skipIf(process.platform === 'win32')('is absent if it belongs to somebody else', () => {
    const getuid = vi.spyOn(process, 'getuid').mockReturnValue(54_321);
    expect(findCacheFolder(folder.path)).toBeUndefined();
    getuid.mockRestore();
  });

  it('is in the home of the user who runs the program, never in the shared temporary folder', () => {
    const home = join(folder.path, 'home');
    const shared = join(folder.path, 'shared');
    for (const path of [home, shared]) mkdirSync(path);
    const { NODE_COMPILE_CACHE: _, ...environment } = process.env;
    const program = `
      import { getCompileCacheDir } from 'node:module';
      import { keepCompiledCode } from '${new URL('../src/compile-cache.ts', import.meta.url)}';
      keepCompiledCode();
      console.log(getCompileCacheDir());`;
    const printed = execFileSync(process.execPath, ['--input-type=module', '--eval', program], {
      env: { ...environment, HOME: home, USERPROFILE: home, TMPDIR: shared, TEMP: shared, TMP: shared },
      encoding: 'utf8',
    });
    expect(printed.trim().startsWith(join(home, '.cache', 'midjourney-relay'))).toBe(true);
  });
});
