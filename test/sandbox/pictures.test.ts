import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { escapeXml, wrap } from '../../sandbox/pictures/caption.ts';
import { drawClip, drawGrid, drawPreview, drawSingle } from '../../sandbox/pictures/draw.ts';
import {
  createViews,
  pan,
  repaint,
  square,
  toAspect,
  type View,
  vary,
  zoomOut,
} from '../../sandbox/pictures/view.ts';

const height = 64;

function createGrid(prompt = 'a fox in the snow', seed = 7, aspect = 1): View[] {
  return createViews({ prompt, seed, aspect });
}

function first(views: readonly View[]): View {
  const [view] = views;
  if (view === undefined) throw new Error('No view');
  return view;
}

/** How different two pictures are, per channel: 0 is identical, 255 black and white. */
async function measureDifference(one: Buffer, other: Buffer): Promise<number> {
  const [here, there] = await Promise.all([one, other].map((picture) => toPixels(picture)));
  if (here === undefined || there === undefined) throw new Error('No pixels');
  const sum = here.reduce((total, value, index) => total + Math.abs(value - (there[index] ?? 0)), 0);
  return sum / here.length;
}

function toPixels(picture: Buffer): Promise<Buffer> {
  return sharp(picture).removeAlpha().resize(height, height, { fit: 'fill' }).raw().toBuffer();
}

describe('a grid', () => {
  test('shows four clearly different tiles', async () => {
    for (const prompt of ['a fox in the snow', 'x', 'neon city street', '一只狐狸']) {
      const tiles = await Promise.all(createGrid(prompt).map((view) => drawSingle(view, { height })));
      for (const [index, tile] of tiles.entries()) {
        for (const other of tiles.slice(index + 1)) {
          expect(await measureDifference(tile, other)).toBeGreaterThan(15);
        }
      }
    }
  });

  test('is the same for the same prompt and seed, and differs for others', async () => {
    const picture = await drawGrid(createGrid(), { height, caption: 'a fox' });
    expect(await drawGrid(createGrid(), { height, caption: 'a fox' })).toEqual(picture);
    expect(
      await measureDifference(picture, await drawGrid(createGrid('a fox in the snow', 8), { height })),
    ).toBeGreaterThan(5);
    expect(
      await measureDifference(picture, await drawGrid(createGrid('a wolf'), { height })),
    ).toBeGreaterThan(5);
  });

  test.each([
    [1, 64],
    [16 / 9, 114],
    [2 / 3, 43],
    [3, 192],
  ])('of aspect %d is %d pixels wide', async (aspect, width) => {
    const { data, info } = await sharp(await drawGrid(createGrid('x', 1, aspect), { height })).toBuffer({
      resolveWithObject: true,
    });
    expect(data.length).toBeGreaterThan(100);
    expect([info.format, info.width, info.height]).toEqual(['png', width, height]);
  });

  test('contains the tiles that U returns', async () => {
    const views = createGrid();
    const grid = await drawGrid(views, { height: 128 });
    for (const [index, view] of views.entries()) {
      const left = (index % 2) * 64;
      const top = index < 2 ? 0 : 64;
      const cut = await sharp(grid).extract({ left, top, width: 64, height: 64 }).png().toBuffer();
      expect(await measureDifference(cut, await drawSingle(view, { height: 128 }))).toBeLessThan(8);
    }
  });

  test.each([
    '<svg onload="x">&\u0000\u0007 \uD800',
    '一只在雪中的狐狸',
    '🦊'.repeat(200),
    'a'.repeat(4000),
    '',
    ' ',
  ])('accepts any prompt as its caption: %j', async (caption) => {
    const picture = await drawGrid(createGrid(caption), { height: 200, caption });
    expect((await sharp(picture).metadata()).width).toBe(200);
  });

  test('is darker at the bottom, behind the caption', async () => {
    const plain = await drawGrid(createGrid(), { height: 400 });
    const captioned = await drawGrid(createGrid(), { height: 400, caption: 'a fox in the snow' });
    expect(await measureDifference(plain, captioned)).toBeGreaterThan(0.5);
  });
});

