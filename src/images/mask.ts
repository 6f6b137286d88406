import { startOfCell } from './cells.ts';
import { openPicture, openShades, PictureError, readFacts, writePicture } from './decode.ts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

const threshold = 128;
/** How much a side may differ once the others are equally long: a smaller copy of a picture has rounded sides. */
const tolerance = 0.02;

/** Cells of a grid that has `perSide` rows of as many cells, numbered row by row from 1. */
export interface Cells {
  readonly cells: readonly number[];
  readonly perSide: number;
}

/** A mask for these cells: an opaque PNG of that size, white in the cells, black elsewhere. */
export async function maskOfCells({ width, height }: Size, { cells, perSide }: Cells): Promise<Buffer> {
  const pixels = Buffer.alloc(width * height);
  // Pixel by pixel, a large picture would block everything else for seconds.
  for (let row = 0; row < perSide; row += 1) {
    const line = Buffer.alloc(width);
    for (const cell of cells) {
      const column = cell - 1 - row * perSide;
      if (column >= 0 && column < perSide)
        line.fill(255, startOfCell(column, width, perSide), startOfCell(column + 1, width, perSide));
    }
    const [top, bottom] = [startOfCell(row, height, perSide), startOfCell(row + 1, height, perSide)];
    pixels.fill(line, top * width, bottom * width);
  }
  return toMask(pixels, { width, height });
}

/**
 * A mask from a picture of any size, as people see it: bright parts become white, everything else black, transparent parts
 * too. Throws {@link PictureError} if the bytes aren't a picture, or one of another shape: stretched, it would mean other parts.
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
  const mask = await toMask(await writePicture('the mask cannot be decoded', opened), { width, height });
  if (hasShape(await readFacts(bytes), { width, height })) return mask;
  throw new PictureError('mask-shape', 'the mask has another shape than its picture');
}

function hasShape(mask: Size, picture: Size): boolean {
  const height = (mask.width * picture.height) / picture.width;
  const width = (mask.height * picture.width) / picture.height;
  const isNear = (one: number, other: number) => Math.abs(one - other) <= Math.max(1, other * tolerance);
  return isNear(height, mask.height) || isNear(width, mask.width);
}

/** Throws {@link PictureError} if nothing would be painted, or everything. */
async function toMask(shades: Buffer, { width, height }: Size): Promise<Buffer> {
  if (!shades.includes(255)) throw new PictureError('mask-empty', 'the mask is empty');
  if (!shades.includes(0)) throw new PictureError('mask-full', 'the mask covers everything');
  const opened = openShades(shades, width, height);
  opened.picture.png();
  return writePicture('the mask cannot be written', opened);
}
