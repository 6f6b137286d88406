import { type Dispatcher, request } from 'undici';
import { userAgent } from '../user-agent.ts';

/** A file that could not be fetched. `isFinal`: asking again will not help. */
export class DownloadError extends Error {
  override readonly name = 'DownloadError';
  readonly isFinal: boolean;

  constructor(message: string, isFinal: boolean) {
    super(message);
    this.isFinal = isFinal;
  }
}

export interface DownloadOptions {
  maxBytes: number;
  signal: AbortSignal;
}

export type Download = (url: string, options: DownloadOptions) => Promise<Buffer>;

/** Codes of undici errors after which the same address will fail in the same way. */
const finalCodes: ReadonlySet<string> = new Set([
  'BLOCKED_ADDRESS',
  'ERR_INVALID_URL',
  'UND_ERR_INVALID_ARG',
]);

/**
 * Fetches files through a dispatcher that guards addresses. The query is sent unchanged, since it is signed;
 * redirects are not followed; no key is ever sent along.
 */
export function createDownload(dispatcher: Dispatcher): Download {
  return async (url, { maxBytes, signal }) => {
    try {
      const { statusCode, body, headers } = await request(url, {
        dispatcher,
        signal,
        method: 'GET',
        headers: { 'user-agent': userAgent },
      });
      if (statusCode !== 200) {
        await body.dump({ limit: 64 * 1024, signal }).catch(() => undefined); // only frees the connection
        // Not final, whatever it is: a file server may need a while until it has a new file.
        throw new DownloadError(`the file server answered ${statusCode}`, false);
      }
      if (Number(headers['content-length'] ?? 0) > maxBytes) {
        body.on('error', () => undefined).destroy(); // being cut off is what the body then complains of
        throw new DownloadError(`the file is larger than ${maxBytes} bytes`, true);
      }
      return await collect(body, maxBytes);
    } catch (error) {
      if (error instanceof DownloadError) throw error;
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
      throw new DownloadError(`the file could not be fetched (${code})`, finalCodes.has(code));
    }
  };
}

async function collect(body: AsyncIterable<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new DownloadError(`the file is larger than ${maxBytes} bytes`, true);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
