import {
  hasTransparentParts,
  maxPixels,
  openCanvas,
  openPicture,
  orUndefined,
  PictureError,
  readFacts,
  readFactsIfAny,
  writePicture,
} from './decode.ts';

const quality = 92;
/** The color of a missing picture. */
const emptyColor = '#2b2d31';

/** A grid, and which of its pictures couldn't be read, from 0. */
export interface Grid {
  readonly bytes: Buffer;
  readonly missing: readonly number[];
}

/**
 * Four separate pictures as the grid that Midjourney shows, two by two in reading order. Each tile has the size of the
 * first picture that can be read, or less if the grid would have too many pixels; a tile is empty if its picture is
 * `undefined` or can't be decoded. Throws {@link PictureError} if none can.
 */
export async function composeGrid(pictures: readonly (Buffer | undefined)[]): Promise<Grid> {
  const facts = await Promise.all(
    pictures.map((bytes) => (bytes === undefined ? undefined : readFactsIfAny(bytes))),
  );
  const first = facts.find((one) => one !== undefined);
  if (first === undefined) throw new PictureError('unreadable', 'none of the pictures can be read');
  const size = toTileSize(first);
  const tiles = await Promise.all(
    pictures.map((bytes, index) => (facts[index] === undefined ? undefined : drawTile(bytes, size))),
  );
  const isTransparent = await haveTransparentParts(tiles);
  const { width, height } = size;
  const empty = openCanvas(width, height, emptyColor);
  empty.picture.png();
  const emptyTile = await writePicture('an empty tile cannot be drawn', empty);
  const canvas = openCanvas(2 * width, 2 * height, '#00000000');
  canvas.picture.composite(
    tiles.map((tile, index) => ({
      input: tile ?? emptyTile,
      left: (index % 2) * width,
      top: Math.floor(index / 2) * height,
    })),
  );
  if (isTransparent) canvas.picture.webp({ quality, effort: 2 });
  else canvas.picture.removeAlpha().jpeg({ quality });
  const bytes = await writePicture('the pictures cannot be put together', canvas);
  return { bytes, missing: tiles.flatMap((tile, index) => (tile === undefined ? [index] : [])) };
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size of a drawn tile: four of them have no more pixels than one picture may have. */
export function toTileSize({ width, height }: Size): Size {
  const scale = Math.min(1, Math.sqrt(maxPixels / (4 * width * height)));
  const scaled = (side: number) => Math.max(1, Math.floor(side * scale));
  return { width: scaled(width), height: scaled(height) };
}

async function haveTransparentParts(tiles: readonly (Buffer | undefined)[]): Promise<boolean> {
  for (const tile of tiles)
    if (tile !== undefined && (await hasTransparentParts(tile, await readFacts(tile)))) return true;
  return false;
}

/** Even if the header is intact, the rest may not be. */
function drawTile(bytes: Buffer | undefined, { width, height }: Size): Promise<Buffer | undefined> {
  return orUndefined(async () => {
    if (bytes === undefined) return undefined;
    const opened = await openPicture(bytes);
    opened.picture.resize({ width, height, fit: 'cover' }).png({ compressionLevel: 1 });
    return writePicture('a tile cannot be drawn', opened);
  });
}
