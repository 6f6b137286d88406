import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { PictureError, readFacts } from '../../src/images/decode.ts';
import { type FittedFile, fitPicture, fitToLimit } from '../../src/images/fit.ts';
import {
  animation,
  asStoredBy,
  cornerColors,
  cornersOf,
  fixture,
  quarters,
  withChunk,
  withoutScanRange,
  withPngSize,
} from '../helpers/files.ts';
import { adobeRgb } from '../helpers/profiles.ts';

const anything = { types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'], takesAnimations: true };

function use(fitted: FittedFile | undefined): Buffer {
  if (fitted === undefined) throw new Error('nothing fits');
  return fitted.bytes;
}

/** The first pixel, as a viewer that only knows sRGB shows it. */
async function pixelOf(bytes: Buffer): Promise<number[]> {
  const { data } = await sharp(bytes, { ignoreIcc: true }).raw().toBuffer({ resolveWithObject: true });
  return [...data.subarray(0, 3)];
}

const isNear = (one: number[], other: number[], by = 12) =>
  one.every((value, index) => Math.abs(value - (other[index] ?? 0)) <= by);

describe('a picture that fits', () => {
  it('keeps its exact bytes', async () => {
    const bytes = await asStoredBy(await quarters(60, 40), 6);
    expect(use(await fitToLimit(bytes, bytes.length))).toEqual(bytes);
    expect(use(await fitPicture(bytes, { ...anything, mostBytes: bytes.length }))).toEqual(bytes);
  });
});

describe('a picture that is shrunk', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])(
    'is right way up, stored with EXIF orientation %i',
    async (orientation) => {
      const stored = await asStoredBy(await quarters(120, 80, { hasNoise: true }), orientation);
      expect(await cornersOf(stored)).toEqual(cornerColors);
      const shrunk = use(await fitToLimit(stored, Math.floor(stored.length * 0.7)));
      expect(shrunk.length).toBeLessThan(stored.length);
      const { width = 0, height = 0, orientation: left = 1 } = await sharp(shrunk).metadata();
      expect([width / height > 1.4, left]).toEqual([true, 1]);
      expect(await cornersOf(shrunk)).toEqual(cornerColors);
    },
  );

  it.each(['png', 'webp'] as const)('is right way up, as a %s with an orientation', async (format) => {
    const upright = await quarters(120, 80, { hasNoise: true });
    const stored = await upright.rotate(270)[format]().withMetadata({ orientation: 6 }).toBuffer();
    expect(await cornersOf(stored)).toEqual(cornerColors);
    const shrunk = use(await fitToLimit(stored, Math.floor(stored.length / 2)));
    expect(await cornersOf(shrunk)).toEqual(cornerColors);
  });

  it('has the size that people see', async () => {
    const stored = await asStoredBy(await quarters(60, 40), 6);
    expect(await sharp(stored).metadata()).toMatchObject({ width: 40, height: 60 });
    expect(await readFacts(stored)).toMatchObject({ width: 60, height: 40 });
  });

  const color = { r: 200, g: 120, b: 60 };
  const plain = () => sharp({ create: { width: 64, height: 64, channels: 3, background: color } });

  it.each([
    ['Display P3', async () => plain().withIccProfile('p3').jpeg({ quality: 100 }).toBuffer()],
    [
      'Display P3 of 16 bits',
      async () => plain().toColorspace('rgb16').withIccProfile('p3').png({ compressionLevel: 0 }).toBuffer(),
    ],
    ['16 bits', async () => plain().toColorspace('rgb16').png({ compressionLevel: 0 }).toBuffer()],
  ])('keeps its look: %s', async (_name, make) => {
    const bytes = await make();
    const shrunk = use(await fitToLimit(bytes, bytes.length - 1));
    expect(shrunk.length).toBeLessThan(bytes.length);
    expect(isNear(await pixelOf(shrunk), [200, 120, 60], 8)).toBe(true);
  });

  it('keeps its look: CMYK', async () => {
    const bytes = await plain().toColorspace('cmyk').withIccProfile('cmyk').jpeg({ quality: 100 }).toBuffer();
    const shown = await pixelOf(await sharp(bytes).toColorspace('srgb').png().toBuffer());
    const shrunk = use(await fitToLimit(bytes, bytes.length - 1));
    expect(await sharp(shrunk).metadata()).toMatchObject({ space: 'srgb', channels: 3 });
    expect(isNear(await pixelOf(shrunk), shown)).toBe(true);
    expect(isNear(shown, [200, 120, 60], 60)).toBe(true);
  });

  it('keeps its look: Adobe RGB', async () => {
    const bytes = await adobeRgb(64, [150, 180, 60]);
    const shown = await pixelOf(await sharp(bytes).png().toBuffer());
    expect(isNear(shown, [150, 180, 60], 5)).toBe(false);
    const shrunk = use(await fitToLimit(bytes, bytes.length - 1));
    expect(isNear(await pixelOf(shrunk), shown)).toBe(true);
  });

  it('keeps its look: gray', async () => {
    const bytes = await (await quarters(64, 64, { hasNoise: true })).greyscale().png().toBuffer();
    const before = await sharp(bytes).resize(8, 8).raw().toBuffer();
    const after = await sharp(use(await fitToLimit(bytes, bytes.length - 1)))
      .resize(8, 8)
      .raw()
      .toBuffer();
    expect(isNear([...before.subarray(0, 3)], [...after.subarray(0, 3)], 25)).toBe(true);
  });

  it.each(['png', 'webp', 'avif'] as const)('stays transparent: %s', async (format) => {
    const noise = await (await quarters(64, 64, { hasNoise: true })).ensureAlpha().png().toBuffer();
    const hole = {
      input: { create: { width: 32, height: 64, channels: 4 as const, background: '#000' } },
      left: 0,
      top: 0,
    };
    const bytes = await sharp(noise)
      .composite([{ ...hole, blend: 'dest-out' }])
      [format]()
      .toBuffer();
    const shrunk = use(await fitToLimit(bytes, format === 'avif' ? 100_000 : Math.floor(bytes.length / 2)));
    const { data, info } = await sharp(shrunk).raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(4);
    expect([data[3], data[info.width * 4 - 1]]).toEqual([0, 255]);
  });

  it('becomes a JPEG if its alpha channel is opaque', async () => {
    const bytes = await (await quarters(64, 64, { hasNoise: true })).ensureAlpha().png().toBuffer();
    expect(await sharp(bytes).metadata()).toMatchObject({ hasAlpha: true });
    const fitted = await fitToLimit(bytes, Math.floor(bytes.length / 2));
    expect(fitted?.kind.type).toBe('image/jpeg');
    expect(await cornersOf(use(fitted))).toEqual(cornerColors);
  });

  it('is flattened on white if only JPEG is accepted', async () => {
    const clear = sharp({ create: { width: 64, height: 64, channels: 4, background: '#00000000' } });
    const bytes = await clear.png({ compressionLevel: 0 }).toBuffer();
    const fitted = await fitPicture(bytes, {
      types: ['image/jpeg'],
      mostBytes: 10_000,
      takesAnimations: false,
    });
    expect(fitted?.kind.type).toBe('image/jpeg');
    expect(isNear(await pixelOf(use(fitted)), [255, 255, 255])).toBe(true);
  });

  it('is as large as fits, and absent if nothing helps', async () => {
    const bytes = await (await quarters(256, 256, { hasNoise: true })).png().toBuffer();
    const fitted = await fitToLimit(bytes, 20_000);
    expect(fitted?.kind.type).toBe('image/jpeg');
    expect(use(fitted).length).toBeLessThanOrEqual(20_000);
    expect(use(fitted).length).toBeGreaterThan(10_000);
    expect(await fitToLimit(bytes, 100)).toBeUndefined();
    expect(await fitToLimit(await fixture('film.mp4'), 50)).toBeUndefined();
  });
});

