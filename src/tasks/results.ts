import { type Download, DownloadError, NoRoomError } from '../images/download.ts';
import { isMedia, isWhole } from '../images/sniff.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { Pictures } from '../storage/pictures.ts';
import type { Place, Task } from '../task.ts';
import { type Share, unlimited } from './byte-budget.ts';

/** The files of finished tasks, no matter where they are. */
export interface Results {
  /**
   * Returns the files of a result in order: as kept, or from the bot's own message, or else from the provider; fetched files
   * are kept. Throws a {@link DownloadError} if one can't be fetched.
   */
  open(task: Task): Promise<Buffer[]>;
  /**
   * Returns the same, with the error in place of each file that can't be fetched. Waits until `share` has room for each file;
   * the caller gives it back.
   */
  openEach(task: Task, share?: Share): Promise<(Buffer | DownloadError)[]>;
  /** Whether they can be shown again without the provider: they're kept, or the bot's own message has them. */
  isAvailable(task: Task): Promise<boolean>;
}

/** Returns the URLs of the files in one of our messages; an empty list if the message is gone. */
export type ReadOwnFiles = (place: Place) => Promise<string[]>;

/** A 4096×4096 PNG of noise is 45 MiB; nothing that Midjourney makes is larger. */
const maxResultBytes = 100 * 1024 * 1024;
const downloadTimeoutMs = 30_000;
/** What a file counts as if its server doesn't say how large it is. */
const unknownBytes = 16 * 1024 * 1024;
/** Discord takes ten files a message. */
const maxFiles = 10;

interface KeptFile {
  readonly bytes: Buffer;
  /** If not, it's still better than nothing. */
  readonly isWhole: boolean;
}

export interface ResultsDependencies {
  /** Fetches files of the bot's own messages. */
  downloadOwn: Download;
  /** Fetches what a provider has made for that account. */
  downloadFrom: (account: string) => Download;
  pictures: Pictures;
  database: Pick<Database, 'tasks'>;
  readOwnFiles: ReadOwnFiles;
  log: Logger;
}

export function createResults(dependencies: ResultsDependencies): Results {
  const { downloadOwn, downloadFrom, pictures, database, readOwnFiles, log } = dependencies;

  async function fetchFile(url: string, download: Download, share: Share): Promise<Buffer> {
    const bytes = await fetchIntoRoom(url, download, share);
    // A web page in place of a picture: the file server may still be copying it.
    if (!isMedia(bytes)) throw new DownloadError('the file is neither a picture nor a video', 'unavailable');
    return bytes;
  }

  /** A result that was shown before is in the message that showed it, as long as the message exists. */
  async function listOwnFiles(task: Task): Promise<string[] | undefined> {
    const shownBy = task.result?.keptAs === undefined ? task : await database.tasks.get(task.result.keptAs);
    const isDelivered = shownBy?.origin.place.token === undefined; // the token is removed once the final message is settled
    if (shownBy === undefined || !isDelivered) return undefined;
    const urls = await readOwnFiles(shownBy.origin.place);
    return urls.length === mediaOf(task).length && urls.length > 0 ? urls : undefined;
  }

  /** Returns the task that has all the pictures, if this one shows only one of them. */
  async function findSet({ result }: Task): Promise<Task | undefined> {
    if (result?.keptIndex === undefined || result.keptAs === undefined) return undefined;
    return database.tasks.get(result.keptAs);
  }

  /** A kept file that can't be used is as good as missing: it's fetched again. */
  async function readKept(taskId: string, index: number, share: Share): Promise<KeptFile | undefined> {
    try {
      await share.take(pictures.sizeOf(taskId, index));
      const bytes = await pictures.read(taskId, index);
      if (bytes === undefined) return undefined;
      if (isMedia(bytes)) return { bytes, isWhole: isWhole(bytes) };
      log.warn({ taskId, index }, 'a kept picture is damaged, so it is removed');
      await pictures.drop(taskId, index);
    } catch (error) {
      log.warn({ error, taskId, index }, 'a kept picture cannot be read: check the folder in DATA_DIR');
    }
    return undefined;
  }

  /** A full disk costs the kept copy, not the delivery. */
  async function keep(task: Task, files: ReadonlyMap<number, Buffer>): Promise<void> {
    try {
      for (const [index, bytes] of files) await pictures.keep(keyOf(task), index, bytes);
    } catch (error) {
      log.warn({ error, taskId: task.id }, 'a picture could not be kept');
    }
  }

  async function openEach(task: Task, share = unlimited): Promise<(Buffer | DownloadError)[]> {
    const set = await findSet(task);
    if (set !== undefined)
      return (await openEach(set, share)).filter((_, index) => index === task.result?.keptIndex);
    const media = mediaOf(task);
    const kept: (KeptFile | undefined)[] = [];
    for (const index of media.keys()) kept.push(await readKept(keyOf(task), index, share));
    if (kept.every((file) => file?.isWhole === true)) return kept.flatMap((file) => file?.bytes ?? []);
    const own = await listOwnFiles(task);
    const download = own === undefined ? downloadFrom(task.account) : downloadOwn;
    const files: (Buffer | DownloadError)[] = [];
    const fetched = new Map<number, Buffer>();
    for (const [index, { url }] of media.entries()) {
      const one = kept[index];
      const file =
        one?.isWhole === true
          ? one.bytes
          : await fetchFile(own?.[index] ?? url, download, share).catch(toDownloadError);
      if (file instanceof Buffer && file !== one?.bytes) fetched.set(index, file);
      files.push(file instanceof Buffer ? file : (one?.bytes ?? file));
    }
    await keep(task, fetched);
    return files;
  }

  return {
    openEach,
    async open(task) {
      const files = await openEach(task);
      return files.map((file) => {
        if (file instanceof DownloadError) throw file;
        return file;
      });
    },
    async isAvailable(task) {
      return (
        (await pictures.has(keyOf(task), mediaOf(task).length)) || (await listOwnFiles(task)) !== undefined
      );
    },
  };
}

/** Fetches a file once there's room for it. */
async function fetchIntoRoom(url: string, download: Download, share: Share): Promise<Buffer> {
  let room = 0;
  let bytes: Buffer | undefined;
  const neededFor = (size = unknownBytes) => Math.max(0, size - room);
  const hasRoom = (size: number | undefined) => {
    const needed = neededFor(size);
    if (needed > 0 && !share.tryTake(needed)) return false;
    room += needed;
    return true;
  };
  try {
    while (bytes === undefined) {
      const signal = AbortSignal.timeout(downloadTimeoutMs);
      try {
        bytes = await download(url, { maxBytes: maxResultBytes, signal, hasRoom });
      } catch (error) {
        if (!(error instanceof NoRoomError)) throw error;
        // Waits without a connection, since no file server would wait that long.
        const needed = neededFor(error.bytes);
        await share.take(needed);
        room += needed;
      }
    }
    return bytes;
  } finally {
    share.giveBack(room - (bytes?.length ?? 0));
  }
}

function toDownloadError(error: unknown): DownloadError {
  if (error instanceof DownloadError) return error;
  throw error;
}

function mediaOf(task: Task) {
  return (task.result?.media ?? []).slice(0, maxFiles);
}

function keyOf(task: Task): string {
  return task.result?.keptAs ?? task.id;
}
