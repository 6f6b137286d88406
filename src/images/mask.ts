import sharp from 'sharp';
import { openPicture, orPictureError, PictureError } from './decode.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture is divided into three by three cells, numbered row by row from 1. */
export const cellCount = 9;
const cellsPerSide = 3;
const threshold = 128;

/** A mask for those cells: an opaque PNG of that size, white in the cells, black elsewhere. */
export async function maskOfCells({ width, height }: Size, cells: readonly number[]): Promise<Buffer> {
  const white = new Set(cells);
  const pixels = Buffer.alloc(width * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const row = Math.floor((y * cellsPerSide) / height);
      const column = Math.floor((x * cellsPerSide) / width);
      if (white.has(row * cellsPerSide + column + 1)) pixels[y * width + x] = 255;
    }
  }
  return toMask(pixels, { width, height });
}

/**
 * A mask out of a picture of any size, as people see it: what is bright becomes white, all else black, transparent parts
 * too. Throws {@link PictureError} if the bytes aren't a picture.
 */
export async function maskOfPicture(bytes: Buffer, { width, height }: Size): Promise<Buffer> {
  const picture = await openPicture(bytes);
  const pixels = await orPictureError('the mask cannot be decoded', () =>
    picture
      .flatten({ background: '#000000' })
      .resize({ width, height, fit: 'fill', kernel: 'nearest' })
      .greyscale()
      .threshold(threshold)
      .toColourspace('b-w')
      .raw()
      .toBuffer(),
  );
  return toMask(pixels, { width, height });
}

/** Throws {@link PictureError} if nothing is to be painted, or everything. */
async function toMask(pixels: Buffer, { width, height }: Size): Promise<Buffer> {
  const white = pixels.reduce((count, value) => count + (value === 255 ? 1 : 0), 0);
  if (white === 0) throw new PictureError('mask-empty', 'the mask is empty');
  if (white === width * height) throw new PictureError('mask-full', 'the mask covers everything');
  return sharp(pixels, { raw: { width, height, channels: 1 } })
    .png()
    .toBuffer();
}
