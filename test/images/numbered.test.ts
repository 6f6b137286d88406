import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PictureError } from '../../src/images/decode.ts';
import { digits } from '../../src/images/digits.ts';
import { numberCells } from '../../src/images/numbered.ts';
import { asStoredBy } from '../helpers/files.ts';

const gray = 120;
const plain = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: gray, g: gray, b: gray } } });

/** How bright a drawn picture is at a place, in parts of its sides. */
async function openDrawn(bytes: Buffer) {
  const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
  const at = (x: number, y: number) => data[y * info.width + x] ?? 0;
  return { width: info.width, height: info.height, at };
}

/** The number in a cell's corner as it can be read: each dot is five pixels wide. */
function readNumber(
  { at }: Awaited<ReturnType<typeof openDrawn>>,
  left: number,
  top: number,
  length: number,
) {
  const dot = 5;
  return Array.from({ length }, (_, place) => {
    const drawn = Array.from({ length: 7 }, (_, row) =>
      Array.from({ length: 5 }, (_, column) => {
        const x = left + (1 + place * 6 + column) * dot + 2;
        return at(x, top + (1 + row) * dot + 2) > 180 ? '#' : '.';
      }).join(''),
    );
    return digits.findIndex((digit) => digit.join() === drawn.join());
  });
}

describe('a picture to choose a region from', () => {
  it.each([
    ['wide', 1_456, 816, [1_024, 574]],
    ['tall', 900, 1_350, [683, 1_024]],
    ['small', 96, 64, [1_024, 683]],
  ])('that is %s has its cells numbered from 1 to 25, row by row', async (_what, width, height, size) => {
    const drawn = await openDrawn(await numberCells(await plain(width, height).png().toBuffer()));
    expect([drawn.width, drawn.height]).toEqual(size);
    for (let cell = 0; cell < 25; cell += 1) {
      const left = Math.ceil(((cell % 5) * drawn.width) / 5);
      const top = Math.ceil((Math.floor(cell / 5) * drawn.height) / 5);
      const number = [...String(cell + 1)].map(Number);
      expect(readNumber(drawn, left, top, number.length), `cell ${cell + 1}`).toEqual(number);
    }
  });

  it('has lines where the cells of a mask end, and stays as it is inside of them', async () => {
    const drawn = await openDrawn(await numberCells(await plain(500, 500).png().toBuffer()));
    const edge = Math.ceil(1_024 / 5);
    expect(drawn.at(edge, 100)).toBeGreaterThan(200);
    expect(drawn.at(edge - 3, 100)).toBeLessThan(gray - 30);
    expect(drawn.at(100, 3 * edge - 1)).toBeGreaterThan(180);
    expect(Math.abs(drawn.at(edge + 100, edge + 100) - gray)).toBeLessThan(8);
  });

  it('is upright, as people see it', async () => {
    const stored = await asStoredBy(plain(200, 300), 6);
    const drawn = await openDrawn(await numberCells(stored));
    expect([drawn.width, drawn.height]).toEqual([683, 1_024]);
  });

  it("can be much longer than it's wide", async () => {
    const drawn = await openDrawn(await numberCells(await plain(2_000, 10).png().toBuffer()));
    expect([drawn.width, drawn.height]).toEqual([1_024, 5]);
  });

  it("isn't drawn if its bytes are no picture", async () => {
    await expect(numberCells(Buffer.from('<svg/>'))).rejects.toThrow(PictureError);
  });
});
