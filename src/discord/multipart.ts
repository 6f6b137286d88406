import { randomBytes } from 'node:crypto';
import type { RawFile } from 'discord.js';

/** A message as options for a request of @discordjs/rest. */
export interface MessageBody {
  readonly body: unknown;
  readonly headers?: Record<string, string>;
  readonly passThroughBody?: boolean;
}

/**
 * Returns JSON if there are no files, otherwise multipart/form-data (RFC 7578; Discord docs, reference, "Uploading Files").
 * @discordjs/rest would make a Blob of each file and a form of those, and copy each file four times until it's sent; here it's
 * copied once.
 */
export function toBody(message: object, files: readonly RawFile[]): MessageBody {
  if (files.length === 0) return { body: message };
  const boundary = `relay-${randomBytes(16).toString('hex')}`;
  const parts: Buffer[] = [];
  for (const [index, { name, data, contentType = 'application/octet-stream' }] of files.entries()) {
    parts.push(
      Buffer.from(
        `--${boundary}\r\ncontent-disposition: form-data; name="files[${index}]"; filename="${requirePlain(name)}"\r\n` +
          `content-type: ${contentType}\r\n\r\n`,
      ),
      toBuffer(data),
      Buffer.from('\r\n'),
    );
  }
  parts.push(
    Buffer.from(
      `--${boundary}\r\ncontent-disposition: form-data; name="payload_json"\r\ncontent-type: application/json\r\n\r\n` +
        `${JSON.stringify(message)}\r\n--${boundary}--\r\n`,
    ),
  );
  return {
    body: Buffer.concat(parts),
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
    passThroughBody: true,
  };
}

/** Names are our own (`result-names.ts`), so none can end its header early. */
function requirePlain(name: string): string {
  if (!/^[\w.-]+$/.test(name)) throw new RangeError('not a plain file name');
  return name;
}

function toBuffer(data: RawFile['data']): Buffer {
  if (Buffer.isBuffer(data)) return data;
  return data instanceof Uint8Array
    ? Buffer.from(data.buffer, data.byteOffset, data.byteLength)
    : Buffer.from(String(data));
}
