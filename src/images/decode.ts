import sharp, { type Metadata, type Sharp } from 'sharp';
import { type FileKind, identify } from './sniff.ts';
import { inTurn } from './turns.ts';
import { isOverloaded } from './workload.ts';

/** More pixels than this aren't decoded, all frames together: a picture of few bytes can be huge in memory. */
export const maxPixels = 64_000_000;
/** How many pixels all pictures of one request may have together; they're decoded one after another. */
export const maxPixelsOfSet = 2 * maxPixels;
/** AV1 takes ten times as long, in one go that can't be interrupted. */
const maxAvifPixels = 20_000_000;
/** The largest picture takes a few seconds; anything longer is built to take long. */
const decodeTimeoutSeconds = 30;

/** What's wrong with a file that should be a picture. */
export type PictureProblem =
  /** It's something else, or a picture of a type that isn't decoded here. */
  | 'type'
  /** It ends before its first row, or its header makes no sense. */
  | 'unreadable'
  | 'too-many-pixels'
  /** It has too many frames or scans, or is built so that decoding it would take forever. */
  | 'takes-too-long'
  /** A mask that is all black, or all white. */
  | 'mask-empty'
  | 'mask-full'
  | 'mask-shape';

/** Bytes that can't be used as a picture. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
  readonly problem: PictureProblem;
  /** What the file is; `undefined` if its bytes don't tell. */
  readonly kind: FileKind | undefined;
  /** How many pixels are allowed. */
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

/** What a picture's header says, with the picture upright. */
export interface PictureFacts {
  readonly width: number;
  readonly height: number;
  /** 1 for stills; at least 2 for animations. */
  readonly frames: number;
  readonly hasAlpha: boolean;
}

sharp.cache(false);
/** Threads for one picture; `turns.ts` limits how many pictures are decoded at a time. */
sharp.concurrency(1);
/** A picture whose pixels aren't decoded yet. */
export interface OpenPicture {
  readonly picture: Sharp;
  /** All frames to decode together. */
  readonly pixels: number;
}

/**
 * The only door to the decoder. The picture is upright, in sRGB when it's written, and read as leniently as a viewer would,
 * which shows as much as it can of a truncated or slightly broken file. Throws {@link PictureError} for bytes of other
 * types, so that libvips' other decoders (SVG, TIFF …) never run, for too many pixels, and if the header can't be read.
 */
export async function openPicture(bytes: Buffer, { isAnimated = false } = {}): Promise<OpenPicture> {
  const picture = decode(bytes, isAnimated);
  const { depth, width, height } = await readHeader(picture);
  const pixels = width * height;
  requirePixels(bytes, width, height);
  // sharp 0.35 writes 16-bit values with a profile unconverted, and drops the profile.
  if (depth === 'ushort') picture.pipelineColourspace('srgb');
  // Frames can't be rotated, so an animation keeps its orientation tag.
  return { picture: isAnimated ? picture.keepExif() : picture.autoOrient(), pixels };
}

/** A picture of one color, to put others on. */
export function openCanvas(width: number, height: number, background: string): OpenPicture {
  const create = { width, height, channels: 4, background } as const;
  return { picture: limitTime(sharp({ create, limitInputPixels: maxPixels })), pixels: width * height };
}

/** A picture from shades of gray, one byte per pixel, row by row. */
export function openShades(shades: Buffer, width: number, height: number): OpenPicture {
  const raw = { width, height, channels: 1 } as const;
  return { picture: limitTime(sharp(shades, { raw })), pixels: width * height };
}

/**
 * Decodes and writes a picture in its turn. Throws a {@link PictureError} that says which step failed, `takes-too-long` if
 * it hit the time limit.
 */
export function writePicture(step: string, { picture, pixels }: OpenPicture): Promise<Buffer> {
  return inTurn(pixels, () => orPictureError(step, () => picture.toBuffer()));
}

function limitTime(picture: Sharp): Sharp {
  return picture.timeout({ seconds: decodeTimeoutSeconds });
}

let hasBlocked = false;

/**
 * A second wall behind `identify`: libvips knows many more types, and some are programs rather than pictures. It's put up
 * with the first picture, since it affects the whole process: a process that never decodes any may draw its own SVGs.
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

/** Reads just the header. Throws {@link PictureError} if there's nothing to decode. */
export async function readFacts(bytes: Buffer): Promise<PictureFacts> {
  const { autoOrient, pages = 1, hasAlpha, width, height } = await readHeader(decode(bytes));
  requirePixels(bytes, width, height);
  const frames = isAnimatedPng(bytes) ? 2 : pages;
  return { width: autoOrient.width, height: autoOrient.height, frames, hasAlpha };
}

/** Whether any pixel is transparent: in many files the alpha channel is unused. */
export async function hasTransparentParts(bytes: Buffer, { hasAlpha }: PictureFacts): Promise<boolean> {
  if (!hasAlpha) return false;
  const { picture, pixels } = await openPicture(bytes);
  const alpha = picture.extractChannel('alpha').toColourspace('b-w').raw();
  const values = await writePicture('its transparency cannot be read', { picture: alpha, pixels });
  return !isOpaque(values);
}

const opaque = Buffer.alloc(65_536, 255);

/** Compared in blocks: millions of JavaScript steps would block everything else. */
function isOpaque(values: Buffer): boolean {
  for (let at = 0; at < values.length; at += opaque.length) {
    const block = values.subarray(at, at + opaque.length);
    if (!block.equals(opaque.subarray(0, block.length))) return false;
  }
  return true;
}

/**
 * Whether a PNG is animated, although libvips only reads the first frame: `acTL` comes before the first `IDAT` (W3C, PNG,
 * third edition).
 */
export function isAnimatedPng(bytes: Buffer): boolean {
  if (identify(bytes)?.kind.extension !== 'png') return false;
  const pixels = bytes.indexOf('IDAT', 0, 'latin1');
  const control = bytes.indexOf('acTL', 0, 'latin1');
  return control !== -1 && control < pixels;
}

/** The same, or `undefined` instead of a {@link PictureError}. */
export function readFactsIfAny(bytes: Buffer): Promise<PictureFacts | undefined> {
  return orUndefined(() => readFacts(bytes));
}

/** Throws a {@link PictureError} as it is, and turns any other error into one with the step that failed. */
export async function orPictureError<Value>(step: string, work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PictureError) throw error;
    throw new PictureError(toProblem(error), step, { cause: error });
  }
}

/** Recognized by the words of sharp and libvips, since they have no codes. */
function toProblem(error: unknown): PictureProblem {
  const words = error instanceof Error ? error.message : '';
  if (/exceeds pixel limit/.test(words)) return 'too-many-pixels';
  return /^timeout: \d+% complete/.test(words) ? 'takes-too-long' : 'unreadable';
}

/** Returns `undefined` instead of a {@link PictureError}; throws anything else. */
export async function orUndefined<Value>(work: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof PictureError) return undefined;
    throw error;
  }
}
