import type { RawFile } from 'discord.js';
import { PictureError, readFactsIfAny } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import { type FittedFile, fitToLimit, isShown } from '../images/fit.ts';
import { composeGrid } from '../images/grid.ts';
import { describePicture } from '../images/metadata/describe.ts';
import type { PictureFacts } from '../images/metadata/xmp.ts';
import { identify } from '../images/sniff.ts';
import type { Logger } from '../log.ts';
import type { InputPicture, Task } from '../task.ts';
import type { Share } from '../tasks/byte-budget.ts';
import type { Results } from '../tasks/results.ts';
import { programName } from '../user-agent.ts';
import type { ShownResult } from './render/message.ts';
import { toFileName } from './result-names.ts';

/** Files of a result, ready to be uploaded, and how the message shows them. */
export interface ResultFiles {
  readonly shown: ShownResult;
  readonly files: RawFile[];
  /** Why one of several files is missing; it may be downloaded later. */
  readonly gap?: DownloadError;
}

/**
 * Loads a result's files, each fitted to a byte limit; if one of several is broken, only that one is missing. Their memory
 * counts against the share. Throws the first {@link DownloadError} if none could be downloaded.
 */
export type LoadResult = (task: Task, limitBytes: number, share: Share) => Promise<ResultFiles>;

const nothing: ResultFiles = { shown: { as: 'nothing' }, files: [] };

/** What is uploaded, by the number of the result's file that it shows, and which files are left out. */
interface Parts {
  readonly files: ReadonlyMap<number, FittedFile>;
  readonly missing: readonly number[];
}

/**
 * A request takes 25 MiB (Discord's reference, Create Message), words included: two and a half times the largest file that
 * every place takes.
 */
const largestRequestBytes = 25 * 1024 * 1024 - 256 * 1024;
const filesARequest = 2.5;

export interface LoadResultDependencies {
  results: Results;
  /** Loads a picture that was described, fitted to a limit of bytes. */
  loadDescribed: (picture: InputPicture, limitBytes: number) => Promise<FittedFile | undefined>;
  /** Whether a person wants their pictures to say how they were made. */
  wantsMetadata: (userId: string) => Promise<boolean>;
  log: Logger;
}

