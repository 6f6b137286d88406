import sharp from 'sharp';
import {
  hasTransparentParts,
  openPicture,
  orPictureError,
  orUndefined,
  PictureError,
  type PictureFacts,
  readFacts,
  readFactsIfAny,
} from './decode.ts';

const quality = 92;
/** Where a picture is missing. */
const emptyColor = '#2b2d31';

/** A grid, and which of its pictures could not be read, from 0. */
export interface Grid {
  readonly bytes: Buffer;
  readonly missing: readonly number[];
}

/**
 * Four separate pictures as the grid that Midjourney shows, two by two in reading order; each tile has the size of the
 * first that can be read, and an empty one stands for each that is `undefined` or cannot be decoded. Throws
 * {@link PictureError} if none can.
 */
export async function composeGrid(pictures: readonly (Buffer | undefined)[]): Promise<Grid> {
  const facts = await Promise.all(
    pictures.map((bytes) => (bytes === undefined ? undefined : readFactsIfAny(bytes))),
  );
  const first = facts.find((one) => one !== undefined);
  if (first === undefined) throw new PictureError('unreadable', 'none of the pictures can be read');
  const { width, height } = first;
  const tiles = await Promise.all(
    pictures.map((bytes, index) => (facts[index] === undefined ? undefined : drawTile(bytes, first))),
  );
  const isTransparent = await haveTransparentParts(tiles);
  const empty = await sharp({ create: { width, height, channels: 3, background: emptyColor } })
    .png()
    .toBuffer();
  const canvas = sharp({
    create: { width: 2 * width, height: 2 * height, channels: 4, background: '#00000000' },
  }).composite(
    tiles.map((tile, index) => ({
      input: tile ?? empty,
      left: (index % 2) * width,
      top: Math.floor(index / 2) * height,
    })),
  );
  const bytes = await orPictureError('the pictures cannot be put together', () =>
    (isTransparent ? canvas.webp({ quality, effort: 2 }) : canvas.removeAlpha().jpeg({ quality })).toBuffer(),
  );
  return { bytes, missing: tiles.flatMap((tile, index) => (tile === undefined ? [index] : [])) };
}

async function haveTransparentParts(tiles: readonly (Buffer | undefined)[]): Promise<boolean> {
  for (const tile of tiles)
    if (tile !== undefined && (await hasTransparentParts(tile, await readFacts(tile)))) return true;
  return false;
}

/** A sound header doesn't mean that the rest is sound. */
async function drawTile(
  bytes: Buffer | undefined,
  { width, height }: PictureFacts,
): Promise<Buffer | undefined> {
  if (bytes === undefined) return undefined;
  const draw = async () => {
    const picture = await openPicture(bytes);
    return picture.resize({ width, height, fit: 'cover' }).png({ compressionLevel: 1 }).toBuffer();
  };
  return orUndefined(() => orPictureError('a tile cannot be drawn', draw));
}
