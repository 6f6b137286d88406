import { gzipSync } from 'node:zlib';
import sharp from 'sharp';

/** 661 bytes that keep a renderer of SVG busy for minutes: a filter over a filter, over a large picture. */
export const heavySvg = Buffer.from(
  `<svg xmlns="http://www.w3.org/2000/svg" width="8000" height="8000"><filter id="f" x="0" y="0" width="1" height="1">${'<feTurbulence numOctaves="9"/><feGaussianBlur stdDeviation="900"/>'.repeat(7)}</filter><rect width="8000" height="8000" filter="url(#f)"/></svg>`.padEnd(
    661,
  ),
);

/** The same in the wrappings under which it was handed in, and other files of types that no picture here has. */
export const foreignFiles: readonly (readonly [name: string, bytes: Buffer])[] = [
  ['an SVG', heavySvg],
  ['an SVG behind a declaration', Buffer.concat([Buffer.from('<?xml version="1.0"?>\n'), heavySvg])],
  ['an SVG behind blanks and a byte order mark', Buffer.concat([Buffer.from('\ufeff \r\n\t'), heavySvg])],
  ['an SVG behind a comment', Buffer.concat([Buffer.from('<!-- GIF89a -->'), heavySvg])],
  ['an SVG in UTF-16', Buffer.from(`\ufeff${heavySvg.toString()}`, 'utf16le')],
  ['a compressed SVG', gzipSync(heavySvg)],
  ['a PDF', Buffer.from('%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj')],
  ['a TIFF', Buffer.concat([Buffer.from('II*\0\x08\0\0\0'), Buffer.alloc(64)])],
  ['a PPM', Buffer.from('P3 9000 9000 255 0 0 0')],
  ['a Radiance picture', Buffer.from('#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n-Y 9 +X 9\n')],
  ['a table of numbers', Buffer.from('1,2,3\n4,5,6\n')],
];

/** A progressive JPEG with this many more scans, each of which leaves every pixel as it is. */
export async function jpegWithScans(more: number, side = 64): Promise<Buffer> {
  const gray = sharp({ create: { width: side, height: side, channels: 3, background: 'gray' } }).greyscale();
  const jpeg = await gray.jpeg({ progressive: true }).toBuffer();
  // A Huffman table whose one word ends a run of 2^14 blocks or more, and scans of as many of these as there are blocks.
  const table = Buffer.from([0xff, 0xc4, 0, 20, 0x10, 1, ...Array(15).fill(0), 0xe0]);
  let bits = '';
  for (let blocks = (side / 8) ** 2; blocks > 0; blocks -= 32_767)
    bits += `0${(Math.max(Math.min(blocks, 32_767), 16_384) - 16_384).toString(2).padStart(14, '0')}`;
  const values = bits.padEnd(Math.ceil(bits.length / 8) * 8, '1').match(/.{8}/g) ?? [];
  const words = values.flatMap((byte) => (byte === '11111111' ? [255, 0] : [Number.parseInt(byte, 2)]));
  const scan = Buffer.from([0xff, 0xda, 0, 8, 1, 1, 0, 1, 63, 0, ...words]);
  const end = Buffer.from([0xff, 0xd9]);
  return Buffer.concat([jpeg.subarray(0, -2), table, ...Array<Buffer>(more).fill(scan), end]);
}

/** A GIF of one pixel a frame. */
export function gifWithFrames(frames: number): Buffer {
  const start = Buffer.from([...Buffer.from('GIF89a'), 1, 0, 1, 0, 0x80, 0, 0, 0, 0, 0, 255, 255, 255]);
  const control = [0x21, 0xf9, 4, 0, 1, 0, 0, 0];
  const frame = Buffer.from([...control, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0]);
  return Buffer.concat([start, ...Array<Buffer>(frames).fill(frame), Buffer.from([0x3b])]);
}

/** A WebP of one pixel a frame. */
export async function webpWithFrames(frames: number): Promise<Buffer> {
  const red = sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } });
  const pixel = (await red.webp({ lossless: true }).toBuffer()).subarray(12);
  const features = Buffer.alloc(10);
  features[0] = 2; // it moves
  const header = Buffer.alloc(16);
  header[12] = 40; // milliseconds
  const frame = toChunk('ANMF', Buffer.concat([header, pixel]));
  const body = [
    toChunk('VP8X', features),
    toChunk('ANIM', Buffer.alloc(6)),
    ...Array<Buffer>(frames).fill(frame),
  ];
  return toChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...body]));
}

function toChunk(name: string, data: Buffer): Buffer {
  const head = Buffer.alloc(8);
  head.write(name, 'latin1');
  head.writeUInt32LE(data.length, 4);
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)]);
}

/** A picture of one color, whose file is a few hundred times smaller than its pixels. */
export function plainPng(width: number, height: number): Promise<Buffer> {
  const create = { width, height, channels: 3, background: 'teal' } as const;
  return sharp({ create, limitInputPixels: false }).png({ compressionLevel: 2 }).toBuffer();
}
