import sharp from 'sharp';
import { maxPixels, PictureError } from './fit.ts';

const quality = 92;

/**
 * Four separate pictures as the grid that Midjourney shows, two by two in reading order; each tile has the size of the
 * first. Throws {@link PictureError} where one cannot be decoded.
 */
export async function composeGrid(pictures: readonly Buffer[]): Promise<Buffer> {
  try {
    const { width, height } = await open(pictures[0]).metadata();
    const tiles = pictures.slice(0, 4).map(async (bytes, index) => ({
      input: await open(bytes).resize({ width, height, fit: 'cover' }).toBuffer(),
      left: (index % 2) * width,
      top: Math.floor(index / 2) * height,
    }));
    const canvas = sharp({
      create: { width: 2 * width, height: 2 * height, channels: 3, background: '#000000' },
    });
    return await canvas
      .composite(await Promise.all(tiles))
      .jpeg({ quality })
      .toBuffer();
  } catch (error) {
    throw new PictureError('the pictures cannot be put together', { cause: error });
  }
}

function open(bytes: Buffer | undefined) {
  return sharp(bytes, { limitInputPixels: maxPixels, failOn: 'warning' });
}
