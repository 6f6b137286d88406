import sharp, { type Metadata, type Sharp } from 'sharp';
import { type FileKind, identify } from './sniff.ts';

/** Decoding more than this is refused, all frames together: a picture that small in bytes can be that large in memory. */
export const maxPixels = 64_000_000;
/** The largest picture takes a few seconds; what takes longer is made to take long. */
const decodeTimeoutSeconds = 30;

/** What is wrong with a file that was to be a picture. */
export type PictureProblem =
  /** It is something else, or a picture that is not decoded here. */
  | 'type'
  /** It ends before its first row, or says nonsense of itself. */
  | 'unreadable'
  | 'too-many-pixels'
  /** A mask that is black everywhere, or white. */
  | 'mask-empty'
  | 'mask-full';

/** Bytes that cannot be used as a picture. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly problem: PictureProblem;
  /** What the file is; `undefined` if its bytes don't tell. */
  readonly kind: FileKind | undefined;

  constructor(
    problem: PictureProblem,
    message: string,
    { kind, cause }: { kind?: FileKind | undefined; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.kind = kind;
  }
}

/** What the header of a picture says, as people see the picture. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  /** 1 for stills; at least 2 for what moves. */
  readonly frames: number;
  readonly hasAlpha: boolean;
}

sharp.cache(false);

/**
 * The only door to the decoder: upright, in sRGB once it is written, and as lenient as a viewer, which shows what there
 * is of a file that was cut off or is slightly wrong. Throws {@link PictureError} for bytes of other types, so that
 * none of libvips' other decoders (SVG, TIFF …) ever runs, and if the header can't be read.
 */
export async function openPicture(bytes: Buffer, { isAnimated = false } = {}): Promise<Sharp> {
  const picture = decode(bytes, isAnimated);
  const { depth } = await readHeader(picture);
  // sharp 0.35 writes the numbers of 16 bits with a profile as they are, and drops the profile.
  if (depth === 'ushort') picture.pipelineColourspace('srgb');
  // Frames cannot be turned, so an animation keeps what says how it lies.
  return isAnimated ? picture.keepExif() : picture.autoOrient();
}

function decode(bytes: Buffer, isAnimated = false): Sharp {
  const found = identify(bytes);
  if (found?.kind.use !== 'picture') {
    const name = found === undefined ? 'of no known type' : `of the type ${found.kind.name}`;
    throw new PictureError('type', `the file is ${name}, and is not decoded`, { kind: found?.kind });
  }
  const options = { limitInputPixels: maxPixels, failOn: 'none', animated: isAnimated } as const;
  return sharp(found.bytes, options).timeout({ seconds: decodeTimeoutSeconds });
}

function readHeader(picture: Sharp): Promise<Metadata> {
  return orPictureError('its header cannot be read', () => picture.metadata());
}

/** Reads the header only. Throws {@link PictureError} if there is nothing to decode. */
export async function readFacts(bytes: Buffer): Promise<PictureFacts> {
  const { autoOrient, pages = 1, hasAlpha, width, height } = await readHeader(decode(bytes));
  if (width * height > maxPixels)
    throw new PictureError('too-many-pixels', `it has ${width} × ${height} pixels`);
  const frames = isAnimatedPng(bytes) ? 2 : pages;
  return { width: autoOrient.width, height: autoOrient.height, frames, hasAlpha };
}

/** Whether any pixel lets through what is behind it: many files have an alpha channel that says nothing. */
export async function hasTransparentParts(bytes: Buffer, { hasAlpha }: PictureFacts): Promise<boolean> {
  if (!hasAlpha) return false;
  const picture = await openPicture(bytes);
  const alpha = picture.extractChannel('alpha').toColourspace('b-w').raw();
  const values = await orPictureError('its transparency cannot be read', () => alpha.toBuffer());
  return values.some((value) => value !== 255);
}

/**
 * Whether a PNG has frames, although libvips reads only the first: `acTL` comes before the first `IDAT` (W3C, PNG, third
 * edition).
 */
export function isAnimatedPng(bytes: Buffer): boolean {
  if (identify(bytes)?.kind.extension !== 'png') return false;
  const pixels = bytes.indexOf('IDAT', 0, 'latin1');
  const control = bytes.indexOf('acTL', 0, 'latin1');
  return control !== -1 && control < pixels;
}

/** The same, or nothing. */
export function readFactsIfAny(bytes: Buffer): Promise<PictureFacts | undefined> {
  return orUndefined(() => readFacts(bytes));
}

/** Lets a {@link PictureError} pass and makes one of all else, with the step that failed. */
export async function orPictureError<Value>(step: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PictureError) throw error;
    const isTooLarge = error instanceof Error && /exceeds pixel limit/.test(error.message);
    const problem = isTooLarge ? 'too-many-pixels' : 'unreadable';
    throw new PictureError(problem, step, { cause: error });
  }
}

/** Nothing in place of a {@link PictureError}; lets all else pass. */
export async function orUndefined<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PictureError) return undefined;
    throw error;
  }
}
