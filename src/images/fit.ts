import sharp, { type Sharp } from 'sharp';
import { type MediaType, sniffType } from './sniff.ts';

export interface FittedFile {
  readonly bytes: Buffer;
  readonly type: MediaType;
}

/** Decoding more than this is refused: a picture that small in bytes can be that large in memory. */
export const maxPixels = 64_000_000;

/** Bytes that are no picture, or one that cannot be decoded. */
export class PictureError extends Error {
  override readonly name = 'PictureError';
}

sharp.cache(false);

/**
 * The file within a limit of bytes: as it is where it fits, else as a JPEG of falling quality, else smaller.
 * Videos are given as they are, or not at all (`undefined`) where they are too large. Throws
 * {@link PictureError} for bytes of no known type.
 */
export async function fitToLimit(bytes: Buffer, limitBytes: number): Promise<FittedFile | undefined> {
  const type = sniffType(bytes);
  if (type === undefined) throw new PictureError('the bytes are neither a picture nor a video');
  if (bytes.length <= limitBytes) return { bytes, type };
  if (type === 'video/mp4') return undefined;
  for (const [quality, scale] of [
    [90, 1],
    [85, 1],
    [85, 0.75],
    [80, 0.5],
    [75, 0.25],
  ] as const) {
    const jpeg = await toJpeg(bytes, quality, scale);
    if (jpeg.length <= limitBytes) return { bytes: jpeg, type: 'image/jpeg' };
  }
  return undefined;
}

/** Width and height in pixels. Throws {@link PictureError} where the bytes cannot be decoded. */
export async function readSize(bytes: Buffer): Promise<{ width: number; height: number }> {
  try {
    const { width, height } = await open(bytes).metadata();
    return { width, height };
  } catch (error) {
    throw toPictureError(error);
  }
}

async function toJpeg(bytes: Buffer, quality: number, scale: number): Promise<Buffer> {
  try {
    const { width } = await readSize(bytes);
    const picture = open(bytes).flatten({ background: '#ffffff' });
    const scaled = scale === 1 ? picture : picture.resize({ width: Math.max(1, Math.round(width * scale)) });
    return await scaled.jpeg({ quality }).toBuffer();
  } catch (error) {
    throw toPictureError(error);
  }
}

function toPictureError(error: unknown): PictureError {
  if (error instanceof PictureError) return error;
  return new PictureError('the picture cannot be decoded', { cause: error });
}

function open(bytes: Buffer): Sharp {
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'warning' });
}
