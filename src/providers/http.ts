import { type Dispatcher, request as send } from 'undici';
import type { z } from 'zod';
import { leavesOutcomeOpen, ProviderError, type ProviderErrorOptions } from '../errors.ts';
import { userAgent } from '../user-agent.ts';
import { BlockedAddressError } from './address-guard.ts';
import { readText } from './body.ts';
import { NotConnectedError } from './connections.ts';
import { parseJson, unwrapText } from './json.ts';

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
  /** The body as JSON, `undefined` if it isn't JSON; whole numbers past 2^53 are strings. */
  readonly json: unknown;
  /** What was asked in words, where it's known: an answer may repeat them, and they aren't the API's. */
  readonly asked?: string;
  /** Where a redirect leads: scheme, host and port, never a path or a query. Absent if it isn't one. */
  readonly redirectOrigin?: string;
}

export interface Http {
  /** Throws a `ProviderError` where no whole answer arrived. */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpOptions {
  dispatcher: Dispatcher;
  /** Larger answers are malformed; 16 MiB unless given: a list of all tasks of a month has more than 4 (novicezk). */
  maxBytes?: number;
  now?: () => number;
}

/**
 * The one HTTP client for provider APIs. It repeats nothing, and follows no redirects: a paid call would be made twice,
 * the key would go to a host that nobody has chosen, and free calls that are followed would hide that paid ones fail.
 */
export function createHttp(options: HttpOptions): Http {
  const maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
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
        const text = await readText(response, maxBytes);
        const redirectOrigin = toRedirectOrigin(response, url);
        return {
          status: response.statusCode,
          retryAfterMs: toRetryAfterMs(response.headers['retry-after'], now()),
          text,
          json: unwrapText(parseJson(text)),
          ...(redirectOrigin === undefined ? {} : { redirectOrigin }),
        };
      } catch (error) {
        throw toProviderError(error);
      }
    },
  };
}

/** Whether an answer is a web page, which no API sends: somebody else has answered. */
export function isWebPage({ text, json }: Pick<HttpAnswer, 'text' | 'json'>): boolean {
  return json === undefined && text.trimStart().startsWith('<');
}

/** Whether an answer's own code is an HTTP status that leaves the outcome open: gateways that answer with 200 write it there. */
export function isOpenCode(code: unknown): boolean {
  return /^\d{3}$/u.test(String(code)) && leavesOutcomeOpen(Number(code));
}

/** What an error tells of the answer that it's about. */
export function factsOf(answer: HttpAnswer): Pick<ProviderErrorOptions, 'retryAfterMs' | 'isPage'> & {
  status: number;
} {
  const { status, retryAfterMs } = answer;
  return {
    status,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(isWebPage(answer) ? { isPage: true } : {}),
  };
}

/** The answer in the shape a schema asks for; an unknown shape is a `malformed` provider error. */
export function readShape<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const path = parsed.error.issues[0]?.path.join('.') ?? '';
  throw new ProviderError('malformed', `${what} has an unknown shape${path === '' ? '' : ` at ${path}`}`);
}

function toRedirectOrigin({ statusCode, headers }: Dispatcher.ResponseData, url: string): string | undefined {
  const location = [headers['location'] ?? []].flat()[0];
  if (statusCode < 300 || statusCode >= 400 || location === undefined) return undefined;
  const target = URL.parse(location, url);
  return target === null || !/^https?:$/u.test(target.protocol) ? undefined : target.origin;
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
        hasOwnMarks: true,
        code: error.code,
      },
    );
  }
  const code = toCode(error);
  // The cause is left out on purpose: undici's errors can carry the address with its query.
  return new ProviderError('unavailable', `the request failed (${code})`, {
    definite: error instanceof NotConnectedError,
    hasOwnMarks: error instanceof NotConnectedError,
    code,
  });
}

/** A signal's own errors have numbers for codes (webidl.spec.whatwg.org, DOMException), which tell nobody anything. */
function toCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === '' || error instanceof DOMException ? error.name : code;
}