describe('an animation', () => {
  it.each(['webp', 'gif'] as const)('is shrunk with all its frames and its duration: %s', async (format) => {
    const bytes = await animation(format, 96);
    const shrunk = use(await fitToLimit(bytes, Math.floor(bytes.length / 3)));
    expect(shrunk.length).toBeLessThanOrEqual(bytes.length / 3);
    expect(await sharp(shrunk).metadata()).toMatchObject({ pages: 3, delay: [100, 200, 300], loop: 2 });
  });

  it.each(['webp', 'gif'] as const)("becomes a still if animations aren't accepted: %s", async (format) => {
    const bytes = await animation(format, 96, 12);
    const fitted = await fitPicture(bytes, { ...anything, takesAnimations: false, mostBytes: 4_000_000 });
    const { pages = 1, width, height } = await sharp(use(fitted)).metadata();
    expect([pages, width, height]).toEqual([1, 96, 96]);
  });

  it("as a PNG is passed on unchanged or not at all, and becomes a still if animations aren't accepted", async () => {
    const still = await (await quarters(40, 40, { hasNoise: true })).png().toBuffer();
    const bytes = withChunk(still, 'acTL', Buffer.from([0, 0, 0, 3, 0, 0, 0, 0]));
    expect(use(await fitToLimit(bytes, bytes.length))).toEqual(bytes);
    expect(await fitToLimit(bytes, bytes.length - 1)).toBeUndefined();
    const fitted = await fitPicture(bytes, { ...anything, takesAnimations: false, mostBytes: 4_000_000 });
    expect(await readFacts(use(fitted))).toMatchObject({ frames: 1 });
    expect(await cornersOf(use(fitted))).toEqual(cornerColors);
  });

  it("that the decoder can't read is passed on unchanged or not at all", async () => {
    const bytes = await fixture('sequence.avif');
    expect(use(await fitToLimit(bytes, bytes.length))).toEqual(bytes);
    expect(await fitToLimit(bytes, bytes.length - 1)).toBeUndefined();
  });
});

