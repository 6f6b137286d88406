import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { withChunk } from './files.ts';

/** An uncompressed PNG of one color, in Adobe RGB (1998). */
export async function adobeRgb(side: number, pixel: readonly number[]): Promise<Buffer> {
  const pixels = Buffer.from(Array.from({ length: side * side }, () => pixel).flat());
  const png = await sharp(pixels, { raw: { width: side, height: side, channels: 3 } })
    .png({ compressionLevel: 0 })
    .toBuffer();
  const name = Buffer.from('Adobe RGB (1998)\0\0', 'latin1');
  return withChunk(png, 'iCCP', Buffer.concat([name, deflateSync(adobeRgbProfile())]));
}

/** Its primaries, adapted to D50, and its gamma of 563/256 (Adobe RGB (1998) Color Image Encoding, ICC.1:2001-04). */
function adobeRgbProfile(): Buffer {
  const gamma = Buffer.concat([
    Buffer.from('curv\0\0\0\0\0\0\0\x01'),
    Buffer.from([0x02, 0x33]),
    Buffer.alloc(2),
  ]);
  const tags: [name: string, data: Buffer][] = [
    ['desc', Buffer.concat([Buffer.from('desc\0\0\0\0\0\0\0\x02a\0'), Buffer.alloc(78)])],
    ['cprt', Buffer.from('text\0\0\0\0a\0\0\0')],
    ['wtpt', toXyz(0.9505, 1, 1.0891)],
    ['rXYZ', toXyz(0.60974, 0.31111, 0.01947)],
    ['gXYZ', toXyz(0.20528, 0.62567, 0.06087)],
    ['bXYZ', toXyz(0.14919, 0.06322, 0.74457)],
    ['rTRC', gamma],
    ['gTRC', gamma],
    ['bTRC', gamma],
  ];
  const table = Buffer.alloc(4 + 12 * tags.length);
  table.writeUInt32BE(tags.length, 0);
  let offset = 128 + table.length;
  for (const [index, [name, data]] of tags.entries()) {
    table.write(name, 4 + 12 * index, 'latin1');
    table.writeUInt32BE(offset, 8 + 12 * index);
    table.writeUInt32BE(data.length, 12 + 12 * index);
    offset += data.length;
  }
  const header = Buffer.alloc(128);
  header.writeUInt32BE(offset, 0);
  header.write('\x02\x10\0\0mntrRGB XYZ ', 8, 'latin1');
  header.write('acsp', 36, 'latin1');
  toXyz(0.9642, 1, 0.8249).copy(header, 68, 8);
  return Buffer.concat([header, table, ...tags.map(([, data]) => data)]);
}

function toXyz(...values: [number, number, number]): Buffer {
  const data = Buffer.alloc(20);
  data.write('XYZ ', 0, 'latin1');
  for (const [index, value] of values.entries()) data.writeInt32BE(Math.round(value * 65_536), 8 + 4 * index);
  return data;
}
