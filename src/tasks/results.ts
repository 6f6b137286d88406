import { type Download, DownloadError } from '../images/download.ts';
import { sniffType } from '../images/sniff.ts';
import type { Logger } from '../log.ts';
import type { Pictures } from '../storage/pictures.ts';
import type { Task } from '../task.ts';

/** The files that finished tasks made, wherever they are. */
export interface Results {
  /**
   * The files of a result in order: the kept ones, or fetched from the provider and kept. Throws a
   * {@link DownloadError} where they cannot be fetched.
   */
  open(task: Task): Promise<Buffer[]>;
  /** Whether they are kept, so that nobody else is needed to show them again. */
  isKept(task: Task): Promise<boolean>;
}

/** A 4096² PNG of noise has 45 MiB; nothing that Midjourney makes is larger. */
const maxResultBytes = 100 * 1024 * 1024;
const downloadTimeoutMs = 120_000;
/** Discord takes ten files a message. */
const maxFiles = 10;

export function createResults(dependencies: {
  download: Download;
  pictures: Pictures;
  log: Logger;
}): Results {
  const { download, pictures, log } = dependencies;

  async function fetchFile(url: string): Promise<Buffer> {
    const bytes = await download(url, {
      maxBytes: maxResultBytes,
      signal: AbortSignal.timeout(downloadTimeoutMs),
    });
    // A page in place of a picture: the file server may still be copying it.
    if (sniffType(bytes) === undefined)
      throw new DownloadError('the file is neither a picture nor a video', false);
    return bytes;
  }

  /** A disk that is full costs the kept copy, not the delivery. */
  async function keep(task: Task, files: readonly Buffer[]): Promise<void> {
    try {
      for (const [index, bytes] of files.entries()) await pictures.keep(keyOf(task), index, bytes);
    } catch (error) {
      log.warn({ error, taskId: task.id }, 'a picture could not be kept');
    }
  }

  return {
    async open(task) {
      const media = mediaOf(task);
      const kept = await pictures.read(keyOf(task), media.length);
      if (kept !== undefined) return kept;
      const files: Buffer[] = [];
      for (const { url } of media) files.push(await fetchFile(url));
      await keep(task, files);
      return files;
    },
    isKept: (task) => pictures.has(keyOf(task), mediaOf(task).length),
  };
}

function mediaOf(task: Task) {
  return (task.result?.media ?? []).slice(0, maxFiles);
}

function keyOf(task: Task): string {
  return task.result?.keptAs ?? task.id;
}
