import { type Dispatcher, request as send } from 'undici';
import type { z } from 'zod';
import { ProviderError } from '../errors.ts';
import { userAgent } from '../user-agent.ts';
import { BlockedAddressError } from './address-guard.ts';
import { NotConnectedError } from './connections.ts';

export interface HttpRequest {
  method: 'GET' | 'POST';
  /** Absolute address; its query is never logged. */
  url: string;
  headers: Record<string, string>;
  /** Sent as JSON. */
  body?: unknown;
  signal: AbortSignal;
}

/** An answer that arrived whole, whatever its status says. */
export interface HttpAnswer {
  readonly status: number;
  /** Seconds or a date in `Retry-After`, as milliseconds from now. */
  readonly retryAfterMs: number | undefined;
  readonly text: string;
  /** The body as JSON, `undefined` where it is none; whole numbers past 2^53 are strings. */
  readonly json: unknown;
}

export interface Http {
  /** Throws a `ProviderError` where no whole answer arrived. */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpOptions {
  dispatcher: Dispatcher;
  /** Larger answers are malformed. */
  maxBytes?: number;
  now?: () => number;
}

/** The one HTTP client for provider APIs: it follows no redirects and repeats nothing. */
export function createHttp(options: HttpOptions): Http {
  const maxBytes = options.maxBytes ?? 4 * 1024 * 1024;
  const now = options.now ?? Date.now;
  return {
    async request({ method, url, headers, body, signal }) {
      try {
        const response = await send(url, {
          dispatcher: options.dispatcher,
          method,
          signal,
          headers: {
            accept: 'application/json',
            'user-agent': userAgent,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          body: body === undefined ? null : JSON.stringify(body),
        });
        const text = await readText(response.body, maxBytes);
        return {
          status: response.statusCode,
          retryAfterMs: toRetryAfterMs(response.headers['retry-after'], now()),
          text,
          json: parseJson(text),
        };
      } catch (error) {
        throw toProviderError(error);
      }
    },
  };
}

/**
 * JSON with exact ids: whole numbers that a JavaScript number cannot hold are given as the digits that
 * were sent. `undefined` where the text is no JSON.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text, function exact(
      this: unknown,
      _key: string,
      value: unknown,
      context?: { source?: string },
    ) {
      const source = context?.source;
      if (typeof value !== 'number' || Number.isSafeInteger(value) || source === undefined) return value;
      return /^-?\d+$/.test(source) ? source : value;
    } as (this: unknown, key: string, value: unknown) => unknown);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** The answer in the shape a schema asks for; an unknown shape is a `malformed` provider error. */
export function readShape<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ProviderError('malformed', `${what} has an unknown shape${path === '' ? '' : ` at ${path}`}`);
}

async function readText(body: Dispatcher.ResponseData['body'], maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new ProviderError('malformed', `the answer is larger than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function toRetryAfterMs(header: string | string[] | undefined, now: number): number | undefined {
  const value = Array.isArray(header) ? header[0] : header;
  if (value === undefined) return undefined;
  const milliseconds = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1_000 : Date.parse(value) - now;
  return Number.isFinite(milliseconds) ? Math.max(0, Math.ceil(milliseconds)) : undefined;
}

function toProviderError(error: unknown): ProviderError {
  if (error instanceof ProviderError) return error;
  if (error instanceof BlockedAddressError) {
    return new ProviderError(
      'unavailable',
      `${error.message}; TRUSTED_HOSTS can allow the host of a base URL`,
      {
        definite: true,
        code: error.code,
      },
    );
  }
  const code = toCode(error);
  // The cause is left out on purpose: undici's errors can carry the address with its query.
  return new ProviderError('unavailable', `the request failed (${code})`, {
    definite: error instanceof NotConnectedError,
    code,
  });
}

/** A signal's own errors have numbers for codes (webidl.spec.whatwg.org, DOMException), which tell nobody anything. */
function toCode(error: unknown): string {
  if (error instanceof DOMException) return error.name;
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
}
