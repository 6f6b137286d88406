import { type Dirent, mkdirSync, opendirSync, statSync } from 'node:fs';
import { mkdir, opendir, readFile, rename, stat, unlink, utimes, writeFile } from 'node:fs/promises';
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
const keptPattern = /^[A-Za-z0-9_-]{1,64}\.\d{1,3}$/;
const unfinishedPattern = /^[A-Za-z0-9_-]{1,64}\.\d{1,3}\.part$/;
/** How many entries of the folder are read at a time. */
const bufferSize = 512;

interface File {
  readonly bytes: number;
  /** Epoch milliseconds. */
  readonly keptAt: number;
}

interface Kept extends File {
  /** The last sweep that knew of it. */
  seenIn: number;
}

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

  /** By name, the oldest first: keeping a file again moves it to the end. */
  const kept = new Map<string, Kept>();
  let keptBytes = 0;
  let highestIndex = 0;
  let sweeps = 0;
  /** What happens to each file at the moment, and after it. */
  const turns = new Map<string, Promise<void>>();
  let makingRoom: Promise<unknown> = Promise.resolve();
  takeStock();

  /** One thing after another happens to a file; different files don't wait for each other. */
  function inTurn(name: string, work: () => Promise<void>): Promise<void> {
    const before = turns.get(name);
    const turn = (before === undefined ? work() : Promise.allSettled([before]).then(work)).finally(() => {
      if (turns.get(name) === turn) turns.delete(name);
    });
    turns.set(name, turn);
    return turn;
  }

  function remember(name: string, { bytes, keptAt }: File): void {
    forget(name);
    kept.set(name, { bytes, keptAt, seenIn: sweeps });
    keptBytes += bytes;
    highestIndex = Math.max(highestIndex, Number(name.slice(name.lastIndexOf('.') + 1)));
  }

  function forget(name: string): void {
    keptBytes -= kept.get(name)?.bytes ?? 0;
    kept.delete(name);
  }

  function toKept({ size, mtimeMs }: { size: number; mtimeMs: number }): File {
    return { bytes: size, keptAt: Math.round(mtimeMs) }; // set in fractional seconds, so it comes back slightly off
  }

  /** Nothing else runs yet, and asking the disk in turn is five times as fast as through promises. */
  function takeStock(): void {
    mkdirSync(directory, { recursive: true });
    const found: [string, File][] = [];
    const folder = opendirSync(directory, { bufferSize });
    try {
      for (let entry = folder.readSync(); entry !== null; entry = folder.readSync()) {
        const stats = isKept(entry) ? statSync(toPath(entry.name), { throwIfNoEntry: false }) : undefined;
        if (stats !== undefined) found.push([entry.name, toKept(stats)]);
      }
    } finally {
      folder.closeSync();
    }
    for (const [name, file] of found.sort(byAge)) remember(name, file);
  }

  /** Removes the file unless it was kept again meanwhile; any file of that name if no `file` is given. */
  function drop(name: string, file?: Kept): Promise<void> {
    return inTurn(name, async () => {
      if (file !== undefined && kept.get(name) !== file) return;
      await orMissing(unlink(toPath(name)));
      forget(name);
    });
  }

  /** Removes the oldest files until the rest isn't too much. */
  function makeRoom(spared?: string): Promise<void> {
    const turn = makingRoom.then(async () => {
      for (const [name, file] of kept) {
        if (keptBytes <= maxBytes) return;
        if (name !== spared) await drop(name, file);
      }
    });
    makingRoom = Promise.allSettled([turn]); // the caller gets the failure; the next one starts anyway
    return turn;
  }

  /** Written to another name, flushed, and renamed: a reader, or the next start, sees all of it or nothing. */
  async function write(name: string, bytes: Buffer): Promise<void> {
    const unfinished = toPath(`${name}.part`);
    const keptAt = clock.now();
    try {
      await writeIntoFolder(unfinished, bytes);
      await utimes(unfinished, new Date(keptAt), new Date(keptAt));
      await rename(unfinished, toPath(name));
    } catch (error) {
      await orMissing(unlink(unfinished)); // on a full disk it must not take up room until the next sweep
      throw error;
    }
    remember(name, { bytes: bytes.length, keptAt });
  }

  /** The folder is nearly always there. */
  async function writeIntoFolder(path: string, bytes: Buffer): Promise<void> {
    const isWritten = await orMissing(writeFile(path, bytes, { flush: true }).then(() => true));
    if (isWritten === true) return;
    await mkdir(directory, { recursive: true });
    await writeFile(path, bytes, { flush: true });
  }

  /** Brings what is known up to date with the folder. Files that come and go meanwhile are known anyway. */
  async function lookAgain(): Promise<void> {
    sweeps += 1;
    const sweep = sweeps;
    const countBefore = kept.size;
    await mkdir(directory, { recursive: true });
    for await (const entry of await opendir(directory, { bufferSize })) {
      const { name } = entry;
      const file = kept.get(name);
      if (file !== undefined) file.seenIn = sweep;
      else if (isKept(entry)) await findOut(name);
      else if (entry.isFile() && unfinishedPattern.test(name)) await removeUnfinished(name);
    }
    for (const [name, { seenIn }] of kept) if (seenIn < sweep) forget(name);
    if (kept.size > countBefore) sortByAge();
  }

  async function findOut(name: string): Promise<void> {
    await inTurn(name, async () => {
      const stats = await orMissing(stat(toPath(name)));
      if (stats !== undefined && !kept.has(name)) remember(name, toKept(stats));
    });
  }

  async function removeUnfinished(name: string): Promise<void> {
    await inTurn(name.slice(0, -'.part'.length), async () => void (await orMissing(unlink(toPath(name)))));
  }

  function sortByAge(): void {
    const sorted = [...kept].sort(byAge);
    kept.clear();
    for (const [name, file] of sorted) kept.set(name, file);
  }

  return {
    async keep(taskId, index, bytes) {
      const name = toPrefix(taskId) + index;
      if (!keptPattern.test(name)) throw new RangeError('not the index of a picture');
      if (keepsNothing) return;
      // The file that it would have replaced is outdated all the same.
      if (bytes.length > maxBytes) return drop(name);
      await inTurn(name, () => write(name, bytes));
      if (keptBytes > maxBytes) await makeRoom(name);
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
    drop: (taskId, index) => drop(toPrefix(taskId) + index),
    async remove(taskId) {
      const prefix = toPrefix(taskId);
      for (let index = 0; index <= highestIndex; index += 1) {
        const name = prefix + index;
        if (kept.has(name) || turns.has(name)) await drop(name);
      }
    },
    async sweep() {
      await lookAgain();
      const oldest = clock.now() - days * dayMs;
      for (const [name, file] of kept) if (keepsNothing || file.keptAt < oldest) await drop(name, file);
      await makeRoom();
      return keptBytes;
    },
  };
}

function byAge([, a]: [string, File], [, b]: [string, File]): number {
  return a.keptAt - b.keptAt;
}

/** Whether a file with that name is one of a task's, whole. */
export function isPictureName(name: string): boolean {
  return keptPattern.test(name);
}

function isKept(entry: Dirent): boolean {
  return entry.isFile() && isPictureName(entry.name);
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
