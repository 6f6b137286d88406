import type { RawFile } from 'discord.js';
import { PictureError, readFactsIfAny } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import { type FittedFile, fitToLimit, isShown } from '../images/fit.ts';
import { composeGrid } from '../images/grid.ts';
import { identify } from '../images/sniff.ts';
import type { Logger } from '../log.ts';
import type { Task } from '../task.ts';
import type { Results } from '../tasks/results.ts';
import type { ShownResult } from './render.ts';

/** Files of a result, ready to be uploaded, and how the message shows them. */
export interface ResultFiles {
  readonly shown: ShownResult;
  readonly files: RawFile[];
  /** Why one of several files is not there; it may be fetched later. */
  readonly gap?: DownloadError;
}

/**
 * A result's files, each fitted to a limit of bytes; if one of several is broken, only that one is missing. Throws the
 * first {@link DownloadError} if none could be fetched.
 */
export type LoadResult = (task: Task, limitBytes: number) => Promise<ResultFiles>;

/** What is uploaded, and which of the result's files it leaves out. */
interface Parts {
  readonly files: readonly FittedFile[];
  readonly missing: readonly number[];
}

export function createLoadResult({ results, log }: { results: Results; log: Logger }): LoadResult {
  /** Four separate pictures are shown as one, so that people choose among them as they are used to. */
  async function compose(opened: readonly Opened[], limitBytes: number): Promise<Parts | undefined> {
    try {
      const { bytes, missing } = await composeGrid(opened.map((file) => (isFile(file) ? file : undefined)));
      const grid = await fitToLimit(bytes, limitBytes);
      return grid === undefined ? undefined : { files: [grid], missing };
    } catch (error) {
      if (error instanceof PictureError) return undefined; // then each is tried for itself
      throw error;
    }
  }

  async function fitEach(opened: readonly Opened[], limitBytes: number, taskId: string): Promise<Parts> {
    const fitted: (FittedFile | undefined)[] = [];
    for (const file of opened) fitted.push(isFile(file) ? await fitOne(file, limitBytes, taskId) : undefined);
    return {
      files: fitted.filter((file) => file !== undefined),
      missing: fitted.flatMap((file, index) => (file === undefined ? [index] : [])),
    };
  }

  async function fitOne(bytes: Buffer, limitBytes: number, taskId: string): Promise<FittedFile | undefined> {
    try {
      return await fitToLimit(bytes, limitBytes);
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      log.warn({ error, taskId }, 'a file of a result cannot be made to fit');
      return undefined;
    }
  }

  return async (task, limitBytes) => {
    const opened = await results.openEach(task);
    if (opened.length === 0) return { shown: { as: 'nothing' }, files: [] };
    const gap = opened.find((file) => file instanceof DownloadError);
    if (gap !== undefined && !opened.some(isFile)) throw gap;
    const grid = (await isSetOfStills(opened)) ? await compose(opened, limitBytes) : undefined;
    const { files, missing } = grid ?? (await fitEach(opened, limitBytes, task.id));
    if (files.length === 0) return linkTo(task);
    if (missing.length > 0) log.warn({ taskId: task.id, missing }, 'a part of a result is missing');
    return { ...toShown(task.id, files, missing), ...(gap === undefined ? {} : { gap }) };
  };
}

type Opened = Buffer | DownloadError;

function isFile(file: Opened): file is Buffer {
  return file instanceof Buffer;
}

/** Animations and videos would lose all but a frame. A picture that can't be read doesn't count. */
async function isSetOfStills(opened: readonly Opened[]): Promise<boolean> {
  const files = opened.filter(isFile);
  const arePictures = files.every((bytes) => identify(bytes)?.kind.use === 'picture');
  if (opened.length !== 4 || !arePictures) return false;
  const facts = await Promise.all(files.map(readFactsIfAny));
  return facts.every((one) => (one?.frames ?? 1) === 1);
}

function toShown(taskId: string, fitted: readonly FittedFile[], missing: readonly number[]): ResultFiles {
  // A name of our own in front: ids may begin with `_` or `-`, and Discord once cut leading underscores.
  const files = fitted.map(({ bytes, kind }, index) => ({
    name: `relay-${taskId}${index === 0 ? '' : `-${index + 1}`}.${kind.extension}`,
    data: bytes,
    contentType: kind.type,
  }));
  const notShown = fitted.find(({ kind }) => !isShown(kind))?.kind.name;
  const shown = {
    as: 'files',
    names: files.map(({ name }) => name),
    ...(missing.length === 0 ? {} : { missing }),
    ...(notShown === undefined ? {} : { notShown }),
  } as const;
  return { shown, files };
}

/** The result as the provider's own addresses, for as long as they work. */
export function linkTo(task: Task): ResultFiles {
  const hasFiles = (task.result?.media.length ?? 0) > 0;
  return { shown: { as: hasFiles ? 'link' : 'nothing' }, files: [] };
}
