import { crc32 } from 'node:zlib';

const signatureLength = 8;
/** Length, type and checksum. */
const frameLength = 12;
const headerType = 'IHDR';
/** What XMP is kept under (XMP Specification Part 3, 1.1.5). */
const xmpKeyword = 'XML:com.adobe.xmp';
const textTypes: ReadonlySet<string> = new Set(['tEXt', 'iTXt', 'zTXt']);
const endType = 'IEND';
/** Content credentials, whose signature covers the whole file (C2PA Specification, "Embedding manifests into PNG"). */
const signedType = 'caBX';

/**
 * Puts texts into a PNG, in place of all that it has, and leaves every other chunk as it is. `description` goes where
 * Midjourney's own downloads have the prompt: many tools read no XMP. Returns `undefined` for a file that is signed, or
 * whose chunks can't be read.
 */
export function writePngTexts(
  file: Buffer,
  { xmp, description }: { xmp?: Buffer | undefined; description?: string | undefined },
): Buffer | undefined {
  const chunks = readChunks(file);
  if (chunks === undefined || chunks.some(({ type }) => type === signedType)) return undefined;
  const texts = [
    ...(description === undefined ? [] : [toTextChunk('Description', description)]),
    ...(xmp === undefined ? [] : [toInternationalChunk(xmpKeyword, xmp)]),
  ];
  const [header, ...others] = chunks.filter(({ type }) => !textTypes.has(type));
  if (header?.type !== headerType) return undefined;
  return Buffer.concat([
    file.subarray(0, signatureLength),
    header.bytes,
    ...texts,
    ...others.map(({ bytes }) => bytes),
  ]);
}

interface Chunk {
  readonly type: string;
  /** All of it, from its length to its checksum. */
  readonly bytes: Buffer;
}

/** Up to the end that the file says it has. */
function readChunks(file: Buffer): Chunk[] | undefined {
  const chunks: Chunk[] = [];
  let at = signatureLength;
  while (at + frameLength <= file.length) {
    const end = at + frameLength + file.readUInt32BE(at);
    if (end > file.length) return undefined;
    const type = file.toString('latin1', at + 4, at + 8);
    chunks.push({ type, bytes: file.subarray(at, end) });
    if (type === endType) return chunks;
    at = end;
  }
  return undefined;
}

/** Old readers know only `tEXt`; some take what's in it for UTF-8, though it's Latin-1 (PNG Specification, 11.3.3). */
function toTextChunk(keyword: string, text: string): Buffer {
  if (!/^[\u0020-\u007e]*$/u.test(text)) return toInternationalChunk(keyword, Buffer.from(text));
  return toChunk('tEXt', Buffer.from(`${keyword}\0${text}`, 'latin1'));
}

/** Not compressed, in no particular language. */
function toInternationalChunk(keyword: string, text: Buffer): Buffer {
  return toChunk('iTXt', Buffer.concat([Buffer.from(`${keyword}\0\0\0\0\0`, 'latin1'), text]));
}

function toChunk(type: string, data: Buffer): Buffer {
  const chunk = Buffer.alloc(frameLength + data.length);
  chunk.writeUInt32BE(data.length);
  chunk.write(type, 4, 'latin1');
  data.copy(chunk, 8);
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length);
  return chunk;
}
