import type { RawFile } from 'discord.js';
import { type Download, DownloadError } from '../images/download.ts';
import { fitToLimit, PictureError } from '../images/fit.ts';
import { extensionOf } from '../images/sniff.ts';
import type { Task } from '../task.ts';
import type { ShownResult } from './render.ts';

/** Files of a result, ready to be uploaded, and how the message shows them. */
export interface ResultFiles {
  readonly shown: ShownResult;
  readonly files: RawFile[];
}

/**
 * Fetches what a task made and fits each file to a limit of bytes. Throws a {@link DownloadError} where asking
 * again may help; where it cannot, the result is shown as what is left of it: an address, or nothing.
 */
export type LoadResult = (task: Task, limitBytes: number) => Promise<ResultFiles>;

/** A 4096² PNG of noise has 45 MiB; nothing that Midjourney makes is larger. */
const maxResultBytes = 100 * 1024 * 1024;
const downloadTimeoutMs = 120_000;
/** Discord takes ten files a message. */
const maxFiles = 10;

export function createLoadResult(download: Download): LoadResult {
  return async (task, limitBytes) => {
    const files: RawFile[] = [];
    const media = (task.result?.media ?? []).slice(0, maxFiles);
    for (const [index, { url }] of media.entries()) {
      try {
        const bytes = await download(url, {
          maxBytes: maxResultBytes,
          signal: AbortSignal.timeout(downloadTimeoutMs),
        });
        const fitted = await fitToLimit(bytes, limitBytes);
        if (fitted === undefined) return { shown: { as: 'link', url }, files: [] };
        const number = index === 0 ? '' : `-${index + 1}`;
        const name = `${task.id}${number}.${extensionOf(fitted.type)}`;
        files.push({ name, data: fitted.bytes, contentType: fitted.type });
      } catch (error) {
        if (error instanceof DownloadError && !error.isFinal) throw error;
        if (!(error instanceof DownloadError) && !(error instanceof PictureError)) throw error;
        return { shown: { as: 'nothing' }, files: [] };
      }
    }
    if (files.length === 0) return { shown: { as: 'nothing' }, files };
    return { shown: { as: 'files', names: files.map(({ name }) => name) }, files };
  };
}
