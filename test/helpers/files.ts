import { readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import sharp, { type Sharp } from 'sharp';

/** A small file that none of our code wrote: see the README next to it. */
export function fixture(name: string): Promise<Buffer> {
  return readFile(new URL(`../images/fixtures/${name}`, import.meta.url));
}

/** Corners in reading order, as people see them. */
export const cornerColors = ['red', 'lime', 'blue', 'white'] as const;

/** A picture whose four quarters have different colors, to show which way up it is; noise keeps it large. */
export async function quarters(width: number, height: number, { hasNoise = false } = {}): Promise<Sharp> {
  const half = { width: width / 2, height: height / 2 };
  const composites = cornerColors.map((background, index) => ({
    input: { create: { ...half, channels: 3 as const, background } },
    left: (index % 2) * half.width,
    top: Math.floor(index / 2) * half.height,
  }));
  const plain = sharp({ create: { width, height, channels: 3, background: 'black' } }).composite(composites);
  if (!hasNoise) return sharp(await plain.png().toBuffer());
  const noise = { input: noiseOf(width, height), raw: { width, height, channels: 4 as const } };
  const noisy = plain.composite([...composites, noise]).png({ compressionLevel: 1 });
  return sharp(await noisy.toBuffer()).removeAlpha();
}

/** Pixels that hardly compress, half transparent. */
function noiseOf(width: number, height: number): Buffer {
  const pixels = Buffer.alloc(width * height * 4);
  let state = 1;
  for (let at = 0; at < pixels.length; at += 1) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    pixels[at] = at % 4 === 3 ? 60 : state & 255;
  }
  return pixels;
}

/** The color names of the four corners, as a viewer shows them; `?` for any other color. */
export async function cornersOf(bytes: Buffer): Promise<string[]> {
  const viewed = sharp(bytes, { failOn: 'none' }).autoOrient().flatten().toColorspace('srgb');
  const { data, info } = await viewed.raw().toBuffer({ resolveWithObject: true });
  const colors = { red: [255, 0, 0], lime: [0, 255, 0], blue: [0, 0, 255], white: [255, 255, 255] };
  const at = (x: number, y: number) => {
    const start = (Math.floor(y * info.height) * info.width + Math.floor(x * info.width)) * info.channels;
    const pixel = data.subarray(start, start + 3);
    const isNear = (color: number[]) =>
      color.every((value, index) => Math.abs(value - (pixel[index] ?? 0)) < 110);
    return Object.entries(colors).find(([, color]) => isNear(color))?.[0] ?? '?';
  };
  return [at(0.2, 0.2), at(0.8, 0.2), at(0.2, 0.8), at(0.8, 0.8)];
}

/** A JPEG as a camera stores it: turned, so that only viewers that follow its EXIF orientation show it upright. */
export async function asStoredBy(upright: Sharp, orientation: number, quality = 90): Promise<Buffer> {
  const turns: Readonly<Record<number, (picture: Sharp) => Sharp>> = {
    1: (picture) => picture,
    2: (picture) => picture.flop(),
    3: (picture) => picture.rotate(180),
    4: (picture) => picture.flip(),
    5: (picture) => picture.rotate(90).flip(),
    6: (picture) => picture.rotate(270),
    7: (picture) => picture.rotate(270).flip(),
    8: (picture) => picture.rotate(90),
  };
  const turned = turns[orientation]?.(upright.clone()) ?? upright;
  return withOrientation(
    await sharp(await turned.png({ compressionLevel: 1 }).toBuffer())
      .jpeg({ quality })
      .toBuffer(),
    orientation,
  );
}

/** Puts an EXIF block with only an orientation after the start of a JPEG (CIPA DC-008). */
export function withOrientation(jpeg: Buffer, orientation: number): Buffer {
  const exif = Buffer.from(
    'FFE1 0022 457869660000 4D4D002A00000008 0001 0112 0003 00000001 00000000 00000000'.replaceAll(' ', ''),
    'hex',
  );
  exif.writeUInt16BE(orientation, exif.length - 8);
  return Buffer.concat([jpeg.subarray(0, 2), exif, jpeg.subarray(2)]);
}

/** Some Samsung phones write three zeros at the end of the scan header, which says what coefficients follow. */
export function withoutScanRange(jpeg: Buffer): Buffer {
  const copy = Buffer.from(jpeg);
  let at = 2;
  while (copy[at + 1] !== 0xda) at += 2 + copy.readUInt16BE(at + 2);
  const end = at + 2 + copy.readUInt16BE(at + 2);
  copy.fill(0, end - 3, end);
  return copy;
}

/** A chunk after the header of a PNG. */
export function withChunk(png: Buffer, type: string, data: Buffer, checksum?: number): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length, 0);
  numbers.writeUInt32BE(checksum ?? crc32(body), 4);
  return Buffer.concat([
    png.subarray(0, 33),
    numbers.subarray(0, 4),
    body,
    numbers.subarray(4),
    png.subarray(33),
  ]);
}

/** A PNG whose header claims that many pixels. */
export function withPngSize(png: Buffer, width: number, height: number): Buffer {
  const copy = Buffer.from(png);
  copy.writeUInt32BE(width, 16);
  copy.writeUInt32BE(height, 20);
  copy.writeUInt32BE(crc32(copy.subarray(12, 29)), 29);
  return copy;
}

/** The first box of an ISO media file with that major brand and those compatible ones. */
export function withBrands(major: string, ...compatible: string[]): Buffer {
  const box = Buffer.from(`\0\0\0\0ftyp${major}\0\0\0\0${compatible.join('')}`, 'latin1');
  box.writeUInt32BE(box.length, 0);
  return Buffer.concat([box, Buffer.alloc(64)]);
}

/** An animation: one frame per color, or that many frames of noise. */
export async function animation(format: 'webp' | 'gif', size: number, frames = 3): Promise<Buffer> {
  const pages = await Promise.all(
    Array.from({ length: frames }, (_, index) => {
      const noise = { type: 'gaussian' as const, mean: 60 + 20 * index, sigma: 60 };
      return sharp({ create: { width: size, height: size, channels: 3, background: 'black', noise } })
        .png()
        .toBuffer();
    }),
  );
  const delay = pages.map((_, index) => 100 * (index + 1));
  const film = sharp(pages, { join: { animated: true } });
  return (
    format === 'webp' ? film.webp({ delay, loop: 2, effort: 0 }) : film.gif({ delay, loop: 2 })
  ).toBuffer();
}
