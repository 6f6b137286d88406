import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, unzip } from 'node:zlib';
import { type Dispatcher, request } from 'undici';
import { userAgent } from '../user-agent.ts';

/** Why a file couldn't be downloaded. */
export type DownloadTrouble =
  /** The address is private, or leads to a private one: only another configuration helps. */
  | 'blocked'
  | 'too-large'
  /** The address itself makes no sense, or redirects in circles. */
  | 'malformed'
  /** It came too slowly for the caller, or not in time. */
  | 'slow'
  /** No answer, or one without a file: it may be there later. */
  | 'unavailable';

export interface DownloadErrorOptions {
  /** The host that was asked last, if any. */
  host?: string | undefined;
  /** The HTTP status of an answer without a file. */
  status?: number;
}

/** A file that couldn't be downloaded. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly trouble: DownloadTrouble;
  readonly host: string | undefined;
  readonly status: number | undefined;

  constructor(message: string, trouble: DownloadTrouble, { host, status }: DownloadErrorOptions = {}) {
    super(message);
    this.trouble = trouble;
    this.host = host;
    this.status = status;
  }
}

/** There's no room for a file of that size now; nothing of it was read. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
  /** `undefined` if the server doesn't say. */
  readonly bytes: number | undefined;

  constructor(bytes: number | undefined) {
    super('there is no room for the file now');
    this.bytes = bytes;
  }
}

/** The slowest pace allowed: once a body has taken this long, its average must be at least this much per second. */
export interface Pace {
  readonly bytesPerSecond: number;
  readonly afterMs: number;
}

export interface DownloadOptions {
  maxBytes: number;
  signal: AbortSignal;
  /** If given, a file that's slower, or not complete when the signal's time is up, counts as `slow`. */
  slowest?: Pace | undefined;
  /** Asked before any of a file is read, with its size if the server says it. */
  hasRoom?: ((bytes: number | undefined) => boolean) | undefined;
}

export type Download = (url: string, options: DownloadOptions) => Promise<Buffer>;

/** Codes of undici's errors for addresses that can't be called at all. */
const malformedCodes: ReadonlySet<string> = new Set(['ERR_INVALID_URL', 'UND_ERR_INVALID_ARG']);

const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
const mostHops = 3;

/**
 * Downloads files through a dispatcher that guards addresses. The query is sent unchanged, since it's signed, and a key is
 * never sent. Follows at most three redirects, each guarded like the first address; a public `http:` address is called as
 * `https:`; a `data:` address is its own file.
 */
export function createDownload(dispatcher: Dispatcher): Download {
  return async (url, options) => {
    if (/^data:/iu.test(url)) return decodeData(url, options.maxBytes);
    let target = toUrl(url);
    for (let hops = 0; hops <= mostHops; hops += 1) {
      const answer = await attempt(target, options);
      if (Buffer.isBuffer(answer)) return answer;
      target = toUrl(answer.href);
    }
    throw new DownloadError('the file server sends from one address to the next', 'malformed', {
      host: target.host,
    });
  };

  /** Returns the file, or the address that it's supposed to be at. */
  async function attempt(target: URL, options: DownloadOptions): Promise<Buffer | URL> {
    try {
      return await ask(target, options);
    } catch (error) {
      const isPlain =
        error instanceof DownloadError && error.trouble === 'blocked' && target.protocol === 'http:';
      if (!isPlain) throw error;
      return ask(toHttps(target), options);
    }
  }

  async function ask(target: URL, options: DownloadOptions): Promise<Buffer | URL> {
    const { maxBytes, signal, slowest, hasRoom = () => true } = options;
    const { host } = target;
    try {
      const { statusCode, body, headers } = await request(target, {
        dispatcher,
        signal,
        method: 'GET',
        headers: { 'user-agent': userAgent },
      });
      if (statusCode < 200 || statusCode > 299) {
        await body.dump({ limit: 64 * 1024, signal }).catch(() => undefined); // only frees the connection
        const location = [headers['location'] ?? []].flat()[0];
        const next =
          redirects.has(statusCode) && location !== undefined ? URL.parse(location, target.href) : null;
        if (next !== null) return next;
        throw new DownloadError(`the file server answered ${statusCode}`, 'unavailable', {
          host,
          status: statusCode,
        });
      }
      const length = toLength(headers['content-length']);
      const isTooLarge = length !== undefined && length > maxBytes;
      if (isTooLarge || !hasRoom(length)) {
        body.on('error', () => undefined).destroy(); // the body then complains about being cut off
        throw isTooLarge ? tooLarge(maxBytes, host) : new NoRoomError(length);
      }
      const bytes = await collect(keepPace(body, slowest), maxBytes, host);
      if (bytes.length === 0)
        throw new DownloadError('the file server sent nothing', 'unavailable', { host, status: statusCode });
      return await decode(bytes, headers['content-encoding'], maxBytes);
    } catch (error) {
      if (error instanceof DownloadError || error instanceof NoRoomError) throw error;
      if (slowest !== undefined && isTooSlow(error))
        throw new DownloadError('the file comes too slowly', 'slow', { host });
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new DownloadError(`the file could not be fetched (${code})`, toTrouble(code), { host });
    }
  }
}

