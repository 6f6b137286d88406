import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { identify, isMedia, isWhole } from '../../src/images/sniff.ts';
import { fixture, withBrands } from '../helpers/files.ts';

const picture = sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } });
const latin1 = (text: string) => Buffer.from(text, 'latin1');
const padded = (text: string) => Buffer.concat([latin1(text), Buffer.alloc(64)]);

describe('the kind of a file', () => {
  it.each([
    ['PNG', 'png', picture.clone().png().toBuffer()],
    ['JPEG', 'jpg', picture.clone().jpeg().toBuffer()],
    ['WebP', 'webp', picture.clone().webp().toBuffer()],
    ['GIF', 'gif', picture.clone().gif().toBuffer()],
    ['old GIF', 'gif', padded('GIF87a\x01\0\x01\0')],
    ['AVIF', 'avif', picture.clone().avif().toBuffer()],
    ['AVIF', 'avif', fixture('still.avif')],
    ['AVIF', 'avif', withBrands('mif1', 'miaf', 'avif')],
    ['a PNG after a byte order mark and blanks', 'png', blanked()],
  ])('is a picture to decode: %s', async (_name, extension, bytes) => {
    expect(identify(await bytes)?.kind).toMatchObject({ use: 'picture', extension });
  });

  it.each([
    ['ffmpeg', 'mp4', fixture('film.mp4')],
    ["an iPod's video", 'mp4', fixture('film.m4v')],
    ["an old phone's video", 'mp4', fixture('film.3gp')],
    ['mp42', 'mp4', withBrands('mp42', 'mp42', 'isom')],
    ['avc1', 'mp4', withBrands('avc1')],
    ['a fragment', 'mp4', withBrands('iso5', 'dash')],
    ['QuickTime', 'mov', fixture('film.mov')],
    ['old QuickTime', 'mov', padded('\0\0\0\x08wide\0\0\0\0mdat')],
    ['WebM', 'webm', fixture('film.webm')],
  ])('is a video: %s', async (_name, extension, bytes) => {
    expect(identify(await bytes)?.kind).toMatchObject({ use: 'video', extension });
  });

  it.each([
    ['HEIC', fixture('still.heic')],
    ['HEIC', withBrands('mif1', 'heic')],
    ['HEIC', withBrands('msf1', 'hevc')],
    ['animated AVIF', fixture('sequence.avif')],
    ['AVI', fixture('film.avi')],
    ['Matroska', fixture('film.mkv')],
    ['BMP', fixture('still.bmp')],
    ['ICO', fixture('still.ico')],
    ['TIFF', fixture('still.tiff')],
    ['PSD', fixture('still.psd')],
    ['JPEG 2000', fixture('still.jp2')],
    ['JPEG XL', padded('\xff\x0a')],
    ['JPEG XL', padded('\0\0\0\x0cJXL \r\n\x87\n')],
    ['CR3', withBrands('crx ', 'isom')],
  ])('is only passed on: %s', async (name, bytes) => {
    expect(identify(await bytes)?.kind).toMatchObject({ use: 'attachment', name });
  });

  it.each([
    ['SVG', latin1('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    ['SVG', latin1('\n<?xml version="1.0"?><!-- <html> --><svg viewBox="0 0 1 1"/>')],
    ['HTML', latin1('\xef\xbb\xbf<!DOCTYPE html><title>wait</title>')],
    ['M4A', fixture('sound.m4a')],
    ['WAV', padded('RIFF\0\0\0\0WAVEfmt ')],
    ['PDF', latin1('%PDF-1.7')],
    ['ZIP', padded('PK\x03\x04')],
  ])("isn't media at all: %s", async (name, bytes) => {
    expect(identify(await bytes)?.kind).toMatchObject({ use: 'none', name });
    expect(isMedia(await bytes)).toBe(false);
  });

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['words', latin1('Not found')],
    ['JSON', latin1('{"error":"gone"}')],
    ['a name that begins like a BMP', latin1('BMW, a picture of')],
    ['a container of something else', padded('RIFF\0\0\0\0sfbk')],
    ['an unknown brand', withBrands('wxyz')],
    ['a box that is cut off', latin1('\0\0\0\x18ftyp')],
    ['a PNG after words', Buffer.concat([latin1('Warning: '), latin1('\x89PNG\r\n\x1a\n')])],
  ])('is unknown: %s', (_name, bytes) => {
    expect(identify(bytes)).toBeUndefined();
    expect(isMedia(bytes)).toBe(false);
  });
});

async function blanked(): Promise<Buffer> {
  return Buffer.concat([latin1('\xef\xbb\xbf\r\n\n'), await picture.clone().png().toBuffer()]);
}

describe('a complete file', () => {
  const drawn = ['png', 'jpeg', 'webp', 'gif', 'avif'] as const;
  const draw = (format: (typeof drawn)[number]) => picture.clone().toFormat(format).toBuffer();
  const stored = [
    'film.mp4',
    'film.mov',
    'film.m4v',
    'film.3gp',
    'still.avif',
    'still.heic',
    'sequence.avif',
  ];

  it.each(drawn)('ends where it says, and is incomplete if it is cut: %s', async (format) => {
    const bytes = await draw(format);
    expect(isWhole(bytes)).toBe(true);
    for (const left of [bytes.length - 13, Math.floor(bytes.length / 2)])
      expect(isWhole(bytes.subarray(0, left))).toBe(false);
  });

  it("isn't short of a single byte, if its kind says how long it is", async () => {
    const webp = await draw('webp');
    for (let missing = 1; missing <= 12; missing += 1)
      expect(isWhole(webp.subarray(0, webp.length - missing)), `${missing}`).toBe(false);
  });

  it.each(drawn)('may have stray bytes after it, and blanks before it: %s', async (format) => {
    const bytes = await draw(format);
    expect(isWhole(Buffer.concat([bytes, Buffer.alloc(40)]))).toBe(true);
    expect(isWhole(Buffer.concat([latin1('\r\n'), bytes]))).toBe(true);
  });

  it.each(stored)('ends where its boxes end: %s', async (name) => {
    const bytes = await fixture(name);
    expect(isWhole(bytes)).toBe(true);
    expect(isWhole(bytes.subarray(0, bytes.length - 40))).toBe(false);
  });

  it.each(['film.webm', 'film.mkv', 'film.avi', 'still.bmp', 'still.tiff', 'still.psd', 'still.jp2'])(
    'is assumed if its kind is only passed on: %s',
    async (name) => expect(isWhole(await fixture(name))).toBe(true),
  );

  it('may have a 64-bit length, or none', () => {
    const start = withBrands('isom', 'mp41');
    const box = (size: number, long: bigint) => {
      const bytes = Buffer.alloc(100);
      bytes.writeUInt32BE(size, 0);
      bytes.write('mdat', 4);
      bytes.writeBigUInt64BE(long, 8);
      return bytes;
    };
    const first = start.subarray(0, start.readUInt32BE(0));
    expect(isWhole(Buffer.concat([first, box(1, 100n)]))).toBe(true);
    expect(isWhole(Buffer.concat([first, box(1, 101n)]))).toBe(false);
    expect(isWhole(Buffer.concat([first, box(0, 7n)]))).toBe(true);
  });

  it.each(['', 'hello', '\0\0\0\0'])("isn't any of these: %j", (text) => {
    expect(isWhole(latin1(text))).toBe(false);
  });
});
