import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PictureError } from '../../src/images/decode.ts';
import { composeGrid, toTileSize } from '../../src/images/grid.ts';
import { asStoredBy, cornersOf, fixture, quarters, withoutScanRange } from '../helpers/files.ts';

const tile = (background: string, { width = 40, height = 60 } = {}) =>
  sharp({ create: { width, height, channels: 3, background } });

describe('a grid of four pictures', () => {
  it('shows each one right way up, in the size of the first', async () => {
    const { bytes, missing } = await composeGrid([
      await asStoredBy(tile('red'), 6),
      await tile('lime', { width: 80, height: 120 }).withIccProfile('p3').png().toBuffer(),
      withoutScanRange(await tile('blue').jpeg().toBuffer()),
      await tile('white').avif().toBuffer(),
    ]);
    expect(await sharp(bytes).metadata()).toMatchObject({ format: 'jpeg', width: 80, height: 120 });
    expect(await cornersOf(bytes)).toEqual(['red', 'lime', 'blue', 'white']);
    expect(missing).toEqual([]);
  });

  it('turns a tile upright that is stored on its side', async () => {
    const upright = await quarters(60, 40);
    const { bytes } = await composeGrid([
      await asStoredBy(upright, 8),
      ...(await Promise.all(['red', 'red', 'red'].map((color) => tile(color).png().toBuffer()))),
    ]);
    const { width, height } = await sharp(bytes).metadata();
    expect([width, height]).toEqual([120, 80]);
    const first = await sharp(bytes).extract({ left: 0, top: 0, width: 60, height: 40 }).png().toBuffer();
    expect(await cornersOf(first)).toEqual(['red', 'lime', 'blue', 'white']);
  });

  it.each([
    ['never came', async () => undefined],
    ['is a web page', async () => Buffer.from('<html>')],
    ['ends within its header', async () => (await tile('red').jpeg().toBuffer()).subarray(0, 100)],
    [
      'has a sound header and nothing sound behind it',
      async () => (await fixture('still.avif')).subarray(0, 400),
    ],
  ])('leaves an empty tile for one that %s, and says which', async (_what, make) => {
    const [one, three, four] = await Promise.all(
      ['red', 'blue', 'white'].map((color) => tile(color).png().toBuffer()),
    );
    const { bytes, missing } = await composeGrid([one, await make(), three, four]);
    expect(await cornersOf(bytes)).toEqual(['red', '?', 'blue', 'white']);
    expect(missing).toEqual([1]);
  });

  it('takes the size of the first that can be read', async () => {
    const others = await Promise.all(['lime', 'blue', 'white'].map((color) => tile(color).png().toBuffer()));
    const { bytes } = await composeGrid([Buffer.from('none'), ...others]);
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 80, height: 120 });
    expect(await cornersOf(bytes)).toEqual(['?', 'lime', 'blue', 'white']);
  });

  it('keeps the look of a 16-bit tile with a profile', async () => {
    const color = { r: 200, g: 120, b: 60 };
    const one = sharp({ create: { width: 40, height: 60, channels: 3, background: color } });
    const deep = await one.toColorspace('rgb16').withIccProfile('p3').png().toBuffer();
    const { bytes } = await composeGrid([deep, deep, deep, deep]);
    const pixel = [...(await sharp(bytes).raw().toBuffer()).subarray(0, 3)];
    expect(pixel.every((value, index) => Math.abs(value - ([200, 120, 60][index] ?? 0)) < 8)).toBe(true);
  });

  it('stays transparent if a tile is', async () => {
    const clear = sharp({ create: { width: 40, height: 60, channels: 4, background: '#00000000' } });
    const others = await Promise.all(['lime', 'blue', 'white'].map((color) => tile(color).png().toBuffer()));
    const { bytes } = await composeGrid([await clear.webp().toBuffer(), ...others]);
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true });
    expect([info.channels, data[3], data[data.length - 1]]).toEqual([4, 0, 255]);
  });

  it.each([
    [
      { width: 4_000, height: 4_000 },
      { width: 4_000, height: 4_000 },
    ],
    [
      { width: 4_096, height: 4_096 },
      { width: 4_000, height: 4_000 },
    ],
    [
      { width: 8_000, height: 8_000 },
      { width: 4_000, height: 4_000 },
    ],
    [
      { width: 64_000_000, height: 1 },
      { width: 32_000_000, height: 1 },
    ],
    [
      { width: 300, height: 200 },
      { width: 300, height: 200 },
    ],
  ])('has no more pixels than one picture may have: from four of %o', (picture, tileSize) => {
    expect(toTileSize(picture)).toEqual(tileSize);
  });

  it('is refused if none can be read', async () => {
    await expect(composeGrid([undefined, undefined, Buffer.from('x'), undefined])).rejects.toThrow(
      PictureError,
    );
  });
});
