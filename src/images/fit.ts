import {
  hasTransparentParts,
  isAnimatedPng,
  type OpenPicture,
  openPicture,
  PictureError,
  type PictureFacts,
  readFacts,
  writePicture,
} from './decode.ts';
import { type FileKind, identify } from './sniff.ts';

/** The form that somebody takes pictures in. */
export interface PictureForm {
  /** MIME types; JPEG is always one of them. */
  readonly types: readonly string[];
  readonly mostBytes: number;
  /** Whether an animation may stay one; otherwise it becomes its first frame. */
  readonly takesAnimations: boolean;
}

export interface FittedFile {
  readonly bytes: Buffer;
  readonly kind: FileKind;
}

/** WebP's limit for each side, in pixels; JPEG's is four times as high. */
const mostWebpSide = 16_383;
const smallestScale = 0.1;
/** The quality of pictures that are made smaller. */
const smallQuality = 78;
const smallerTries = [smallQuality, smallQuality, smallQuality, smallQuality];

/**
 * A picture in that form. If it already has that form, it stays as it is. Otherwise it's encoded again, upright and in
 * sRGB, as WebP if it's animated or has transparent parts, else as JPEG: with less quality, then smaller, until it fits.
 * Returns `undefined` if nothing fits. Throws {@link PictureError} if it isn't a picture or can't be decoded, unless the
 * original is good enough.
 */
export async function fitPicture(bytes: Buffer, form: PictureForm): Promise<FittedFile | undefined> {
  const facts = await readFacts(bytes);
  const original = identify(bytes);
  const isTaken =
    original !== undefined &&
    form.types.includes(original.kind.type) &&
    original.bytes.length <= form.mostBytes;
  if (isTaken && (facts.frames === 1 || form.takesAnimations)) return original;
  try {
    if (facts.frames === 1 || !form.takesAnimations) return await shrinkStill(bytes, form, facts);
    return isAnimatedPng(bytes) ? undefined : await shrinkAnimation(bytes, form.mostBytes, facts.width);
  } catch (error) {
    if (isTaken && error instanceof PictureError) return original;
    throw error;
  }
}

/** Types that Discord shows in a message (its reference, embed images). */
const shownTypes = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** Whether Discord shows or plays such a file instead of offering it for download. */
export function isShown({ use, type }: FileKind): boolean {
  return use === 'video' || shownTypes.includes(type);
}

/**
 * A file for a Discord message within a byte limit. Pictures are made to fit; everything else, and what can't be decoded,
 * stays as it is, or is `undefined` if it's too large. Throws {@link PictureError} for bytes of an unknown type.
 */
export async function fitToLimit(bytes: Buffer, limitBytes: number): Promise<FittedFile | undefined> {
  const original = identify(bytes);
  if (original === undefined || original.kind.use === 'none')
    throw new PictureError('type', 'the bytes are neither a picture nor a video', { kind: original?.kind });
  const isSmall = original.bytes.length <= limitBytes;
  const canDecode = original.kind.use === 'picture';
  if (isSmall && (isShown(original.kind) || !canDecode)) return original;
  if (!canDecode) return undefined;
  try {
    return await fitPicture(bytes, { types: shownTypes, mostBytes: limitBytes, takesAnimations: true });
  } catch (error) {
    if (isSmall && error instanceof PictureError) return original;
    throw error;
  }
}

async function shrinkStill(
  bytes: Buffer,
  { types, mostBytes }: PictureForm,
  facts: PictureFacts,
): Promise<FittedFile | undefined> {
  const { width, height } = facts;
  const isWebp = types.includes('image/webp') && (await hasTransparentParts(bytes, facts));
  const mostScale = isWebp ? Math.min(1, mostWebpSide / Math.max(width, height)) : 1;
  return shrink({ mostBytes, mostScale, qualities: [90, 80] }, async (quality, scale) => {
    const opened = await openPicture(bytes);
    const { picture } = opened;
    if (scale < 1) picture.resize({ width: Math.max(1, Math.floor(width * scale)) });
    if (isWebp) picture.webp({ quality, effort: 2 });
    else picture.flatten({ background: '#ffffff' }).jpeg({ quality });
    return opened;
  });
}

function shrinkAnimation(bytes: Buffer, mostBytes: number, width: number): Promise<FittedFile | undefined> {
  return shrink({ mostBytes, mostScale: 1, qualities: [80] }, async (quality, scale) => {
    const opened = await openPicture(bytes, { isAnimated: true });
    if (scale < 1) opened.picture.resize({ width: Math.max(1, Math.floor(width * scale)) });
    opened.picture.webp({ quality, effort: 1 });
    return opened;
  });
}

/** Tries each quality at full size, then shrinks by as much as the last try was too large. */
async function shrink(
  { mostBytes, mostScale, qualities }: { mostBytes: number; mostScale: number; qualities: readonly number[] },
  draw: (quality: number, scale: number) => Promise<OpenPicture>,
): Promise<FittedFile | undefined> {
  let scale = mostScale;
  let bytes = await encode(() => draw(qualities[0] ?? smallQuality, scale));
  for (const quality of [...qualities.slice(1), ...smallerTries]) {
    if (bytes.length <= mostBytes) break;
    if (quality === smallQuality) scale *= Math.min(0.9, Math.sqrt(mostBytes / bytes.length) * 0.95);
    if (scale < smallestScale) return undefined;
    bytes = await encode(() => draw(quality, scale));
  }
  return bytes.length <= mostBytes ? identify(bytes) : undefined;
}

async function encode(draw: () => Promise<OpenPicture>): Promise<Buffer> {
  return writePicture('it cannot be encoded again', await draw());
}
