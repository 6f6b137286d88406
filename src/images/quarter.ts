import { openPicture, readFacts, writePicture } from './decode.ts';
import type { Size } from './mask.ts';

/** The size of each quarter of a grid. */
export function sizeOfQuarter({ width, height }: Size): Size {
  return { width: Math.max(1, Math.floor(width / 2)), height: Math.max(1, Math.floor(height / 2)) };
}

/** The size of what is meant of a picture: all of it, or a quarter. */
export function sizeOfPart({ quarter }: { readonly quarter?: number }, { width, height }: Size): Size {
  return quarter === undefined ? { width, height } : sizeOfQuarter({ width, height });
}

/**
 * One picture of a grid, numbered from 1 in reading order, as a PNG: nothing is lost. Throws a `PictureError` if the bytes aren't
 * a picture.
 */
export async function cutQuarter(bytes: Buffer, quarter: number): Promise<Buffer> {
  const whole = await readFacts(bytes);
  const { width, height } = sizeOfQuarter(whole);
  const opened = await openPicture(bytes);
  const left = quarter % 2 === 1 ? 0 : whole.width - width;
  const top = quarter <= 2 ? 0 : whole.height - height;
  opened.picture.extract({ left, top, width, height }).png();
  return writePicture('the grid cannot be cut', opened);
}
