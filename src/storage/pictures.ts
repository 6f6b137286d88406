import { mkdir, readdir, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../clock.ts';

/** Originals of results, kept as files so that buttons can use them long after the provider's links have expired. */
export interface Pictures {
  /**
   * Keeps one file of a task; keeping it again replaces it. If that makes too much in total, the oldest other files are
   * removed; a file that is too much by itself isn't kept. Throws if the disk refuses.
   */
  keep(taskId: string, index: number, bytes: Buffer): Promise<void>;
  /** The size of a kept file in bytes; 0 if there isn't one. */
  sizeOf(taskId: string, index: number): number;
  /** One kept file of a task; `undefined` if it's no longer there. Throws if it's there but can't be read. */
  read(taskId: string, index: number): Promise<Buffer | undefined>;
  /**
   * Whether a task's files, 0 to `count` - 1, are there now and not empty; a sweep can come before the `read`. False for a
   * count of 0: there's nothing to use.
   */
  has(taskId: string, count: number): Promise<boolean>;
  /** Removes one file. */
  drop(taskId: string, index: number): Promise<void>;
  /** Removes a task's files. */
  remove(taskId: string): Promise<void>;
  /**
   * Removes files that are too old, then the oldest until the rest isn't too much, and what a crash left half written.
   * Looks at the disk again, so files removed by hand no longer count. Returns how many bytes are kept now.
   */
  sweep(): Promise<number>;
}

const dayMs = 24 * 60 * 60 * 1000;
const keptPattern = /^[A-Za-z0-9_-]{1,64}\.\d+$/;
const unfinishedPattern = /^[A-Za-z0-9_-]{1,64}\.\d+\.part$/;

/**
 * Opens the folder (created if missing; one process owns it) and takes stock, so an unusable folder fails the start.
 * 0 days or 0 bytes keep nothing. Files whose names aren't ours stay untouched.
 */
export async function createPictures(options: {
  directory: string;
  days: number;
  maxBytes: number;
  clock: Pick<Clock, 'now'>;
}): Promise<Pictures> {
  const { directory, days, maxBytes, clock } = options;
  const keepsNothing = days === 0 || maxBytes === 0;
  const toPath = (name: string) => join(directory, name);

  let last: Promise<unknown> = Promise.resolve();
  /** Files being written: many at once, but none while something is being removed. */
  const writing = new Map<string, Promise<void>>();

  /** Writes at the same time as others, but after anybody who writes the same file. */
  async function amongWriters(name: string, work: () => Promise<void>): Promise<void> {
    await last;
    const before = writing.get(name);
    const written = (before === undefined ? work() : Promise.allSettled([before]).then(work)).finally(() => {
      if (writing.get(name) === written) writing.delete(name);
    });
    writing.set(name, written);
    await written;
  }

  /** Files are removed one after another, so that memory and disk stay the same. */
  function inTurn<Value>(work: () => Promise<Value>): Promise<Value> {
    const turn = last.then(() => Promise.allSettled(writing.values())).then(work);
    last = Promise.allSettled([turn]); // the caller gets the failure; the next one starts anyway
    return turn;
  }

  async function list(pattern: RegExp): Promise<string[]> {
    await mkdir(directory, { recursive: true });
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.filter((entry) => entry.isFile() && pattern.test(entry.name)).map(({ name }) => name);
  }

  async function takeStock() {
    const found = new Map<string, { bytes: number; keptAt: number }>();
    for (const name of await list(keptPattern)) {
      const stats = await orMissing(stat(toPath(name)));
      // Times are set in fractional seconds, so they come back slightly off the millisecond.
      if (stats) found.set(name, { bytes: stats.size, keptAt: Math.round(stats.mtimeMs) });
    }
    return found;
  }

  let kept = await takeStock();
  let keptBytes = countBytes();

  function countBytes(): number {
    return [...kept.values()].reduce((sum, { bytes }) => sum + bytes, 0);
  }

  async function drop(name: string): Promise<void> {
    await orMissing(unlink(toPath(name)));
    keptBytes -= kept.get(name)?.bytes ?? 0;
    kept.delete(name);
  }

  async function dropOldest(spared?: string): Promise<void> {
    if (keptBytes <= maxBytes) return;
    for (const [name] of [...kept].sort(([, a], [, b]) => a.keptAt - b.keptAt)) {
      if (keptBytes <= maxBytes) return;
      if (name !== spared) await drop(name);
    }
  }

  /** Written to another name, flushed, and renamed: a reader, or the next start, sees all of it or nothing. */
  async function write(name: string, bytes: Buffer): Promise<void> {
    const unfinished = toPath(`${name}.part`);
    const keptAt = clock.now();
    await mkdir(directory, { recursive: true });
    try {
      await writeFile(unfinished, bytes, { flush: true });
      await utimes(unfinished, new Date(keptAt), new Date(keptAt));
      await rename(unfinished, toPath(name));
    } catch (error) {
      await orMissing(unlink(unfinished)); // on a full disk it must not take up room until the next sweep
      throw error;
    }
    keptBytes += bytes.length - (kept.get(name)?.bytes ?? 0);
    kept.set(name, { bytes: bytes.length, keptAt });
  }

  return {
    async keep(taskId, index, bytes) {
      const name = toPrefix(taskId) + index;
      if (!keptPattern.test(name)) throw new RangeError('not the index of a picture');
      if (keepsNothing) return;
      // The file that it would have replaced is outdated all the same.
      if (bytes.length > maxBytes) return inTurn(() => drop(name));
      await amongWriters(name, () => write(name, bytes));
      if (keptBytes > maxBytes) await inTurn(() => dropOldest(name));
    },
    sizeOf: (taskId, index) => kept.get(toPrefix(taskId) + index)?.bytes ?? 0,
    async read(taskId, index) {
      const path = toPath(toPrefix(taskId) + index);
      return keepsNothing ? undefined : orMissing(readFile(path));
    },
    async has(taskId, count) {
      const prefix = toPrefix(taskId);
      if (keepsNothing || count === 0) return false;
      const paths = Array.from({ length: count }, (_, index) => toPath(prefix + index));
      const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
      return found.every((stats) => stats?.isFile() === true && stats.size > 0);
    },
    async drop(taskId, index) {
      const name = toPrefix(taskId) + index;
      await inTurn(() => drop(name));
    },
    async remove(taskId) {
      const prefix = toPrefix(taskId);
      await inTurn(async () => {
        for (const name of [...kept.keys()]) if (name.startsWith(prefix)) await drop(name);
      });
    },
    async sweep() {
      return inTurn(async () => {
        for (const name of await list(unfinishedPattern)) await drop(name);
        kept = await takeStock();
        keptBytes = countBytes();
        const oldest = clock.now() - days * dayMs;
        for (const [name, { keptAt }] of [...kept]) if (keepsNothing || keptAt < oldest) await drop(name);
        await dropOldest();
        return keptBytes;
      });
    },
  };
}

/** Task ids have no dot, so two tasks can't share a name, and no name leads out of the folder. */
function toPrefix(taskId: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(taskId)) throw new RangeError('not a task id to name a file by');
  return `${taskId}.`;
}

/** A file may disappear at any time, in a sweep or by hand: then it's `undefined`. Throws for every other failure. */
async function orMissing<Value>(work: Promise<Value>): Promise<Value | undefined> {
  try {
    return await work;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
