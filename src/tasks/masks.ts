import { type Download, DownloadError } from '../images/download.ts';
import { PictureError, readSize } from '../images/fit.ts';
import { cellCount, maskOfCells, maskOfPicture } from '../images/mask.ts';
import type { Picture } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { Region, Task } from '../task.ts';
import { inputLimitBytes } from './inputs.ts';
import type { Results } from './results.ts';
import { InputError } from './spending.ts';

export { cellCount };

/** Makes the mask of a task that paints a region anew; `undefined` for all others. Throws an {@link InputError}. */
export type LoadMask = (task: Task, signal: AbortSignal) => Promise<Picture | undefined>;

/** Masks have the size of the parent's picture, so that is read first. */
export function createLoadMask(dependencies: {
  results: Results;
  database: Pick<Database, 'tasks'>;
  download: Download;
}): LoadMask {
  const { results, database, download } = dependencies;

  async function draw(parent: Task, { cells, picture }: Region, signal: AbortSignal): Promise<Buffer> {
    const [original] = await results.open(parent);
    if (original === undefined) throw new InputError('the picture is not there any more');
    const size = await readSize(original);
    if (picture === undefined) return maskOfCells(size, cells);
    return maskOfPicture(await download(picture.url, { maxBytes: inputLimitBytes, signal }), size);
  }

  return async (task, signal) => {
    const { region } = task.request;
    const parent = task.parentId === undefined ? undefined : await database.tasks.get(task.parentId);
    if (region === undefined || parent === undefined) return undefined;
    try {
      return { bytes: await draw(parent, region, signal), type: 'image/png', url: '' };
    } catch (error) {
      if (error instanceof PictureError) throw new InputError(error.message);
      if (error instanceof DownloadError) throw new InputError('the picture or its mask could not be read');
      throw error;
    }
  };
}
