import { inputLimitBytes, inputTypeNames } from '../images/accepted.ts';
import { PictureError, readFacts } from '../images/decode.ts';
import { type Download, DownloadError } from '../images/download.ts';
import { maskOfCells, maskOfPicture, type Size } from '../images/mask.ts';
import type { Picture } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { Region, Task } from '../task.ts';
import type { Results } from '../tasks/results.ts';
import { InputError, inputTimeoutMs, slowestInput, toInputError } from './pictures.ts';

/** How many masks to keep in memory, latest last; most are a few kilobytes. */
const mostDrawn = 20;

/**
 * Returns the mask of a task that paints a region again; `undefined` for all other tasks. Each mask is drawn once, no matter
 * how often its task needs it (for each submit, and for the answer to the provider's question), unless the bot was restarted
 * or many other masks came in between. Throws an {@link InputError}.
 */
export type LoadMask = (task: Task, signal: AbortSignal) => Promise<Picture | undefined>;

/** A mask has the size of the parent's picture, so that is read first. */
export function createLoadMask(dependencies: {
  results: Results;
  database: Pick<Database, 'tasks'>;
  download: Download;
}): LoadMask {
  const { results, database, download } = dependencies;

  /** The size as people see the picture, and as the provider's own editor shows it. */
  async function readParentSize(parent: Task): Promise<Size> {
    try {
      const [original] = await results.open(parent);
      if (original !== undefined) return await readFacts(original);
    } catch (error) {
      if (!(error instanceof PictureError) && !(error instanceof DownloadError)) throw error;
      throw new InputError({ code: 'parent-picture-gone', details: undefined }, { cause: error });
    }
    throw new InputError({ code: 'parent-picture-gone', details: undefined });
  }

  async function draw(size: Size, region: Region, signal: AbortSignal): Promise<Buffer> {
    const { cells, cellsPerSide: perSide = 3, picture } = region;
    try {
      if (picture === undefined) return await maskOfCells(size, { cells, perSide });
      const inTime = AbortSignal.any([signal, AbortSignal.timeout(inputTimeoutMs)]);
      const options = { maxBytes: inputLimitBytes, signal: inTime, slowest: slowestInput };
      return await maskOfPicture(await download(picture.url, options), size);
    } catch (error) {
      throw toInputError(error, picture ?? { name: '' }, inputTypeNames);
    }
  }

  /** By task, the latest last. */
  const drawn = new Map<string, Buffer>();

  function remember(taskId: string, bytes: Buffer): void {
    drawn.delete(taskId);
    drawn.set(taskId, bytes);
    const [oldest] = drawn.size > mostDrawn ? drawn.keys() : [];
    if (oldest !== undefined) drawn.delete(oldest);
  }

  return async (task, signal) => {
    const { region } = task.request;
    const parent = task.parentId === undefined ? undefined : await database.tasks.get(task.parentId);
    if (region === undefined || parent === undefined) return undefined;
    const bytes = drawn.get(task.id) ?? (await draw(await readParentSize(parent), region, signal));
    remember(task.id, bytes);
    return { bytes, type: 'image/png', url: '' };
  };
}
