import { inputLimitBytes } from '../images/accepted.ts';
import { PictureError, readFacts } from '../images/decode.ts';
import { DownloadError } from '../images/download.ts';
import { paintedSizeOf, type Size } from '../images/mask.ts';
import { cutQuarter } from '../images/quarter.ts';
import { identify } from '../images/sniff.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import type { InputPicture } from '../task.ts';
import type { ByteBudget } from '../tasks/byte-budget.ts';
import type { Results } from '../tasks/results.ts';
import { type InputSources, slowestInput } from './pictures.ts';

/** Whoever waits for an answer of the public server without a byte is cut off after eight seconds. */
const patienceMs = 5_000;
const downloadTimeoutMs = 30_000;

/** Which picture a region is painted on: a finished task's, or one that a person gave. */
export type RegionSource = { readonly taskId: string } | { readonly picture: InputPicture };

/** A picture as it is, for a browser. */
export interface RegionOriginal {
  readonly bytes: Buffer;
  readonly type: string;
  /** How large a mask for it has to be. */
  readonly maskSize: Size;
}

/** Returns the picture; `late` if it isn't there yet, and `gone` if it never will be. */
export type OpenOriginal = (source: RegionSource) => Promise<RegionOriginal | 'late' | 'gone'>;

/** Opens the pictures of the region editor's page: a page that asks again while one is fetched waits for the same. */
export function createOpenOriginal(
  dependencies: InputSources & {
    results: Pick<Results, 'openEach'>;
    database: Pick<Database, 'tasks'>;
    /** For the pictures that are open at a time. */
    budget: ByteBudget;
    log: Logger;
  },
): OpenOriginal {
  const { results, database, budget, fromDiscord, fromLink, log } = dependencies;

  async function fetchResult(taskId: string): Promise<Buffer | 'gone'> {
    const task = await database.tasks.get(taskId);
    if (task === undefined) return 'gone';
    return budget.share(async (share) => {
      const [original] = await results.openEach(task, share);
      return original instanceof Buffer ? original : 'gone';
    });
  }

  /** The whole file, even if only a quarter of it is meant. */
  async function fetchGiven({ url, isLink }: InputPicture): Promise<Buffer | 'gone'> {
    const download = isLink === true ? fromLink : fromDiscord;
    const signal = AbortSignal.timeout(downloadTimeoutMs);
    try {
      return await download(url, { maxBytes: inputLimitBytes, signal, slowest: slowestInput });
    } catch (error) {
      if (error instanceof DownloadError) return 'gone';
      throw error;
    }
  }

  async function open(source: RegionSource): Promise<RegionOriginal | 'gone'> {
    const bytes = await ('taskId' in source ? fetchResult(source.taskId) : fetchGiven(source.picture));
    if (bytes === 'gone') return 'gone';
    try {
      const shown = await cutPart(bytes, source);
      const maskSize = paintedSizeOf(await readFacts(shown));
      return { bytes: shown, type: identify(shown)?.kind.type ?? '', maskSize };
    } catch (error) {
      if (!(error instanceof PictureError)) throw error;
      log.info({ error }, 'a picture could not be read to paint on it');
      return 'gone';
    }
  }

  /** What is being opened, by its name. */
  const opening = new Map<string, Promise<RegionOriginal | 'gone'>>();

  return async (source) => {
    const name = nameOf(source);
    const known = opening.get(name);
    const opened = known ?? open(source).finally(() => opening.delete(name));
    if (known === undefined) opening.set(name, opened);
    return Promise.race([opened, lateAfter(patienceMs)]);
  };
}

function nameOf(source: RegionSource): string {
  if ('taskId' in source) return source.taskId;
  const { url, quarter = 'all' } = source.picture;
  return `${quarter} of ${url}`;
}

async function cutPart(bytes: Buffer, source: RegionSource): Promise<Buffer> {
  const quarter = 'picture' in source ? source.picture.quarter : undefined;
  return quarter === undefined ? bytes : cutQuarter(bytes, quarter);
}

function lateAfter(milliseconds: number): Promise<'late'> {
  return new Promise((resolve) => setTimeout(() => resolve('late'), milliseconds).unref());
}
