import sharp from 'sharp';

/** A part of a picture, in fractions of its width and height. */
export interface Part {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const everything: Part = { x: 0, y: 0, width: 1, height: 1 };

/** One of the four pictures of a grid, from 1 in reading order, or a part of it. */
export function tile(number: number, { x, y, width, height }: Part = everything): Part {
  const [column, row] = [(number - 1) % 2, Math.floor((number - 1) / 2)];
  return { x: (column + x) / 2, y: (row + y) / 2, width: width / 2, height: height / 2 };
}

/** The middle of a picture, that many times smaller than the whole. */
export function middle(across: number, down = across): Part {
  return { x: (1 - 1 / across) / 2, y: (1 - 1 / down) / 2, width: 1 / across, height: 1 / down };
}

export async function sizeOf(bytes: Buffer): Promise<{ width: number; height: number }> {
  const { width, height } = await sharp(bytes).metadata();
  return { width, height };
}

/** What a part looks like from a distance: sixteen by sixteen colors, at any size. */
export async function glance(bytes: Buffer, part: Part = everything): Promise<Buffer> {
  const { width, height } = await sizeOf(bytes);
  const [left, top] = [Math.round(part.x * width), Math.round(part.y * height)];
  const area = {
    left,
    top,
    width: Math.max(1, Math.min(width - left, Math.round(part.width * width))),
    height: Math.max(1, Math.min(height - top, Math.round(part.height * height))),
  };
  return sharp(bytes)
    .extract(area)
    .removeAlpha()
    .toColorspace('srgb')
    .resize(16, 16, { fit: 'fill' })
    .raw()
    .toBuffer();
}

/** From 0, the same, to 255. */
export function unlikeness(one: Buffer, other: Buffer): number {
  return one.reduce((sum, value, index) => sum + Math.abs(value - (other[index] ?? 0)), 0) / one.length;
}

/** How much the colors of a picture differ; 0 for a blank one. */
export async function contrast(bytes: Buffer): Promise<number> {
  const { channels } = await sharp(bytes).stats();
  return Math.max(...channels.map(({ stdev }) => stdev));
}

/** Which of a grid's four pictures is that one. */
export async function findTile(grid: Buffer, single: Buffer): Promise<number> {
  const wanted = await glance(single);
  const distances = await Promise.all(
    [1, 2, 3, 4].map(async (number) => unlikeness(await glance(grid, tile(number)), wanted)),
  );
  return distances.indexOf(Math.min(...distances)) + 1;
}

/** How many frames an MP4 has, according to its sample table; fails for anything else. */
export function countFrames(bytes: Buffer): number {
  if (bytes.toString('latin1', 4, 8) !== 'ftyp') throw new Error('no MP4 begins like that');
  return bytes.readUInt32BE(bytes.indexOf('stsz') + 12);
}
