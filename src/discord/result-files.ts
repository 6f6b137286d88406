import type { RawFile } from 'discord.js';
import { fitToLimit } from '../images/fit.ts';
import { composeGrid } from '../images/grid.ts';
import { extensionOf, sniffType } from '../images/sniff.ts';
import type { Task } from '../task.ts';
import type { Results } from '../tasks/results.ts';
import type { ShownResult } from './render.ts';

/** Files of a result, ready to be uploaded, and how the message shows them. */
export interface ResultFiles {
  readonly shown: ShownResult;
  readonly files: RawFile[];
}

/** A result's files, each fitted to a limit of bytes. Throws what {@link Results.open} throws. */
export type LoadResult = (task: Task, limitBytes: number) => Promise<ResultFiles>;

export function createLoadResult(results: Results): LoadResult {
  return async (task, limitBytes) => {
    const files: RawFile[] = [];
    for (const [index, bytes] of (await toShown(await results.open(task))).entries()) {
      const fitted = await fitToLimit(bytes, limitBytes);
      if (fitted === undefined) return linkTo(task);
      const number = index === 0 ? '' : `-${index + 1}`;
      const name = `${task.id}${number}.${extensionOf(fitted.type)}`;
      files.push({ name, data: fitted.bytes, contentType: fitted.type });
    }
    if (files.length === 0) return { shown: { as: 'nothing' }, files };
    return { shown: { as: 'files', names: files.map(({ name }) => name) }, files };
  };
}

/** Four separate pictures are shown as one, so that people choose among them as they are used to. */
async function toShown(files: readonly Buffer[]): Promise<readonly Buffer[]> {
  const isSet = files.length === 4 && files.every((bytes) => sniffType(bytes)?.startsWith('image/'));
  return isSet ? [await composeGrid(files)] : files;
}

/** The result as the provider's own address, for as long as that works. */
export function linkTo(task: Task): ResultFiles {
  const url = task.result?.media[0]?.url;
  return { shown: url === undefined ? { as: 'nothing' } : { as: 'link', url }, files: [] };
}
