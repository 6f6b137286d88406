import type { Refusal } from '../errors.ts';
import { inputLimitBytes, inputTypeNames } from '../images/accepted.ts';
import { maxPixelsOfSet, PictureError, readFacts } from '../images/decode.ts';
import { type Download, DownloadError, type Pace } from '../images/download.ts';
import { fitPicture } from '../images/fit.ts';
import { cutQuarter } from '../images/quarter.ts';
import { findByType, identify } from '../images/sniff.ts';
import type { InputForm, Picture } from '../providers/provider.ts';
import type { InputPicture, TaskEvent } from '../task.ts';
import type { PixelBudget } from './pixel-budget.ts';

/** How long all the pictures of a task may take together, so that nobody waits long for a slow file server. */
export const inputTimeoutMs = 10_000;
/** The slowest pace at which a file server may send a picture. */
export const slowestInput: Pace = { bytesPerSecond: 32 * 1024, afterMs: 3_000 };

/**
 * Reads a reference picture, and returns it in a form that the API takes. Takes its pixels out of `budget`. Throws an
 * {@link InputError} if the picture can't be used.
 */
export type LoadInput = (
  picture: InputPicture,
  form: InputForm,
  signal: AbortSignal,
  budget?: PixelBudget,
) => Promise<Picture>;

/** A person's picture that can't be used. Unlike other refusals, this one comes after the task was saved, and ends it. */
export class InputError extends Error {
  override readonly name = 'InputError';
  readonly refusal: Refusal;

  constructor(refusal: Refusal, options: { cause?: unknown } = {}) {
    super(refusal.code, options);
    this.refusal = refusal;
  }
}

/** Where people's pictures come from. */
export interface InputSources {
  /** Fetches files that Discord serves. */
  fromDiscord: Download;
  /** Fetches URLs that people typed. */
  fromLink: Download;
}

/** Reads and checks people's reference pictures, and converts them to a form that the API takes. */
export function createLoadInput({ fromDiscord, fromLink }: InputSources): LoadInput {
  return async (picture, form, signal, budget) => {
    const { url, name, isLink, quarter } = picture;
    const download = isLink === true ? fromLink : fromDiscord;
    try {
      const given = await download(url, { maxBytes: inputLimitBytes, signal, slowest: slowestInput });
      const { width, height } = await readFacts(given);
      if (budget?.take(width * height) === false)
        throw new InputError({ code: 'pictures-too-many-pixels', details: { limit: maxPixelsOfSet } });
      const bytes = quarter === undefined ? given : await cutQuarter(given, quarter);
      const taken =
        form.by === 'bytes' ? await bringInto(bytes, name, form) : await requireForm(bytes, name, form);
      return { ...taken, url };
    } catch (error) {
      throw toInputError(error, picture, takenBy(form));
    }
  };
}

/** Nobody reads the bytes of a picture that is sent as a URL, and its task may wait a long time, so they aren't kept. */
const noBytes = Buffer.alloc(0);

type Taken = Omit<Picture, 'url'>;

async function bringInto(bytes: Buffer, name: string, form: InputForm): Promise<Taken> {
  const fitted = await fitPicture(bytes, form);
  const type = form.types.find((known) => known === fitted?.kind.type);
  if (fitted === undefined || type === undefined) throw tooLarge(bytes, name, form);
  return { bytes: fitted.bytes, type };
}

/** The names of the types that work at an account with that form. */
export function takenBy({ by, types }: InputForm): readonly string[] {
  return by === 'bytes' ? inputTypeNames : types.map((type) => findByType(type)?.name ?? type);
}

/**
 * A picture that the API fetches by itself can't be changed: it's already in a form that the API takes, or it isn't sent. Throws
 * an {@link InputError}.
 */
export async function requireForm(bytes: Buffer, name: string, form: InputForm): Promise<Taken> {
  const { frames } = await readFacts(bytes);
  const kind = identify(bytes)?.kind;
  const type = form.types.find((known) => known === kind?.type);
  if (type === undefined) {
    const details = { name, type: kind?.name, takes: takenBy(form), by: 'provider' } as const;
    throw new InputError({ code: 'picture-type', details });
  }
  if (bytes.length > form.mostBytes) throw tooLarge(bytes, name, form);
  if (frames > 1 && !form.takesAnimations)
    throw new InputError({ code: 'picture-animated', details: { name } });
  return { bytes: noBytes, type };
}

function tooLarge({ length: bytes }: Buffer, name: string, { mostBytes: limit }: InputForm): InputError {
  return new InputError({ code: 'picture-too-large', details: { name, bytes, limit, by: 'provider' } });
}

/** What Discord answers for a file that it has deleted, or whose URL has expired. */
const goneStatuses: ReadonlySet<number | undefined> = new Set([403, 404, 410]);

/** Whether Discord says that it no longer has a file. */
export function isGone({ status }: DownloadError): boolean {
  return goneStatuses.has(status);
}

/**
 * Returns the first picture that Discord no longer serves, going by its URL: `ex` says when it expires, in hexadecimal seconds
 * (Discord's reference, Signed Attachment CDN URLs). `undefined` if there is none.
 */
export function findExpired(pictures: readonly InputPicture[], now: number): InputPicture | undefined {
  return pictures.find(({ url, isLink }) => {
    const expiresAt = Number.parseInt(URL.parse(url)?.searchParams.get('ex') ?? '', 16) * 1_000;
    return isLink !== true && expiresAt <= now;
  });
}

/** Returns an {@link InputError} that says what's wrong with the picture; any other error is returned unchanged. */
export function toInputError(
  error: unknown,
  picture: Pick<InputPicture, 'name' | 'isLink'>,
  takes: readonly string[],
): unknown {
  const { name } = picture;
  if (error instanceof DownloadError)
    return new InputError(toDownloadRefusal(error, picture), { cause: error });
  if (error instanceof PictureError) return new InputError(toRefusal(error, name, takes), { cause: error });
  return error;
}

function toDownloadRefusal(
  error: DownloadError,
  { name, isLink }: Pick<InputPicture, 'name' | 'isLink'>,
): Refusal {
  const { trouble } = error;
  if (trouble === 'too-large')
    return { code: 'picture-too-large', details: { name, bytes: undefined, limit: inputLimitBytes } };
  if (isLink === true)
    return { code: trouble === 'slow' ? 'link-slow' : 'link-unreachable', details: { name } };
  return { code: isGone(error) ? 'picture-gone' : 'picture-unreachable', details: { name } };
}

function toRefusal({ problem, kind, limit }: PictureError, name: string, takes: readonly string[]): Refusal {
  switch (problem) {
    case 'type':
      return { code: 'picture-type', details: { name, type: kind?.name, takes } };
    case 'too-many-pixels':
      return { code: 'picture-too-many-pixels', details: { name, limit } };
    case 'takes-too-long':
      return { code: 'picture-takes-too-long', details: { name } };
    case 'unreadable':
      return { code: 'picture-unreadable', details: { name } };
    default:
      return { code: problem, details: undefined };
  }
}

/** Returns the event that ends a task because a person's picture can't be used. */
export function inputFailure(error: InputError): TaskEvent {
  return { type: 'failed', failure: { kind: 'input', refusal: error.refusal, mayHaveCost: false } };
}
