import sharp, { type Metadata, type Sharp } from 'sharp';
import { type FileKind, identify } from './sniff.ts';
import { inTurn } from './turns.ts';
import { isOverloaded } from './workload.ts';

/** Decoding more than this is refused, all frames together: a picture that small in bytes can be that large in memory. */
export const maxPixels = 64_000_000;
/** Pictures that belong to one request are decoded for it one after another, up to so many pixels in all. */
export const maxPixelsOfSet = 2 * maxPixels;
/** AV1 takes ten times as long, all at once, and nothing ends it. */
const maxAvifPixels = 20_000_000;
/** The largest picture takes a few seconds; what takes longer is made to take long. */
const decodeTimeoutSeconds = 30;

/** What is wrong with a file that was to be a picture. */
export type PictureProblem =
  /** It is something else, or a picture that is not decoded here. */
  | 'type'
  /** It ends before its first row, or says nonsense of itself. */
  | 'unreadable'
  | 'too-many-pixels'
  /** It has so many frames or scans, or is made in such a way, that decoding it would take for ever. */
  | 'takes-too-long'
  /** A mask that is black everywhere, or white. */
  | 'mask-empty'
  | 'mask-full';

/** Bytes that cannot be used as a picture. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly problem: PictureProblem;
  /** What the file is; `undefined` if its bytes don't tell. */
  readonly kind: FileKind | undefined;
  /** How many pixels would have been allowed. */
  readonly limit: number;

  constructor(
    problem: PictureProblem,
    message: string,
    { kind, limit = maxPixels, cause }: { kind?: FileKind | undefined; limit?: number; cause?: unknown } = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.problem = problem;
    this.kind = kind;
    this.limit = limit;
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
/** Of a picture's work; the pictures that are decoded at a time are counted in `turns.ts`. */
sharp.concurrency(1);
/** A picture whose pixels nobody has decoded yet. */
export interface OpenPicture {
  readonly picture: Sharp;
  /** Of all frames that are decoded. */
  readonly pixels: number;
}

/**
 * The only door to the decoder: upright, in sRGB once it is written, and as lenient as a viewer, which shows what there
 * is of a file that was cut off or is slightly wrong. Throws {@link PictureError} for bytes of other types, so that
 * none of libvips' other decoders (SVG, TIFF …) ever runs, for too many pixels, and if the header can't be read.
 */
export async function openPicture(bytes: Buffer, { isAnimated = false } = {}): Promise<OpenPicture> {
  const picture = decode(bytes, isAnimated);
  const { depth, width, height } = await readHeader(picture);
  const pixels = width * height;
  requirePixels(bytes, width, height);
  // sharp 0.35 writes the numbers of 16 bits with a profile as they are, and drops the profile.
  if (depth === 'ushort') picture.pipelineColourspace('srgb');
  // Frames cannot be turned, so an animation keeps what says how it lies.
  return { picture: isAnimated ? picture.keepExif() : picture.autoOrient(), pixels };
}

/** A picture of one color, to put others onto. */
export function openCanvas(width: number, height: number, background: string): OpenPicture {
  const create = { width, height, channels: 4, background } as const;
  return { picture: limitTime(sharp({ create, limitInputPixels: maxPixels })), pixels: width * height };
}

/** A picture out of shades of gray, a byte a pixel, row by row. */
export function openShades(shades: Buffer, width: number, height: number): OpenPicture {
  const raw = { width, height, channels: 1 } as const;
  return { picture: limitTime(sharp(shades, { raw })), pixels: width * height };
}

/**
 * Decodes and writes a picture in its turn. Throws a {@link PictureError} that names the step, `takes-too-long` where the
 * time limit ended it.
 */
export function writePicture(step: string, { picture, pixels }: OpenPicture): Promise<Buffer> {
  return inTurn(pixels, () => orPictureError(step, () => picture.toBuffer()));
}

function limitTime(picture: Sharp): Sharp {
  return picture.timeout({ seconds: decodeTimeoutSeconds });
}

let hasBlocked = false;

/**
 * A second wall behind `identify`: libvips knows many more types, some of which are programs rather than pictures. Put up
 * with the first picture, since it stands for the whole process: one that never decodes any may draw SVGs of its own.
 */
function blockOtherTypes(): void {
  if (hasBlocked) return;
  hasBlocked = true;
  sharp.block({ operation: ['VipsForeignLoad'] });
  sharp.unblock({
    operation: ['Png', 'Jpeg', 'Webp', 'Nsgif', 'Heif'].map((type) => `VipsForeignLoad${type}Buffer`),
  });
}

function decode(bytes: Buffer, isAnimated = false): Sharp {
  blockOtherTypes();
  const found = identify(bytes);
  if (found?.kind.use !== 'picture') {
    const name = found === undefined ? 'of no known type' : `of the type ${found.kind.name}`;
    throw new PictureError('type', `the file is ${name}, and is not decoded`, { kind: found?.kind });
  }
  if (isOverloaded(found.bytes))
    throw new PictureError('takes-too-long', 'it has too many frames or scans', { kind: found.kind });
  const options = { limitInputPixels: maxPixels, failOn: 'none', animated: isAnimated } as const;
  return limitTime(sharp(found.bytes, options));
}

function requirePixels(bytes: Buffer, width: number, height: number): void {
  const kind = identify(bytes)?.kind;
  const limit = kind?.extension === 'avif' ? maxAvifPixels : maxPixels;
  if (width * height > limit)
    throw new PictureError('too-many-pixels', `it has ${width} × ${height} pixels`, { kind, limit });
}

function readHeader(picture: Sharp): Promise<Metadata> {
  return orPictureError('its header cannot be read', () => picture.metadata());
}

/** Reads the header only. Throws {@link PictureError} if there is nothing to decode. */
export async function readFacts(bytes: Buffer): Promise<PictureFacts> {
  const { autoOrient, pages = 1, hasAlpha, width, height } = await readHeader(decode(bytes));
  requirePixels(bytes, width, height);
  const frames = isAnimatedPng(bytes) ? 2 : pages;
  return { width: autoOrient.width, height: autoOrient.height, frames, hasAlpha };
}

/** Whether any pixel lets through what is behind it: many files have an alpha channel that says nothing. */
export async function hasTransparentParts(bytes: Buffer, { hasAlpha }: PictureFacts): Promise<boolean> {
  if (!hasAlpha) return false;
  const { picture, pixels } = await openPicture(bytes);
  const alpha = picture.extractChannel('alpha').toColourspace('b-w').raw();
  const values = await writePicture('its transparency cannot be read', { picture: alpha, pixels });
  return !isOpaque(values);
}

const opaque = Buffer.alloc(65_536, 255);

/** Compared in blocks: millions of steps of our own would hold up everything else. */
function isOpaque(values: Buffer): boolean {
  for (let at = 0; at < values.length; at += opaque.length) {
    const block = values.subarray(at, at + opaque.length);
    if (!block.equals(opaque.subarray(0, block.length))) return false;
  }
  return true;
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
    throw new PictureError(toProblem(error), step, { cause: error });
  }
}

/** Known by the words of sharp and libvips: they have no codes. */
function toProblem(error: unknown): PictureProblem {
  const words = error instanceof Error ? error.message : '';
  if (/exceeds pixel limit/.test(words)) return 'too-many-pixels';
  return /^timeout: \d+% complete/.test(words) ? 'takes-too-long' : 'unreadable';
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
