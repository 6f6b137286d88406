import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Audit, auditDatabase, hasDatabase } from '../storage/audit.ts';
import { isInUse } from '../storage/lock.ts';
import { hasUnfinishedRestore } from '../storage/unfinished-restore.ts';
import { count, enumerate, type Line } from './line.ts';

const gibibyte = 1024 ** 3;

/** If less is free, there's a warning: pictures alone may take five times as much (`PICTURE_MAX_BYTES`). */
const lowSpaceBytes = gibibyte;

/** Checks the data directory without changing anything in it. */
export async function checkDirectory(directory: string): Promise<Line> {
  const what = 'storage';
  const place = await findWritable(resolve(directory));
  const refusal = 'refusal' in place ? place.refusal : await findLockedFile(directory);
  if ('refusal' in place || refusal !== undefined)
    return { verdict: 'FAIL', what, text: `${refusal}: check DATA_DIR, and who owns it` };
  if (hasUnfinishedRestore(directory))
    return {
      verdict: 'FAIL',
      what,
      text: 'npm run restore was cut short: run it again with the same copy; until then the bot does not start',
    };
  const { bavail, bsize } = await statfs(place.path);
  const free = bavail * bsize;
  const text = [
    place.path === resolve(directory)
      ? `${directory} can be written`
      : `${directory} is made at the first start`,
    `${(free / gibibyte).toFixed(1)} GiB free`,
    ...(isInUse(directory) ? ['the bot is running'] : []),
  ].join(', ');
  if (await isOpen(place.path, directory))
    return {
      verdict: 'warn',
      what,
      text: `${text}: others on this machine can read it; the bot closes it at its start if it can`,
    };
  if (free >= lowSpaceBytes) return { verdict: 'ok', what, text };
  return { verdict: 'warn', what, text: `${text}: make room, since pictures and tasks are saved there` };
}

/** Windows has no such permissions. A folder that doesn't exist yet will be private. */
async function isOpen(path: string, directory: string): Promise<boolean> {
  if (process.platform === 'win32' || path !== resolve(directory)) return false;
  return ((await stat(path)).mode & 0o077) !== 0;
}

/** The folder, or the nearest existing one above it. */
async function findWritable(path: string): Promise<{ path: string } | { refusal: string }> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return { path };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' && dirname(path) !== path) return findWritable(dirname(path));
    return { refusal: `${path} cannot be written (${code})` };
  }
}

/** The folder may be ours, but the files in it somebody else's, as after a start by another user. */
async function findLockedFile(directory: string): Promise<string | undefined> {
  for (const name of ['relay.db', 'documents.db', 'lock.db']) {
    const path = resolve(directory, name);
    const code = await access(path, constants.W_OK).then(
      () => undefined,
      (error: NodeJS.ErrnoException) => error.code,
    );
    if (code !== undefined && code !== 'ENOENT') return `${path} cannot be written (${code})`;
  }
  return undefined;
}

/** Whether the file is intact and of this version, and its sums are right. */
export async function checkLedger(directory: string): Promise<Line[]> {
  const what = 'ledger';
  if (!hasDatabase(directory))
    return [{ verdict: 'ok', what, text: 'there is no database yet; the first start creates it' }];
  try {
    return describeAudit(await auditDatabase(directory)).map((line) => ({ what, ...line }));
  } catch (error) {
    if (!(error instanceof Error && 'errcode' in error)) throw error;
    return [{ verdict: 'FAIL', what, text: `relay.db cannot be read: ${error.message}` }];
  }
}

type Finding = Pick<Line, 'verdict' | 'text'>;

function describeAudit({ gap, damage, books }: Audit): Finding[] {
  if (damage.length > 0)
    return [
      {
        verdict: 'FAIL',
        text: `relay.db is damaged (${enumerate(damage)}): stop the bot and restore a backup`,
      },
    ];
  if (gap.unknown.length > 0)
    return [
      {
        verdict: 'FAIL',
        text: 'a newer version of the bot wrote relay.db: install that version, or a later one',
      },
    ];
  if (books === undefined)
    return [
      {
        verdict: 'warn',
        text: 'relay.db is from an earlier version and was not checked: the next start updates it',
      },
    ];
  if (books.findings.length === 0)
    return [{ verdict: 'ok', text: `the sums of ${count(books.tasks, 'task')} are right` }];
  return books.findings.map(({ what, ids }) => ({ verdict: 'FAIL', text: `${what}: ${enumerate(ids)}` }));
}
