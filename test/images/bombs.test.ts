import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { foreignFiles, gifWithFrames, jpegWithScans, webpWithFrames } from '../../sandbox/pictures/bombs.ts';
import { readFacts } from '../../src/images/decode.ts';
import { fitPicture, fitToLimit } from '../../src/images/fit.ts';
import { composeGrid } from '../../src/images/grid.ts';
import { maskOfPicture } from '../../src/images/mask.ts';
import { mostFrames, mostScans } from '../../src/images/workload.ts';
import { fixture, withPngSize } from '../helpers/files.ts';

const size = { width: 9, height: 9 };
const form = { types: ['image/jpeg', 'image/png'], mostBytes: 10_000_000, takesAnimations: false };
const tile = sharp({ create: { ...size, channels: 3, background: 'red' } })
  .png()
  .toBuffer();

describe.each(foreignFiles)('%s', (_name, bytes) => {
  it('is never decoded, no matter what it was uploaded for', async () => {
    const isOfType = { name: 'PictureError', problem: 'type' };
    await expect(readFacts(bytes)).rejects.toMatchObject(isOfType);
    await expect(fitPicture(bytes, form)).rejects.toMatchObject(isOfType);
    await expect(maskOfPicture(bytes, size)).rejects.toMatchObject(isOfType);
    const { missing } = await composeGrid([await tile, bytes, await tile, await tile]);
    expect(missing).toEqual([1]);
  });

  it('is refused by the decoder, too', async () => {
    await readFacts(await tile); // the first picture turns the decoder's own block on
    await expect(sharp(bytes).metadata()).rejects.toThrow('unsupported image format');
  });
});

describe('a large amount of work from a few bytes', () => {
  /** A JPEG with that many scans in total. */
  const jpegOf = async (scans: number) =>
    jpegWithScans(scans - (await jpegWithScans(0)).toString('latin1').split('\xff\xda').length + 1);

  it.each([
    ['a JPEG with as many scans as encoders write', async () => jpegWithScans(20)],
    ['a JPEG with the most scans that are allowed', async () => jpegOf(mostScans)],
    ['a JPEG with the scans of a thousand thumbnails in its notes', async () => withNotes(1_000)],
    ['a JPEG with more scans after its end', async () => withMoreBehind()],
    ['a GIF with the most frames', async () => gifWithFrames(mostFrames)],
    ['a WebP with the most frames', async () => webpWithFrames(mostFrames)],
  ])('is done for %s', async (_name, make) => {
    const bytes = await make();
    expect((await readFacts(bytes)).width).toBeGreaterThan(0);
    expect((await fitPicture(bytes, { ...form, types: [] }))?.kind.extension).toBe('jpg');
  });

  it.each([
    ['a JPEG with one scan too many', async () => jpegOf(mostScans + 1)],
    ['a JPEG with thousands of scans', async () => jpegWithScans(100_000)],
    ['a JPEG with thousands of scans after blanks', async () => blanked(await jpegWithScans(1_000))],
    ['a GIF with one frame too many', async () => gifWithFrames(mostFrames + 1)],
    ['a GIF with a hundred thousand frames', async () => gifWithFrames(100_000)],
    ['a WebP with one frame too many', async () => webpWithFrames(mostFrames + 1)],
    ['a WebP with a hundred thousand frames', async () => webpWithFrames(100_000)],
  ])('is refused for %s', async (_name, make) => {
    const bytes = await make();
    const takesTooLong = { name: 'PictureError', problem: 'takes-too-long' };
    await expect(readFacts(bytes)).rejects.toMatchObject(takesTooLong);
    await expect(fitPicture(bytes, form)).rejects.toMatchObject(takesTooLong);
    await expect(fitToLimit(bytes, 10)).rejects.toMatchObject(takesTooLong);
    await expect(maskOfPicture(bytes, size)).rejects.toMatchObject(takesTooLong);
  });

  it.each([
    ['PNG', 64_000_000, async () => withPngSize(await tile, 8_000, 8_001)],
    ['PNG with many times the limit', 64_000_000, async () => withPngSize(await tile, 20_000, 20_000)],
    ['AVIF, which takes longer', 20_000_000, async () => withAvifSize(5_000, 4_001)],
  ])('is refused for too many pixels: %s', async (_name, limit, make) => {
    await expect(readFacts(await make())).rejects.toMatchObject({ problem: 'too-many-pixels', limit });
    await expect(maskOfPicture(await make(), size)).rejects.toMatchObject({ problem: 'too-many-pixels' });
  });

  it.each([
    ['PNG', async () => withPngSize(await tile, 8_000, 8_000)],
    ['AVIF', async () => withAvifSize(5_000, 4_000)],
  ])('is done for as many pixels as are allowed: %s', async (_name, make) => {
    expect((await readFacts(await make())).width).toBeGreaterThan(4_999);
  });
});

function blanked(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from('\r\n '), bytes]);
}

/** Marks within a segment, such as a thumbnail's, don't count. */
async function withNotes(scans: number): Promise<Buffer> {
  const jpeg = await jpegWithScans(0);
  const notes = Buffer.concat(Array<Buffer>(scans).fill(Buffer.from([0xff, 0xda, 0, 8])));
  const head = Buffer.from([0xff, 0xe1, 0, 0]);
  head.writeUInt16BE(2 + notes.length, 2);
  return Buffer.concat([jpeg.subarray(0, 2), head, notes, jpeg.subarray(2)]);
}

async function withMoreBehind(): Promise<Buffer> {
  const jpeg = await jpegWithScans(0);
  const scans = Array<Buffer>(1_000).fill(Buffer.from([0xff, 0xda, 0, 2]));
  return Buffer.concat([jpeg, Buffer.alloc(16), ...scans]);
}

/** The fixture, with another size in its header. */
async function withAvifSize(width: number, height: number): Promise<Buffer> {
  const bytes = Buffer.from(await fixture('still.avif'));
  const at = bytes.indexOf('ispe') + 8;
  bytes.writeUInt32BE(width, at);
  bytes.writeUInt32BE(height, at + 4);
  return bytes;
}
