import { STATUS_CODES } from 'node:http';
import type { RESTOptions } from 'discord.js';
import { type Dispatcher, request } from 'undici';

type MakeRequest = RESTOptions['makeRequest'];

/**
 * The HTTP transport of every Discord REST client, on our own undici. @discordjs/rest 2.6 brings undici 6 but
 * takes the process's global dispatcher, which undici 8 sets when it is loaded; each refuses the other's
 * form data, so uploads would fail. Here a body is bytes before any of them sees it.
 */
export function createTransport(dispatcher: Dispatcher): MakeRequest {
  return async (url, init) => {
    const method = (init.method ?? 'GET') as Dispatcher.HttpMethod;
    const headers = new Headers(init.headers as Record<string, string>);
    const response = await request(url, {
      dispatcher,
      method,
      body: await toBytes(init.body, headers),
      headers: Object.fromEntries(headers),
      signal: init.signal ?? null,
    });
    const bytes = await response.body.arrayBuffer();
    return new Response(bytes.byteLength === 0 ? null : bytes, {
      status: response.statusCode,
      statusText: STATUS_CODES[response.statusCode] ?? '', // all that an error of @discordjs/rest says of a 5xx
      headers: toHeaders(response.headers),
    }) as Awaited<ReturnType<MakeRequest>>;
  };
}

/** A body as bytes; form data brings the `content-type` with its boundary. */
async function toBytes(body: unknown, headers: Headers): Promise<Buffer | null> {
  if (body === null || body === undefined) return null;
  const wrapped = new Response(body as string | FormData | Uint8Array<ArrayBuffer>);
  const type = wrapped.headers.get('content-type');
  if (body instanceof FormData && type !== null) headers.set('content-type', type);
  return Buffer.from(await wrapped.arrayBuffer());
}

function toHeaders(received: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  return headers;
}
