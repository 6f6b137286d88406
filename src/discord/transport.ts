import { STATUS_CODES } from 'node:http';
import type { RESTOptions } from 'discord.js';
import { type Dispatcher, request } from 'undici';

type MakeRequest = RESTOptions['makeRequest'];

/**
 * How often a REST client forgets what it knows about routes that nobody uses. Each interaction's token is a route of its own,
 * and @discordjs/rest keeps each for an hour by default: 105 MB at 24 tasks a second.
 */
export const handlerSweepInterval = 60_000;
/** Hears of each answer. `isShared`: others have used the limit up, so Discord doesn't hold it against this bot. */
export type OnAnswer = (status: number, about: { isShared: boolean }) => void;

/** Something in between answered instead of Discord: a company's proxy, a captive portal, a firewall. */
export class NotDiscordError extends Error {
  override readonly name = 'NotDiscordError';
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}

/** Refusals that are final from Discord, and mean nothing from anybody else. */
const finalFromDiscord: ReadonlySet<number> = new Set([401, 403, 404]);

/**
 * The HTTP transport of every Discord REST client, on our own undici. @discordjs/rest 2.6 brings undici 6 but uses the
 * process's global dispatcher, which undici 8 sets when it's loaded; each refuses the other's form data, so a body has to be a
 * text or bytes.
 *
 * A 401, 403 or 404 that isn't in Discord's own form is thrown as a {@link NotDiscordError}. So is a 401 about the bot's
 * token if Discord takes the token a moment later: @discordjs/rest forgets a token for good at any 401.
 */
export function createTransport(dispatcher: Dispatcher, onAnswer?: OnAnswer): MakeRequest {
  /** Whether Discord also refuses the token for a call that every token may make. */
  async function isTokenRefused(
    url: string,
    authorization: string,
    signal: AbortSignal | null,
  ): Promise<boolean> {
    const [, base] = /^(.*?\/v\d+)\//.exec(url) ?? [];
    if (base === undefined) return true;
    const { statusCode, body } = await request(`${base}/users/@me`, {
      dispatcher,
      headers: { authorization },
      signal,
    });
    return statusCode === 401 && isRefusalOfDiscord(await body.text());
  }

  return async (url, init) => {
    const method = (init.method ?? 'GET') as Dispatcher.HttpMethod;
    const headers = new Headers(init.headers as Record<string, string>);
    const response = await request(url, {
      dispatcher,
      method,
      body: (init.body ?? null) as string | Buffer | null, // discord/multipart.ts writes forms
      headers: Object.fromEntries(headers),
      signal: init.signal ?? null,
      headersTimeout: 0, // the signal is the limit: an upload may take longer than undici's five minutes
      bodyTimeout: 0,
    });
    const bytes = await response.body.arrayBuffer();
    const { statusCode: status } = response;
    onAnswer?.(status, { isShared: response.headers['x-ratelimit-scope'] === 'shared' });
    if (finalFromDiscord.has(status) && !isRefusalOfDiscord(Buffer.from(bytes).toString()))
      throw new NotDiscordError(
        `something other than Discord answered ${status}; is there a firewall in between?`,
        status,
      );
    const authorization = headers.get('authorization');
    if (
      status === 401 &&
      authorization !== null &&
      !(await isTokenRefused(url, authorization, init.signal ?? null))
    )
      throw new NotDiscordError('Discord refused the token once, but takes it now', status);
    return new Response(bytes.byteLength === 0 ? null : bytes, {
      status: response.statusCode,
      statusText: STATUS_CODES[response.statusCode] ?? '', // all that an error of @discordjs/rest says about a 5xx
      headers: toHeaders(response.headers),
    }) as Awaited<ReturnType<MakeRequest>>;
  };
}

/** Every refusal from Discord has a number and a sentence (Discord docs, reference, "Error Messages"). */
function isRefusalOfDiscord(text: string): boolean {
  try {
    const { code, message } = JSON.parse(text) as { code?: unknown; message?: unknown };
    return typeof code === 'number' && typeof message === 'string';
  } catch {
    return false; // a page, an empty body, or null
  }
}

function toHeaders(received: Dispatcher.ResponseData['headers']): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(received)) {
    for (const one of Array.isArray(value) ? value : [value ?? '']) headers.append(name, one);
  }
  return headers;
}
