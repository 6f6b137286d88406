/**
 * The work that a file makes for a decoder, besides its pixels, counted without decoding: a few bytes can ask for hours of
 * work that the decoder's time limit doesn't end.
 */
import { identify } from './sniff.ts';

/** Normal progressive JPEGs have about ten. Each is a pass over all pixels, and may take only a hundred bytes. */
export const mostScans = 100;
/** An hour at one frame per second. For each frame, libwebp looks through all of them before it decodes a pixel. */
export const mostFrames = 4_000;

/** Whether a picture has more scans or frames than a decoder should get; false for types that have neither. */
export function isOverloaded(bytes: Buffer): boolean {
  const found = identify(bytes);
  switch (found?.kind.extension) {
    case 'jpg':
      return countScans(found.bytes) > mostScans;
    case 'gif':
      return countGifFrames(found.bytes) > mostFrames;
    case 'webp':
      return countWebpFrames(found.bytes) > mostFrames;
    default:
      return false;
  }
}

const startOfScan = 0xda;
const endOfImage = 0xd9;

/** Counts scans up to the end of the image; those of an embedded thumbnail don't count (ITU T.81, B.1.1). */
function countScans(bytes: Buffer): number {
  let scans = 0;
  for (let at = bytes.indexOf(0xff, 2); at !== -1 && at + 1 < bytes.length; at = bytes.indexOf(0xff, at)) {
    const marker = bytes[at + 1] ?? 0;
    if (marker === endOfImage) break;
    // Fill bytes, a value of 255 within a scan, and markers without a length.
    const isAlone = marker === 0x00 || marker === 0x01 || (marker >= 0xd0 && marker <= 0xd8);
    if (marker === 0xff) at += 1;
    else if (isAlone) at += 2;
    else {
      if (marker === startOfScan) scans += 1;
      if (scans > mostScans) break;
      const length = at + 3 < bytes.length ? bytes.readUInt16BE(at + 2) : 0;
      at += 2 + Math.max(2, length);
    }
  }
  return scans;
}

/** Counts `ANMF` chunks (RFC 9649, 2.7.1.1), each at least 24 bytes long. */
function countWebpFrames(bytes: Buffer): number {
  let frames = 0;
  for (let at = 12; at + 8 <= bytes.length && frames <= mostFrames; ) {
    if (bytes.toString('latin1', at, at + 4) === 'ANMF') frames += 1;
    const size = bytes.readUInt32LE(at + 4);
    at += 8 + size + (size % 2);
  }
  return frames;
}

/** Counts image descriptors (GIF89a, 20), skipping what's between them block by block. */
function countGifFrames(bytes: Buffer): number {
  let frames = 0;
  let at = 13 + colorTableSize(bytes[10]);
  while (at < bytes.length && frames <= mostFrames) {
    const sign = bytes[at];
    if (sign === 0x2c) {
      frames += 1;
      at = endOfBlocks(bytes, at + 11 + colorTableSize(bytes[at + 9]));
    } else if (sign === 0x21) at = endOfBlocks(bytes, at + 2);
    else break;
  }
  return frames;
}

function colorTableSize(flags = 0): number {
  return (flags & 0x80) === 0 ? 0 : 3 * 2 ** ((flags & 7) + 1);
}

function endOfBlocks(bytes: Buffer, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== 0) at += 1 + (bytes[at] ?? 0);
  return at + 1;
}
