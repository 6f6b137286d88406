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

/** An answer that arrived completely, with any status. */
export interface HttpAnswer {
  readonly status: number;
  /** Seconds or a date in `Retry-After`, as milliseconds from now. */
  readonly retryAfterMs: number | undefined;
  readonly text: string;
  /** The body as JSON, `undefined` if it isn't JSON; whole numbers past 2^53 are strings. */
  readonly json: unknown;
  /** The words that were asked, if known: an answer may repeat them, and then they aren't the API's. */
  readonly asked?: string;
  /** Where a redirect leads: scheme, host and port, never a path or query. Absent if it isn't a redirect. */
  readonly redirectOrigin?: string;
}

export interface Http {
  /** Throws a `ProviderError` if no complete answer arrived. */
  request(request: HttpRequest): Promise<HttpAnswer>;
}

export interface HttpOptions {
  dispatcher: Dispatcher;
  /** Larger answers are malformed; 16 MiB unless given. A list of a month's tasks has more than 4 (novicezk). */
  maxBytes?: number;
  now?: () => number;
}

/**
 * The one HTTP client for provider APIs. It never repeats a call and never follows a redirect: a paid call would be made
 * twice, the key would go to a host that nobody chose, and free calls that get there would hide that paid ones fail.
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

/** Whether an answer is a web page. No API sends one, so somebody else answered. */
export function isWebPage({ text, json }: Pick<HttpAnswer, 'text' | 'json'>): boolean {
  return json === undefined && text.trimStart().startsWith('<');
}

/** Whether the code in an answer is an HTTP status that leaves the outcome open: gateways that answer 200 put it there. */
export function isOpenCode(code: unknown): boolean {
  return /^\d{3}$/u.test(String(code)) && leavesOutcomeOpen(Number(code));
}

/** What an error keeps of the answer it's about. */
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

/** Returns the answer in the shape of a schema; throws a `malformed` provider error for any other shape. */
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
  // No `cause`, on purpose: undici's errors can carry the address with its query.
  return new ProviderError('unavailable', `the request failed (${code})`, {
    definite: error instanceof NotConnectedError,
    hasOwnMarks: error instanceof NotConnectedError,
    code,
  });
}

/** The errors of signals have numbers as codes (webidl.spec.whatwg.org, DOMException), which mean nothing to people. */
function toCode(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  return code === '' || error instanceof DOMException ? error.name : code;
}
