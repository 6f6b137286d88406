const containerLength = 12;
const headLength = 8;
const featuresLength = 10;
/** Content credentials, whose signature covers the whole file (C2PA Specification, "Embedding manifests into RIFF"). */
const signedType = 'C2PA';
/** Bits of the first byte of VP8X (WebP Container Specification, "Extended File Format"). */
const hasXmp = 0x04;
const hasAlpha = 0x10;
/** Before the size of a lossy picture (RFC 6386, 9.1). */
const lossyStart = [0x9d, 0x01, 0x2a];
const losslessStart = 0x2f;

/**
 * Puts XMP into a WebP, in place of any that it has, and leaves every other chunk as it is. A simple file becomes an extended
 * one, since only those can have it. Returns `undefined` for a file that is signed, or whose chunks can't be read.
 */
export function writeWebpXmp(file: Buffer, xmp?: Buffer): Buffer | undefined {
  const chunks = readChunks(file) ?? [];
  const [first, ...others] = chunks.filter(({ type }) => type !== 'XMP ');
  if (first === undefined || chunks.some(({ type }) => type === signedType)) return undefined;
  const isExtended = first.type === 'VP8X';
  if (!isExtended && xmp === undefined) return toFile([first, ...others]);
  const features = isExtended ? Buffer.from(first.data) : toFeatures(first);
  if (features === undefined || features.length < featuresLength) return undefined;
  features[0] = ((features[0] ?? 0) & ~hasXmp) | (xmp === undefined ? 0 : hasXmp);
  const rest = isExtended ? others : [first, ...others];
  const own = xmp === undefined ? [] : [{ type: 'XMP ', data: xmp }];
  return toFile([{ type: 'VP8X', data: features }, ...rest, ...own]);
}

interface Chunk {
  readonly type: string;
  readonly data: Buffer;
}

function readChunks(file: Buffer): Chunk[] | undefined {
  if (file.length < containerLength) return undefined;
  const end = headLength + file.readUInt32LE(4);
  if (end > file.length) return undefined;
  const chunks: Chunk[] = [];
  let at = containerLength;
  while (at + headLength <= end) {
    const length = file.readUInt32LE(at + 4);
    const from = at + headLength;
    if (from + length > end) return undefined;
    chunks.push({ type: file.toString('latin1', at, at + 4), data: file.subarray(from, from + length) });
    at = from + length + (length % 2);
  }
  return chunks;
}

function toFile(chunks: readonly Chunk[]): Buffer {
  const body = chunks.flatMap(({ type, data }) => {
    const head = Buffer.alloc(headLength);
    head.write(type, 0, 'latin1');
    head.writeUInt32LE(data.length, 4);
    return data.length % 2 === 0 ? [head, data] : [head, data, Buffer.alloc(1)];
  });
  const container = Buffer.alloc(containerLength);
  container.write('RIFF', 0, 'latin1');
  container.writeUInt32LE(4 + body.reduce((sum, { length }) => sum + length, 0), 4);
  container.write('WEBP', 8, 'latin1');
  return Buffer.concat([container, ...body]);
}

/** What an extended file says about a simple one's picture: its size, and whether it has transparent parts. */
function toFeatures({ type, data }: Chunk): Buffer | undefined {
  const size = type === 'VP8L' ? readLossless(data) : type === 'VP8 ' ? readLossy(data) : undefined;
  if (size === undefined) return undefined;
  const features = Buffer.alloc(featuresLength);
  features[0] = size.hasAlpha ? hasAlpha : 0;
  features.writeUIntLE(size.width - 1, 4, 3);
  features.writeUIntLE(size.height - 1, 7, 3);
  return features;
}

interface Size {
  readonly width: number;
  readonly height: number;
  readonly hasAlpha: boolean;
}

function readLossy(data: Buffer): Size | undefined {
  if (data.length < 10 || lossyStart.some((byte, index) => data[3 + index] !== byte)) return undefined;
  const width = data.readUInt16LE(6) & 0x3fff;
  const height = data.readUInt16LE(8) & 0x3fff;
  return width === 0 || height === 0 ? undefined : { width, height, hasAlpha: false };
}

/** 14 bits for each side, less one, then a bit for transparency (WebP Lossless Bitstream, "RIFF Header"). */
function readLossless(data: Buffer): Size | undefined {
  if (data.length < 5 || data[0] !== losslessStart) return undefined;
  const bits = data.readUInt32LE(1);
  return {
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
    hasAlpha: ((bits >>> 28) & 1) === 1,
  };
}
