import { openPicture, openShades, PictureError, writePicture } from './decode.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** A picture has three by three cells, numbered row by row from 1. */
export const cellCount = 9;
const cellsPerSide = 3;
const threshold = 128;

/** A mask for these cells: an opaque PNG of that size, white in the cells, black elsewhere. */
export async function maskOfCells({ width, height }: Size, cells: readonly number[]): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height);
  // Pixel by pixel, a large picture would block everything else for seconds.
  for (let row = 0; row < cellsPerSide; row += 1) {
    const line = Buffer.alloc(width);
    for (const cell of cells) {
      const column = cell - 1 - row * cellsPerSide;
      if (column >= 0 && column < cellsPerSide)
        line.fill(255, startOfCell(column, width), startOfCell(column + 1, width));
    }
    pixels.fill(line, startOfCell(row, height) * width, startOfCell(row + 1, height) * width);
  }
  return toMask(pixels, { width, height });
}

function startOfCell(index: number, side: number): number {
  return Math.ceil((index * side) / cellsPerSide);
}

/**
 * A mask from a picture of any size, as people see it: bright parts become white, everything else black, transparent parts
 * too. Throws {@link PictureError} if the bytes aren't a picture.
 */
export async function maskOfPicture(bytes: Buffer, { width, height }: Size): Promise<Buffer> {
  const opened = await openPicture(bytes);
  opened.picture
    .flatten({ background: '#000000' })
    .resize({ width, height, fit: 'fill', kernel: 'nearest' })
    .greyscale()
    .threshold(threshold)
    .toColourspace('b-w')
    .raw();
  return toMask(await writePicture('the mask cannot be decoded', opened), { width, height });
}

/** Throws {@link PictureError} if nothing would be painted, or everything. */
async function toMask(shades: Buffer, { width, height }: Size): Promise<Buffer> {
  if (!shades.includes(255)) throw new PictureError('mask-empty', 'the mask is empty');
  if (!shades.includes(0)) throw new PictureError('mask-full', 'the mask covers everything');
  const opened = openShades(shades, width, height);
  opened.picture.png();
  return writePicture('the mask cannot be written', opened);
}
