import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { makePrivate } from '../private-folder.ts';

/** Another process owns the data directory. */
export class LockedError extends Error {
  override readonly name = 'LockedError';
}

/** SQLite's result code for a lock that another connection holds. */
const sqliteBusy = 5;

const lockFile = 'lock.db';

/**
 * Takes the data directory for this process, until the returned function is called or the process dies: the kernel
 * frees an exclusive SQLite lock even after SIGKILL, while a pid file would go stale.
 * Throws {@link LockedError} if another process has it.
 */
export function lockDirectory(directory: string): () => void {
  makePrivate(directory);
  const lock = new DatabaseSync(join(directory, lockFile), { timeout: 0 });
  try {
    lock.exec('begin exclusive');
  } catch (error) {
    lock.close();
    throw isBusy(error)
      ? new LockedError('another process uses this data directory', { cause: error })
      : error;
  }
  return () => lock.close();
}

/** Whether another process has the data directory. Creates nothing, and holds a reader's lock for one read only. */
export function isInUse(directory: string): boolean {
  const path = join(directory, lockFile);
  if (!existsSync(path)) return false;
  const lock = new DatabaseSync(path, { readOnly: true, timeout: 0 });
  try {
    lock.prepare('select count(*) from sqlite_master').get();
    return false;
  } catch (error) {
    if (isBusy(error)) return true;
    throw error;
  } finally {
    lock.close();
  }
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
}