export function createLoadResult({
  results,
  loadDescribed,
  wantsMetadata,
  log,
}: LoadResultDependencies): LoadResult {
  /** Words that describe a picture stand next to it; Discord deletes what a command was given after a while. */
  async function showDescribed(task: Task, limitBytes: number, share: Share): Promise<ResultFiles> {
    const [picture] = task.request.action === 'describe' ? task.request.pictures : [];
    if (task.state !== 'done' || picture === undefined) return nothing;
    try {
      await share.take(picture.bytes ?? limitBytes);
      const file = await loadDescribed(picture, limitBytes);
      return file === undefined ? nothing : toShown(task, new Map([[0, file]]), []);
    } catch (error) {
      log.info({ error, taskId: task.id }, 'a described picture is gone: its words are shown without it');
      return nothing;
    }
  }

  /** Four separate pictures are shown as one grid, so that people can choose the way they're used to. */
  async function compose(opened: readonly Opened[], limitBytes: number): Promise<Parts | undefined> {
    try {
      const { bytes, missing } = await composeGrid(opened.map((file) => (isFile(file) ? file : undefined)));
      const grid = await fitToLimit(bytes, limitBytes);
      return grid === undefined ? undefined : { files: new Map([[0, grid]]), missing };
    } catch (error) {
      if (error instanceof PictureError) return undefined; // then each is tried on its own
      throw error;
    }
  }

  /** Shrinks pictures until all fit into one request; if files can't be made smaller, the largest are left out. */
  async function fitEach(opened: readonly Opened[], limitBytes: number, taskId: string): Promise<Parts> {
    const requestBytes = requestBytesFor(limitBytes);
    const given = opened.filter(isFile);
    const isTooMuch = countBytes(given) > requestBytes;
    const share = isTooMuch ? Math.min(limitBytes, requestBytes / given.length) : limitBytes;
    const files = new Map<number, FittedFile>();
    for (const [index, file] of opened.entries()) {
      const fitted = isFile(file)
        ? await fitOne(file, isPicture(file) ? share : limitBytes, taskId)
        : undefined;
      if (fitted !== undefined) files.set(index, fitted);
    }
    leaveOutLargest(files, requestBytes);
    return { files, missing: [...opened.keys()].filter((index) => !files.has(index)) };
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

  /** A picture counts for more than what it says about itself: it isn't made smaller for that. */
  async function describeEach(
    task: Task,
    files: Parts['files'],
    limitBytes: number,
  ): Promise<Parts['files']> {
    try {
      const facts = (await wantsMetadata(task.origin.userId)) ? toPictureFacts(task) : undefined;
      const described = [...files].map(([index, file]) => {
        const bytes = describePicture(file.bytes, file.kind.type, facts);
        return [index, bytes.length > limitBytes ? file : { ...file, bytes }] as const;
      });
      const isTooMuch = countBytes(described.map(([, { bytes }]) => bytes)) > requestBytesFor(limitBytes);
      return isTooMuch ? files : new Map(described);
    } catch (error) {
      log.warn({ error, taskId: task.id }, 'a result is delivered without saying how it was made');
      return files;
    }
  }

  return async (task, limitBytes, share) => {
    share.giveBack(); // from an earlier try
    const opened = await results.openEach(task, share);
    if (opened.length === 0) return showDescribed(task, limitBytes, share);
    const gap = findGap(opened);
    if (gap !== undefined && !opened.some(isFile)) throw gap;
    const grid = (await isSetOfStills(opened)) ? await compose(opened, limitBytes) : undefined;
    const { files, missing } = grid ?? (await fitEach(opened, limitBytes, task.id));
    if (files.size === 0) return linkTo(task);
    if (missing.length > 0) log.warn({ taskId: task.id, missing }, 'part of a result is missing');
    const described = await describeEach(task, files, limitBytes);
    return { ...toShown(task, described, missing), ...(gap === undefined ? {} : { gap }) };
  };
}

type Opened = Buffer | DownloadError;

function isFile(file: Opened): file is Buffer {
  return file instanceof Buffer;
}

function isPicture(bytes: Buffer): boolean {
  return identify(bytes)?.kind.use === 'picture';
}

/** The first error that's worth waiting for; otherwise the first error, if there is one. */
function findGap(opened: readonly Opened[]): DownloadError | undefined {
  const errors = opened.filter((file) => file instanceof DownloadError);
  return errors.find(({ trouble }) => trouble === 'unavailable') ?? errors[0];
}

/** How much may be uploaded together where a file may have that many bytes. */
function requestBytesFor(limitBytes: number): number {
  return Math.max(limitBytes, Math.min(largestRequestBytes, filesARequest * limitBytes));
}

function countBytes(files: Iterable<Uint8Array>): number {
  return [...files].reduce((sum, { length }) => sum + length, 0);
}

function leaveOutLargest(files: Map<number, FittedFile>, mostBytes: number): void {
  const bySize = [...files].sort(([, one], [, other]) => other.bytes.length - one.bytes.length);
  for (const [index] of bySize) {
    if (countBytes([...files.values()].map(({ bytes }) => bytes)) <= mostBytes) return;
    files.delete(index);
  }
}

/** Animations and videos would lose all frames but one. A picture that can't be read doesn't count. */
async function isSetOfStills(opened: readonly Opened[]): Promise<boolean> {
  const files = opened.filter(isFile);
  if (opened.length !== 4 || !files.every(isPicture)) return false;
  const facts = await Promise.all(files.map(readFactsIfAny));
  return facts.every((one) => (one?.frames ?? 1) === 1);
}

/** Nothing about people, servers or the API. A picture that is shown again is still that of the task that made it. */
function toPictureFacts({ id, request: { action, prompt }, result }: Task): PictureFacts {
  return {
    prompt,
    id: result?.keptAs ?? id,
    tool: programName,
    isComposite: action === 'edit' || action === 'swap',
  };
}

function toShown(
  task: Task,
  fitted: ReadonlyMap<number, FittedFile>,
  missing: readonly number[],
): ResultFiles {
  const name = toFileName(task);
  const files = [...fitted].map(([index, { bytes, kind }]) => ({
    name: `${name}${index === 0 ? '' : `-${index + 1}`}.${kind.extension}`,
    data: bytes,
    contentType: kind.type,
  }));
  const notShown = [...fitted.values()].find(({ kind }) => !isShown(kind))?.kind.name;
  const shown = {
    as: 'files',
    names: files.map(({ name }) => name),
    ...(missing.length === 0 ? {} : { missing }),
    ...(notShown === undefined ? {} : { notShown }),
  } as const;
  return { shown, files };
}

/** The same files, named after their task: their own names are words of its prompt. */
export function nameAfterTask(
  { id }: Task,
  { shown, files }: Pick<ResultFiles, 'shown' | 'files'>,
): Pick<ResultFiles, 'shown' | 'files'> {
  if (shown.as !== 'files') return { shown, files };
  const renamed = files.map((file, index) => ({
    ...file,
    name: `relay-${id}${index === 0 ? '' : `-${index + 1}`}.${file.name.split('.').at(-1)}`,
  }));
  return { shown: { ...shown, names: renamed.map(({ name }) => name) }, files: renamed };
}

/** The result as links to the provider, for as long as they work. */
export function linkTo(task: Task): ResultFiles {
  const hasFiles = (task.result?.media.length ?? 0) > 0;
  return { shown: { as: hasFiles ? 'link' : 'nothing' }, files: [] };
}
