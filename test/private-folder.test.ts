import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
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

  it.each([0o2770, 0o2755])('keeps what else is set where it is open (%o)', (mode) => {
    const path = aFolderOf(mode);
    expect(makePrivate(path)).toEqual({ isPrivate: true, wasOpen: true, isOurs: true });
    expect(modeOf(path)).toBe(0o2700);
  });

  it.each(['EPERM', 'EROFS', 'EACCES', 'EINVAL', 'ENOSYS', 'ENOTSUP', 'EIO'])(
    'is used as it is where it cannot be closed (%s)',
    (code) => {
      const path = aFolderOf(0o770);
      const refuse = () => {
        throw Object.assign(new Error(code), { code });
      };
      expect(makePrivate(path, refuse)).toEqual({ isPrivate: false, wasOpen: true, isOurs: true });
    },
  );

  it('is not taken for closed on a disk that knows no rights, and says nothing', () => {
    const path = aFolderOf(0o755);
    expect(makePrivate(path, () => undefined)).toMatchObject({ isPrivate: false, wasOpen: true });
  });

  it.each([
    ['with a slash at its end', 'data/'],
    ['with spaces and signs in its name', "my data %20 ? # 'é'"],
    ['by way of another', 'else/../data'],
  ])('is made %s', (_what, name) => {
    mkdirSync(join(folder.path, 'else'));
    expect(makePrivate(`${folder.path}/${name}`)).toMatchObject({ isPrivate: true });
    expect(modeOf(`${folder.path}/${name}`)).toBe(0o700);
  });

  it('is closed behind a link that leads to it', () => {
    const path = aFolderOf(0o755);
    const link = join(folder.path, 'link');
    symlinkSync(path, link);
    expect(makePrivate(link)).toMatchObject({ isPrivate: true, wasOpen: true });
    expect(modeOf(path)).toBe(0o700);
  });

  it('is not made of a folder that everybody shares', () => {
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

  /** The folder that a program of that environment keeps its code in, if it keeps any. */
  function keptBy(variables: Record<string, string>, by: readonly string[] = []): string {
    const { NODE_COMPILE_CACHE: _, HOME: _home, USERPROFILE: _profile, ...environment } = process.env;
    const program = `
      import { getCompileCacheDir } from 'node:module';
      import { keepCompiledCode } from '${new URL('../src/compile-cache.ts', import.meta.url)}';
      keepCompiledCode();
      console.log(getCompileCacheDir() ?? 'nowhere');`;
    const [command = '', ...words] = [...by, process.execPath, '--input-type=module', '--eval', program];
    const env = { ...environment, ...variables };
    return execFileSync(command, words, { cwd: folder.path, env, encoding: 'utf8' }).trim();
  }

  it('is in the home of whoever runs the program, and never in the folder that all programs share', () => {
    const home = join(folder.path, 'home');
    const shared = join(folder.path, 'shared');
    for (const path of [home, shared]) mkdirSync(path);
    const variables = { HOME: home, USERPROFILE: home, TMPDIR: shared, TEMP: shared, TMP: shared };
    const kept = keptBy(variables);
    expect(kept.startsWith(join(home, '.cache', 'midjourney-relay'))).toBe(true);
  });

  it.skipIf(process.platform === 'win32').each(['', '.', '/dev/null'])(
    'is none without a home to be in (HOME=%s)',
    (home) => {
      expect(keptBy({ HOME: home })).toBe('nowhere');
      expect(readdirSync(folder.path)).toEqual([]);
    },
  );

  const asStranger = ['setpriv', '--reuid', '54321', '--regid', '54321', '--clear-groups'];
  it.skipIf(
    spawnSync(asStranger[0] ?? '', [...asStranger.slice(1), process.execPath, '--version']).status !== 0,
  )('is none of a user whom the system does not know, as in a container that runs under any number', () => {
    chmodSync(folder.path, 0o755);
    expect(keptBy({}, asStranger)).toBe('nowhere');
  });
});