describe('the decoder', () => {
  const aJpeg = async (options = {}) =>
    (await quarters(128, 96, { hasNoise: true })).jpeg(options).toBuffer();
  const aPng = async (options = {}) => (await quarters(128, 96, { hasNoise: true })).png(options).toBuffer();
  const wrongSum = 0xdeadbeef;

  it.each([
    ['a scan header that ends in zeros', async () => withoutScanRange(await aJpeg())],
    ['the same, progressive', async () => withoutScanRange(await aJpeg({ progressive: true }))],
    ['no end marker', async () => (await aJpeg()).subarray(0, -2)],
    ['stray bytes after it', async () => Buffer.concat([await aJpeg(), Buffer.from('SEFT\0\0\0stray')])],
    [
      'stray bytes before its end',
      async () => {
        const bytes = await aJpeg();
        return Buffer.concat([bytes.subarray(0, -2), Buffer.from('stray'), bytes.subarray(-2)]);
      },
    ],
    ['blanks before it', async () => Buffer.concat([Buffer.from('\r\n\n'), await aJpeg()])],
    [
      'its last rows missing',
      async () => {
        const bytes = await aJpeg();
        return bytes.subarray(0, Math.floor(bytes.length * 0.95));
      },
    ],
    [
      'a note with a wrong checksum',
      async () => withChunk(await aPng(), 'tEXt', Buffer.from('a\0b'), wrongSum),
    ],
    [
      'a gamma with a wrong sum',
      async () => withChunk(await aPng(), 'gAMA', Buffer.from([0, 0, 177, 143]), wrongSum),
    ],
    ['no end chunk', async () => (await aPng()).subarray(0, -12)],
    [
      'a wrong sum of its pixels',
      async () => {
        const bytes = await aPng();
        const at = bytes.indexOf('IDAT');
        bytes.writeUInt32BE(1, at + 4 + bytes.readUInt32BE(at - 4));
        return bytes;
      },
    ],
    ['interlaced rows', async () => aPng({ progressive: true })],
    ['no trailer', async () => (await (await quarters(128, 96)).gif().toBuffer()).subarray(0, -1)],
    [
      'bytes behind a WebP',
      async () => Buffer.concat([await (await quarters(128, 96)).webp().toBuffer(), Buffer.alloc(9)]),
    ],
  ])('reads and re-encodes a picture with %s', async (_name, make) => {
    const bytes = await make();
    const shrunk = await fitPicture(bytes, { types: [], mostBytes: 1_000_000, takesAnimations: false });
    const corners = await cornersOf(use(shrunk));
    expect(corners.slice(0, 2)).toEqual(cornerColors.slice(0, 2));
    expect(await readFacts(use(shrunk))).toMatchObject({ width: 128, height: 96 });
  });

  it("refuses what isn't a picture, or claims more pixels than fit into memory", async () => {
    const png = await aPng();
    const jpeg = await aJpeg();
    const noHeight = Buffer.from(jpeg);
    noHeight.writeUInt16BE(0, noHeight.indexOf(Buffer.from([0xff, 0xc0])) + 5);
    await expect(readFacts(jpeg.subarray(0, 100))).rejects.toMatchObject({ problem: 'unreadable' });
    await expect(readFacts(noHeight)).rejects.toMatchObject({ problem: 'unreadable' });
    await expect(readFacts(withPngSize(png, 0, 0))).rejects.toMatchObject({ problem: 'unreadable' });
    await expect(readFacts(withPngSize(png, 100_000, 100_000))).rejects.toMatchObject({
      problem: 'too-many-pixels',
    });
    await expect(fitToLimit(withPngSize(png, 30_000, 30_000), 10)).rejects.toThrow(PictureError);
  });

  it.each(['still.heic', 'still.tiff', 'still.bmp', 'still.ico', 'still.jp2', 'sequence.avif'])(
    'never starts on %s',
    async (name) => {
      await expect(readFacts(await fixture(name))).rejects.toMatchObject({ problem: 'type' });
    },
  );

  it.each([
    ['an SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    [
      'an SVG behind blanks',
      ' \n<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>',
    ],
    ['a page', '<html>'],
  ])('never starts on %s', async (_name, text) => {
    await expect(readFacts(Buffer.from(text))).rejects.toMatchObject({ problem: 'type' });
    await expect(fitToLimit(Buffer.from(text), 1_000)).rejects.toMatchObject({ problem: 'type' });
  });
});

describe("a picture that Discord can't show", () => {
  it('becomes one that it can, if it can be decoded', async () => {
    const fitted = await fitToLimit(await fixture('still.avif'), 1_000_000);
    expect(fitted?.kind.type).toBe('image/jpeg');
    expect(await readFacts(use(fitted))).toMatchObject({ width: 96, height: 64 });
  });

  it("stays as it is if it can't be decoded", async () => {
    const heic = await fixture('still.heic');
    expect(await fitToLimit(heic, 1_000_000)).toMatchObject({ bytes: heic, kind: { extension: 'heic' } });
    const broken = (await fixture('still.avif')).subarray(0, 400);
    expect(await fitToLimit(broken, 1_000_000)).toMatchObject({ bytes: broken, kind: { extension: 'avif' } });
  });
});
