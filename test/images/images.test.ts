import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { fitToLimit, PictureError, readSize } from '../../src/images/fit.ts';
import { sniffType } from '../../src/images/sniff.ts';

/** A picture that hardly compresses, as a worst case. */
function noise(width: number, height: number): Promise<Buffer> {
  let state = 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state & 255;
  };
  const raw = Buffer.from(Array.from({ length: width * height * 3 }, next));
  return sharp(raw, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** A PNG whose header promises 100,000 × 100,000 pixels. */
async function aBomb(): Promise<Buffer> {
  const bytes = await noise(4, 4);
  bytes.writeUInt32BE(100_000, 16);
  bytes.writeUInt32BE(100_000, 20);
  bytes.writeUInt32BE(crc32(bytes.subarray(12, 29)), 29);
  return bytes;
}

describe('sniffType', () => {
  it('goes by the bytes', async () => {
    const picture = sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } });
    expect(sniffType(await picture.png().toBuffer())).toBe('image/png');
    expect(sniffType(await picture.jpeg().toBuffer())).toBe('image/jpeg');
    expect(sniffType(await picture.webp().toBuffer())).toBe('image/webp');
    expect(sniffType(await picture.gif().toBuffer())).toBe('image/gif');
    expect(sniffType(Buffer.from('\0\0\0\x18ftypmp42'))).toBe('video/mp4');
    expect(sniffType(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toBeUndefined();
    expect(sniffType(Buffer.alloc(0))).toBeUndefined();
  });
});

describe('fitToLimit', () => {
  it('leaves a file alone that fits', async () => {
    const bytes = await noise(64, 64);
    expect(await fitToLimit(bytes, bytes.length)).toEqual({ bytes, type: 'image/png' });
  });

  it('makes a picture that is too large into a JPEG that fits', async () => {
    const bytes = await noise(256, 256);
    const fitted = await fitToLimit(bytes, 40_000);
    expect(fitted?.type).toBe('image/jpeg');
    expect(fitted?.bytes.length).toBeLessThanOrEqual(40_000);
    expect(sniffType(fitted?.bytes ?? Buffer.alloc(0))).toBe('image/jpeg');
  });

  it('gives nothing where nothing helps', async () => {
    expect(await fitToLimit(await noise(256, 256), 100)).toBeUndefined();
    expect(await fitToLimit(Buffer.from(`\0\0\0\x18ftypmp42${'x'.repeat(100)}`), 50)).toBeUndefined();
  });

  it('refuses what is no picture, half a picture, and more pixels than memory', async () => {
    const bytes = await noise(256, 256);
    await expect(fitToLimit(Buffer.from('<html>'), 100)).rejects.toThrow(PictureError);
    await expect(fitToLimit(bytes.subarray(0, 50_000), 100)).rejects.toThrow(PictureError);
    await expect(readSize(await aBomb())).rejects.toThrow(PictureError);
    await expect(fitToLimit(await aBomb(), 10)).rejects.toThrow(PictureError);
  });
});
