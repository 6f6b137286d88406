import { promisify, TextDecoder } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw, zstdDecompress } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { ProviderError } from '../errors.ts';

/**
 * Reads a body to its end and returns its text, decoded by its own charset and without a byte order mark. It's
 * decompressed even though nobody asked for compression: some gateways compress everything. Throws a `malformed`
 * provider error if the body has more than `maxBytes`, as sent or decompressed, or if it can't be decompressed.
 */
export async function readText(
  { body, headers }: Pick<Dispatcher.ResponseData, 'body' | 'headers'>,
  maxBytes: number,
): Promise<string> {
  let bytes = await readBytes(body, maxBytes);
  for (const encoding of encodingsOf(headers['content-encoding']).reverse()) {
    bytes = await decompress(bytes, encoding, maxBytes);
  }
  // A gateway that passes an answer on may lose the header on the way.
  if (isGzip(bytes)) bytes = await decompress(bytes, 'gzip', maxBytes);
  return toDecoder(headers['content-type']).decode(bytes);
}

/** Decodes by the declared charset; by UTF-8, JSON's own, if none is declared or it's unknown. */
function toDecoder(contentType: string | string[] | undefined): TextDecoder {
  const [, charset = 'utf-8'] =
    /;\s*charset\s*=\s*["']?([\w.:-]+)/iu.exec([contentType ?? ''].flat().join()) ?? [];
  try {
    return new TextDecoder(charset);
  } catch {
    return new TextDecoder();
  }
}

async function readBytes(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** In the order in which they were applied (RFC 9110, 8.4). */
function encodingsOf(header: string | string[] | undefined): string[] {
  return [header ?? []]
    .flat()
    .flatMap((value) => value.split(','))
    .map((encoding) => encoding.trim().toLowerCase());
}

type Decompress = (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>;

const decompressors: Readonly<Record<string, Decompress>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  zstd: promisify(zstdDecompress),
  // It should have zlib's frame, but many servers leave it out (RFC 9110, 8.4.1.2).
  deflate: (bytes, options) =>
    promisify((bytes[0] ?? 0) % 16 === 8 ? inflate : inflateRaw)(bytes, options) as Promise<Buffer>,
};

/** Returns the bytes as they are if the encoding is unknown, or if somebody on the way has already undone it. */
async function decompress(bytes: Buffer, encoding: string, maxBytes: number): Promise<Buffer> {
  const run = Object.hasOwn(decompressors, encoding) ? decompressors[encoding] : undefined;
  if (run === undefined || bytes.length === 0) return bytes;
  try {
    return await run(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    if (isText(bytes)) return bytes;
    throw new ProviderError('malformed', `the answer can't be decompressed (${encoding})`);
  }
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** JSON or a web page, with or without a byte order mark. */
function isText(bytes: Buffer): boolean {
  return /^(?:\uFEFF)?\s*[[{"<]/u.test(bytes.subarray(0, 64).toString('utf8'));
}

function tooLarge(maxBytes: number): ProviderError {
  return new ProviderError('malformed', `the answer is larger than ${maxBytes} bytes`);
}
