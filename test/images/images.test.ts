import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { crc32 } from 'node:zlib';
import sharp from 'sharp';
import { Agent } from 'undici';
import { afterEach, describe, expect, it } from 'vitest';
import { createDownload, type DownloadError } from '../../src/images/download.ts';
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

describe('createDownload', () => {
  const open: (() => void)[] = [];
  afterEach(() => {
    for (const close of open.splice(0)) close();
  });

  async function serve(listener: Parameters<typeof createServer>[1]): Promise<string> {
    const server = createServer(listener);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  function fetchFrom(url: string, maxBytes = 1_000): Promise<Buffer | DownloadError> {
    const dispatcher = new Agent();
    open.push(() => void dispatcher.destroy());
    return createDownload(dispatcher)(url, { maxBytes, signal: AbortSignal.timeout(5_000) }).catch(
      (error: unknown) => error as DownloadError,
    );
  }

  it('sends the signed query unchanged and gives the bytes', async () => {
    const url = await serve((request, response) => response.end(request.url));
    expect(String(await fetchFrom(`${url}/a%20b.png?ex=67&is=66&hm=f6&`))).toBe(
      '/a%20b.png?ex=67&is=66&hm=f6&',
    );
  });

  it.each([
    [404, false],
    [403, false],
    [302, false],
    [429, false],
    [500, false],
    [503, false],
  ])('after a %i it may be tried again', async (status, isFinal) => {
    const url = await serve((_request, response) => response.writeHead(status).end('no'));
    expect(await fetchFrom(url)).toMatchObject({ name: 'DownloadError', isFinal });
  });

  it('stops at the limit, announced or not', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/announced') response.writeHead(200, { 'content-length': '2000' });
      response.end('x'.repeat(2_000));
    });
    expect(await fetchFrom(`${url}/announced`)).toMatchObject({ isFinal: true });
    expect(await fetchFrom(`${url}/not`)).toMatchObject({ isFinal: true });
  });

  it('may be tried again after a broken connection', async () => {
    const url = await serve((_request, response) => response.destroy());
    expect(await fetchFrom(url)).toMatchObject({ name: 'DownloadError', isFinal: false });
  });
});
