import { inputLimitBytes, inputTypeNames } from '../images/accepted.ts';
import { PictureError, readFacts } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import { maskOfCells, maskOfPicture, type Size } from '../images/mask.ts';
import { sizeOfPart } from '../images/quarter.ts';
import type { Picture } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { InputPicture, Region, Task } from '../task.ts';
import type { Results } from '../tasks/results.ts';
import { InputError, type InputSources, inputTimeoutMs, slowestInput, toInputError } from './pictures.ts';

/** How many masks to keep in memory, latest last; most are a few kilobytes. */
const mostDrawn = 20;

/**
 * Returns the mask of a task that paints a part of a picture again; `undefined` for all other tasks. Each mask is drawn once, no matter
 * how often its task needs it (for each submit, and for the answer to the provider's question), unless the bot was restarted
 * or many other masks came in between. Throws an {@link InputError}.
 */
export type LoadMask = (task: Task, signal: AbortSignal) => Promise<Picture | undefined>;

/** A mask has the size of the picture that it's for, so that is read first: the parent's, or the one that is edited. */
export function createLoadMask(
  dependencies: InputSources & { results: Results; database: Pick<Database, 'tasks'> },
): LoadMask {
  const { results, database, fromDiscord, fromLink } = dependencies;

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

  async function readInputSize(picture: InputPicture, signal: AbortSignal): Promise<Size> {
    try {
      return sizeOfPart(picture, await readFacts(await fetch(picture, signal)));
    } catch (error) {
      throw toInputError(error, picture, inputTypeNames);
    }
  }

  function fetch({ url, isLink }: InputPicture, signal: AbortSignal): Promise<Buffer> {
    const download = isLink === true ? fromLink : fromDiscord;
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(inputTimeoutMs)]);
    return download(url, { maxBytes: inputLimitBytes, signal: inTime, slowest: slowestInput });
  }

  async function readSize({ parentId, request }: Task, signal: AbortSignal): Promise<Size | undefined> {
    const [picture] = request.action === 'edit' ? request.pictures : [];
    // The parent of an edit is another try, or where it came from.
    if (picture !== undefined) return readInputSize(picture, signal);
    const parent = parentId === undefined ? undefined : await database.tasks.get(parentId);
    return parent && readParentSize(parent);
  }

  async function draw(size: Size, region: Region, signal: AbortSignal): Promise<Buffer> {
    const { cells, cellsPerSide: perSide = 3, picture } = region;
    try {
      if (picture === undefined) return await maskOfCells(size, { cells, perSide });
      return await maskOfPicture(await fetch(picture, signal), size);
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
    if (region === undefined) return undefined;
    let bytes = drawn.get(task.id);
    if (bytes === undefined) {
      const size = await readSize(task, signal);
      if (size === undefined) return undefined;
      bytes = await draw(size, region, signal);
    }
    remember(task.id, bytes);
    return { bytes, type: 'image/png', url: '' };
  };
}
