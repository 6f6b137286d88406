import { type Download, DownloadError } from '../images/download.ts';
import { fitToLimit, PictureError, readSize } from '../images/fit.ts';
import { InputError, type LoadInput } from './spending.ts';

/** new-api's documentation: JPEG, PNG, static GIF or WebP of at most 4 MB each. */
const providerLimitBytes = 4_000_000;

/** A person's picture is read up to this size, and shrunk to what providers take. */
export const inputLimitBytes = 25 * 1024 * 1024;

/** Types that a person may hand in; what only the bytes reveal is found when they are read. */
export const inputTypes: ReadonlySet<string> = new Set([
  'image/png',
  'image/jpeg',
  'image/webp',
  'image/gif',
]);

/** Where the pictures of people come from. */
export interface InputSources {
  /** Fetches files that Discord serves. */
  fromDiscord: Download;
  /** Fetches addresses that people typed. */
  fromLink: Download;
}

/** Reads, checks and shrinks the reference pictures of people. */
export function createLoadInput({ fromDiscord, fromLink }: InputSources): LoadInput {
  return async ({ url, name, isLink }, signal) => {
    const download = isLink === true ? fromLink : fromDiscord;
    try {
      const bytes = await download(url, { maxBytes: inputLimitBytes, signal });
      await readSize(bytes);
      const fitted = await fitToLimit(bytes, providerLimitBytes);
      if (fitted === undefined || fitted.type === 'video/mp4')
        throw new InputError(`${name} cannot be used as a picture`);
      return { bytes: fitted.bytes, type: fitted.type, url };
    } catch (error) {
      if (error instanceof PictureError) throw new InputError(`${name} is not a picture that can be read`);
      if (error instanceof DownloadError)
        throw new InputError(`${name} could not be read from ${isLink === true ? 'its address' : 'Discord'}`);
      throw error;
    }
  };
}
