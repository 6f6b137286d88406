import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PictureError } from '../../src/images/decode.ts';
import { cutQuarter, sizeOfQuarter } from '../../src/images/quarter.ts';
import { asStoredBy, cornerColors, cornersOf, quarters } from '../helpers/files.ts';

describe('a quarter of a grid', () => {
  it.each([1, 2, 3, 4])('is the picture with the number %i, as people see it', async (quarter) => {
    const grid = await (await quarters(64, 48)).png().toBuffer();
    const cut = await cutQuarter(grid, quarter);
    expect(await sharp(cut).metadata()).toMatchObject({ format: 'png', width: 32, height: 24 });
    expect(new Set(await cornersOf(cut))).toEqual(new Set([cornerColors[quarter - 1]]));
  });

  it('is cut the right way up', async () => {
    const stored = await asStoredBy(await quarters(64, 48), 6);
    const cut = await cutQuarter(stored, 2);
    expect(await sharp(cut).metadata()).toMatchObject({ width: 32, height: 24 });
    expect(new Set(await cornersOf(cut))).toEqual(new Set(['lime']));
  });

  it('of an odd grid never reaches into another picture', async () => {
    const grid = await (await quarters(64, 48)).extend({ right: 1, bottom: 1 }).png().toBuffer();
    for (const quarter of [1, 2, 3, 4])
      expect(await sharp(await cutQuarter(grid, quarter)).metadata()).toMatchObject({
        width: 32,
        height: 24,
      });
  });

  it('is at least a pixel', async () => {
    const dot = await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    for (const quarter of [1, 2, 3, 4])
      expect(await sharp(await cutQuarter(dot, quarter)).metadata()).toMatchObject({ width: 1, height: 1 });
    expect(sizeOfQuarter({ width: 1, height: 9 })).toEqual({ width: 1, height: 4 });
  });

  it('needs a picture', async () => {
    await expect(cutQuarter(Buffer.from('no picture'), 1)).rejects.toThrow(PictureError);
  });
});
