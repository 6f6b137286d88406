import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PictureError } from '../../src/images/decode.ts';
import { maskOfCells, maskOfPicture } from '../../src/images/mask.ts';

/** All pixels, 0 to 255, row by row. */
async function pixelsOf(png: Buffer) {
  const { data, info } = await sharp(png).greyscale().raw().toBuffer({ resolveWithObject: true });
  return { values: [...data], width: info.width, height: info.height, channels: info.channels };
}

const of = (perSide: number, ...cells: number[]) => ({ cells, perSide });

const picture = (background: string) => sharp({ create: { width: 40, height: 40, channels: 4, background } });

/** That picture with a box in it. */
const withBox = (background: string, box: { width: number; height: number; color: string; at: number }) => {
  const { width, height, color, at } = box;
  const create = { width, height, channels: 4 as const, background: color };
  return sharp({ create: { width: 40, height: 40, channels: 4, background } }).composite([
    { input: { create }, left: at, top: at },
  ]);
};

describe('a mask of cells', () => {
  it('is white in the cells and black elsewhere, down to the last pixel, at any size', async () => {
    const { values, width, height } = await pixelsOf(
      await maskOfCells({ width: 7, height: 5 }, of(3, 2, 3, 4)),
    );
    expect([width, height]).toEqual([7, 5]);
    const rows = Array.from({ length: 5 }, (_, y) =>
      values
        .slice(y * 7, y * 7 + 7)
        .map((value) => (value === 255 ? '#' : value === 0 ? '.' : '?'))
        .join(''),
    );
    expect(rows).toEqual(['...####', '...####', '###....', '###....', '.......']);
  });

  it.each([
    [1, 'white in the top left', 0, 0],
    [2, 'in the top middle', 0, 1],
    [3, 'in the top right', 0, 2],
    [4, 'in the middle left', 1, 0],
    [6, 'in the middle right', 1, 2],
    [7, 'in the bottom left', 2, 0],
    [8, 'in the bottom middle', 2, 1],
    [9, 'in the bottom right', 2, 2],
  ])('is, for cell %i, %s', async (cell, _where, row, column) => {
    // Wider than high, and its cells differ in size.
    const { values } = await pixelsOf(await maskOfCells({ width: 8, height: 4 }, of(3, cell)));
    const [left, right] = [
      [0, 3],
      [3, 6],
      [6, 8],
    ][column] as [number, number];
    const [top, bottom] = [
      [0, 2],
      [2, 3],
      [3, 4],
    ][row] as [number, number];
    const white = values.flatMap((value, index) =>
      value === 255 ? [[index % 8, Math.floor(index / 8)]] : [],
    );
    const expected = [];
    for (let y = top; y < bottom; y += 1) for (let x = left; x < right; x += 1) expected.push([x, y]);
    expect(white).toEqual(expected);
  });

  it('is white in all of several cells, even off the diagonal', async () => {
    const { values } = await pixelsOf(await maskOfCells({ width: 3, height: 3 }, of(3, 2, 3, 7)));
    expect(values.map((value) => (value === 255 ? 1 : 0))).toEqual([0, 1, 1, 0, 0, 0, 1, 0, 0]);
  });

  it('of a finer grid has its cells where they are numbered', async () => {
    const { values } = await pixelsOf(await maskOfCells({ width: 5, height: 5 }, of(5, 1, 8, 25)));
    const white = values.flatMap((value, index) => (value === 255 ? [index + 1] : []));
    expect(white).toEqual([1, 8, 25]);
  });

  it('is an opaque PNG', async () => {
    const metadata = await sharp(await maskOfCells({ width: 30, height: 30 }, of(3, 5))).metadata();
    expect(metadata).toMatchObject({ format: 'png', hasAlpha: false });
  });

  it.each([
    ['nothing', []],
    ['everything', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
  ])('is refused for %s', async (_what, cells) => {
    await expect(maskOfCells({ width: 9, height: 9 }, of(3, ...cells))).rejects.toThrow(PictureError);
  });
});

describe('a mask of a picture', () => {
  it('has the size of the picture it is for, and nothing between black and white', async () => {
    const box = { width: 24, height: 24, color: '#e0e0c0e6', at: 8 };
    const hard = await withBox('#202020', box).png().toBuffer();
    const soft = await sharp(hard).blur(2).png().toBuffer();
    const { values, width, height } = await pixelsOf(await maskOfPicture(soft, { width: 80, height: 80 }));
    expect([width, height]).toEqual([80, 80]);
    expect(new Set(values)).toEqual(new Set([0, 255]));
    expect(values[40 * 80 + 40]).toBe(255);
    expect(values[0]).toBe(0);
  });

  it('treats transparent parts as what stays', async () => {
    const { values } = await pixelsOf(
      await maskOfPicture(
        await withBox('#00000000', { width: 20, height: 40, color: 'white', at: 0 }).png().toBuffer(),
        { width: 4, height: 4 },
      ),
    );
    expect(values.slice(0, 4)).toEqual([255, 255, 0, 0]);
  });

  it.each([
    ['of its size', 40, 40],
    ['larger', 300, 300],
    ['smaller', 7, 7],
    ['a rounded copy of a wide picture', 1_365, 768],
  ])('fits a picture that is %s', async (_what, width, height) => {
    const half = withBox('black', { width: 20, height: 40, color: 'white', at: 0 });
    const made = await half.png().toBuffer();
    const wide = await sharp(made).resize({ width: 320, height: 180, fit: 'fill' }).png().toBuffer();
    const mask = await maskOfPicture(width === height ? made : wide, { width, height });
    expect(await sharp(mask).metadata()).toMatchObject({ width, height });
  });

  it.each([
    ['half as high', 40, 20],
    ['half as wide', 20, 40],
    ['a little wider', 42, 38],
    ['turned', 90, 160],
  ])('does not fit a picture that is %s', async (_what, width, height) => {
    const half = await withBox('black', { width: 20, height: 40, color: 'white', at: 0 }).png().toBuffer();
    await expect(maskOfPicture(half, { width, height })).rejects.toMatchObject({ problem: 'mask-shape' });
  });

  it.each([
    ['all black', picture('black').png().toBuffer()],
    ['all white', picture('white').png().toBuffer()],
    ['none', Promise.resolve(Buffer.from('not a picture'))],
  ])('is refused if it is %s', async (_what, bytes) => {
    await expect(maskOfPicture(await bytes, { width: 9, height: 9 })).rejects.toThrow(PictureError);
  });
});