describe('a follow-up', () => {
  test('zooms out to the same picture, smaller', async () => {
    const view = first(createGrid());
    const zoomed = await drawSingle(zoomOut(view, 2), { height: 128 });
    const middle = await sharp(zoomed).extract({ left: 32, top: 32, width: 64, height: 64 }).png().toBuffer();
    expect(await measureDifference(middle, await drawSingle(view, { height: 128 }))).toBeLessThan(10);
  });

  test.each([
    ['left', 1.5, 32],
    ['right', 1.5, 0],
  ] as const)('pans %s into a wider picture', async (direction, aspect, left) => {
    const view = first(createGrid());
    const panned = pan(view, direction);
    expect(toAspect(panned)).toBe(aspect);
    const picture = await drawSingle(panned, { height: 64 });
    const kept = await sharp(picture).extract({ left, top: 0, width: 64, height: 64 }).png().toBuffer();
    expect(await measureDifference(kept, await drawSingle(view, { height: 64 }))).toBeLessThan(8);
  });

  test('pans up and down into a taller picture, and makes it square again', () => {
    const view = first(createGrid());
    expect(toAspect(pan(view, 'up'))).toBeCloseTo(2 / 3);
    expect(toAspect(pan(view, 'down'))).toBeCloseTo(2 / 3);
    expect(toAspect(square(pan(view, 'down')))).toBe(1);
  });

  test('varies a little or a lot, as requested', async () => {
    const view = first(createGrid());
    const picture = await drawSingle(view, { height });
    const draw = async (strength: number) =>
      measureDifference(picture, await drawSingle(first(vary(view, { seed: 5, strength })), { height }));
    const [subtle, strong] = [await draw(0.12), await draw(0.6)];
    expect(subtle).toBeGreaterThan(0.3);
    expect(strong).toBeGreaterThan(subtle * 1.5);
    expect(subtle).toBeLessThan(25);
  });

  test('repaints where the mask is white and keeps where it is black', async () => {
    const view = first(createGrid());
    const white = await sharp({ create: { width: 32, height: 64, channels: 3, background: 'white' } })
      .png()
      .toBuffer();
    const mask = await sharp({ create: { width: 64, height: 64, channels: 3, background: 'black' } })
      .composite([{ input: white, left: 0, top: 0 }])
      .png()
      .toBuffer();
    const before = await drawSingle(view, { height: 64 });
    const after = await drawSingle(first(repaint(view, { mask, seed: 3, prompt: 'a planet' })), {
      height: 64,
    });
    const half = (picture: Buffer, left: number) =>
      sharp(picture).extract({ left, top: 0, width: 30, height: 64 }).png().toBuffer();
    expect(await measureDifference(await half(before, 0), await half(after, 0))).toBeGreaterThan(10);
    expect(await measureDifference(await half(before, 34), await half(after, 34))).toBeLessThan(1);
  });

  test('keeps the picture if the mask is empty', async () => {
    const view = first(createGrid());
    const [repainted = view] = repaint(view, { mask: Buffer.from('no picture'), seed: 3, prompt: 'x' });
    expect(await drawSingle(repainted, { height })).toEqual(await drawSingle(view, { height }));
  });
});

test('a preview is a WebP that gets sharper', async () => {
  const views = createGrid();
  const whole = await drawGrid(views, { height });
  const early = await drawPreview(views, { height, percent: 15 });
  const late = await drawPreview(views, { height, percent: 93 });
  expect((await sharp(early).metadata()).format).toBe('webp');
  expect(await measureDifference(whole, late)).toBeLessThan(await measureDifference(whole, early));
});

test('a clip is an animated WebP', async () => {
  const { format, pages, width } = await sharp(await drawClip(createGrid(), { height })).metadata();
  expect([format, pages, width]).toEqual(['webp', 16, height]);
});

describe('a caption', () => {
  test('wraps between words, cuts what is too long, and ends after two lines', () => {
    expect(wrap('one two three', 5)).toEqual(['one two', 'three']);
    expect(wrap('one two three four five six', 5)).toEqual(['one two', 'thre…']);
    expect(wrap('雪中的狐狸', 3)).toEqual(['雪中的', '狐狸']);
    expect(wrap('abcdefghijkl', 3)).toEqual(['abcde', 'fghi…']);
    expect(wrap('  ', 3)).toEqual([]);
  });

  test("escapes what XML can't contain", () => {
    expect(escapeXml('<a & "b">\u0000\uFFFE')).toBe('&lt;a &amp; &quot;b&quot;&gt;');
  });
});