function toLength(header: string | string[] | undefined): number | undefined {
  return typeof header === 'string' && /^\d+$/.test(header) ? Number(header) : undefined;
}

function toUrl(text: string): URL {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/u.test(url.protocol))
    throw new DownloadError('the address of the file cannot be called', 'malformed');
  return url;
}

function toHttps(url: URL): URL {
  const secure = new URL(url);
  secure.protocol = 'https:';
  return secure;
}

function toTrouble(code: string): DownloadTrouble {
  if (code === 'BLOCKED_ADDRESS') return 'blocked';
  return malformedCodes.has(code) ? 'malformed' : 'unavailable';
}

const paceCheckedEveryMs = 250;

class PaceError extends Error {
  override readonly name = 'PaceError';
}

/** Whether it was too slow: by its pace, or because its time was up (the signal's own error). */
function isTooSlow(error: unknown): boolean {
  return error instanceof PaceError || (error instanceof Error && error.name === 'TimeoutError');
}

/** The same body, aborted once it's slower than that, even while nothing comes at all. */
async function* keepPace(body: Readable, slowest: Pace | undefined): AsyncGenerator<Buffer> {
  const startedAt = performance.now();
  let bytes = 0;
  const check = ({ bytesPerSecond, afterMs }: Pace) => {
    const tookMs = performance.now() - startedAt;
    if (tookMs > afterMs && bytes * 1_000 < bytesPerSecond * tookMs) body.destroy(new PaceError());
  };
  const timer = slowest === undefined ? undefined : setInterval(check, paceCheckedEveryMs, slowest);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      yield chunk;
    }
  } finally {
    clearInterval(timer);
  }
}

async function collect(body: AsyncIterable<Buffer>, maxBytes: number, host: string): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes, host);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function tooLarge(maxBytes: number, host?: string): DownloadError {
  return new DownloadError(`the file is larger than ${maxBytes} bytes`, 'too-large', { host });
}

/** Some servers compress although nobody asked for it. */
async function decode(
  bytes: Buffer,
  encoding: string | string[] | undefined,
  maxBytes: number,
): Promise<Buffer> {
  const name = [encoding ?? []].flat().join().trim().toLowerCase();
  const decoder = Object.hasOwn(decoders, name) ? decoders[name] : undefined;
  if (decoder === undefined) return bytes;
  try {
    return await decoder(bytes, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(maxBytes);
    return bytes; // the header may be wrong; reading the bytes will tell what they are
  }
}

const decoders: Readonly<
  Record<string, (bytes: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>>
> = {
  gzip: promisify(unzip),
  'x-gzip': promisify(unzip),
  deflate: promisify(unzip),
  br: promisify(brotliDecompress),
};

/** The bytes in an address like `data:image/png;base64,…`. */
async function decodeData(url: string, maxBytes: number): Promise<Buffer> {
  if (url.length > 4 * maxBytes) throw tooLarge(maxBytes); // a byte takes at most three characters
  try {
    const response = await fetch(url); // reads it from the address itself
    const bytes = Buffer.from(await response.arrayBuffer());
    if (bytes.length === 0) throw new DownloadError('the address holds no file', 'malformed');
    if (bytes.length <= maxBytes) return bytes;
  } catch (error) {
    if (error instanceof TypeError) throw new DownloadError('the address holds no file', 'malformed');
    throw error;
  }
  throw tooLarge(maxBytes);
}
