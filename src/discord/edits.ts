import {
  type APIMessage,
  DiscordAPIError,
  RateLimitError,
  type RawFile,
  REST,
  type RESTOptions,
  Routes,
} from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Place } from '../task.ts';
import type { RenderedMention, RenderedMessage } from './render.ts';

/** What became of a message. */
export type EditOutcome =
  | 'done'
  /** The message, its channel or the access to it is gone: nobody can see it, or the bot cannot reach it. */
  | 'gone'
  /** Discord takes no file of that size here. */
  | 'too-large'
  /** Discord understood and refuses this body: AutoMod, or a mistake of ours. */
  | 'refused'
  /** Worth another try. */
  | 'later';

export interface EditResult {
  readonly outcome: EditOutcome;
  readonly error?: unknown;
  readonly retryAfterMs?: number;
}

/** By which way a message is edited. */
export type Route = 'token' | 'channel';

/** Writes messages of ours: by the interaction's token while it serves, by the channel afterwards. */
export interface Edits {
  routeFor(place: Place): Route;
  /** The largest file that can be sent there now, bytes. */
  limitFor(place: Place): number;
  /** What every route takes, bytes. */
  readonly smallestLimitBytes: number;
  edit(place: Place, message: RenderedMessage, files: RawFile[]): Promise<EditResult>;
  /** Fresh addresses of the files on the place's message; empty where the bot cannot read it any more. */
  listFiles(place: Place): Promise<string[]>;
  /** A new message in the place's channel; sent twice with one nonce, it is one message. */
  send(place: Place, message: RenderedMention): Promise<EditResult>;
}

export interface EditsDependencies {
  apiUrl: string;
  token: string;
  makeRequest: RESTOptions['makeRequest'];
  clock: Clock;
  /** Discord refuses the bot's own token: no request with it will ever work again. */
  onUnauthorized: () => void;
}

/** Messages that the bot edits as itself take 10 MiB unless the server is known to take more. */
const channelLimitBytes = 10 * 1024 * 1024;
/** A press has to be answered within three seconds, and may wait for this. */
const readTimeoutMs = 1_200;
const patientEnoughMs = 10_000;
const options = {
  timeout: 60_000, // an upload of 10 MiB over a slow line
  retries: 0, // the library repeats at once and without a pause; what is owed is repeated from its row
  rejectOnRateLimit: ({ retryAfter }: { retryAfter: number }) => retryAfter > patientEnoughMs,
};

/** Codes of Discord's topics/opcodes-and-status-codes, by what they mean for a message of ours. */
const tokenIsDead: ReadonlySet<unknown> = new Set([50_027, 10_015, 10_062]);
const placeIsGone: ReadonlySet<unknown> = new Set([10_003, 10_004, 10_008, 50_001, 50_005]);
const fileIsTooLarge: ReadonlySet<unknown> = new Set([40_005, 50_045]);
/** 50013: the place allows no files. */
const mayNotAttach = 50_013;
const bodyIsRefused: ReadonlySet<unknown> = new Set([50_006, 50_035, 200_000, 240_000]);

/**
 * Edits by token go through a REST client of their own: Discord does not count them against the bot's 50
 * requests a second, and @discordjs/rest would.
 */
export function createEdits(dependencies: EditsDependencies): Edits {
  const { apiUrl, token, makeRequest, clock, onUnauthorized } = dependencies;
  const byToken = new REST({ ...options, makeRequest, api: apiUrl, globalRequestsPerSecond: 1_000 });
  const byChannel = new REST({ ...options, makeRequest, api: apiUrl }).setToken(token);

  function routeFor(place: Place): Route {
    return place.token !== undefined && clock.now() < place.tokenExpiresAt ? 'token' : 'channel';
  }

  async function editByToken(place: Place, body: RenderedMessage, files: RawFile[]): Promise<EditResult> {
    const route = Routes.webhookMessage(place.applicationId, place.token ?? '', '@original');
    return attempt(() => byToken.patch(route, { auth: false, body, files }));
  }

  async function editByChannel(place: Place, body: RenderedMessage, files: RawFile[]): Promise<EditResult> {
    const { channelId, messageId } = place;
    if (messageId === undefined || !place.isOpenToBot) return { outcome: 'gone' };
    return asBot(() => byChannel.patch(Routes.channelMessage(channelId, messageId), { body, files }));
  }

  /** With the bot's own token, a 401 says that it was reset. */
  async function asBot(work: () => Promise<unknown>): Promise<EditResult> {
    const result = await attempt(work);
    if (result.error instanceof DiscordAPIError && result.error.status === 401) onUnauthorized();
    return result;
  }

  return {
    routeFor,
    smallestLimitBytes: channelLimitBytes,
    limitFor(place) {
      const isByToken = routeFor(place) === 'token';
      return isByToken ? place.uploadLimitBytes : Math.min(place.uploadLimitBytes, channelLimitBytes);
    },
    async edit(place, message, files) {
      if (routeFor(place) === 'channel') return editByChannel(place, message, files);
      const result = await editByToken(place, message, files);
      const isDead = result.error instanceof DiscordAPIError && tokenIsDead.has(result.error.code);
      return isDead ? editByChannel(place, message, files) : result;
    },
    async listFiles({ channelId, messageId, isOpenToBot }) {
      if (messageId === undefined || !isOpenToBot) return [];
      const files: string[] = [];
      await asBot(async () => {
        const signal = AbortSignal.timeout(readTimeoutMs);
        const message = (await byChannel.get(Routes.channelMessage(channelId, messageId), {
          signal,
        })) as APIMessage;
        files.push(...toFileAddresses(message));
      });
      return files;
    },
    send: (place, body) => asBot(() => byChannel.post(Routes.channelMessages(place.channelId), { body })),
  };
}

/**
 * A file that an embed shows isn't always among the message's attachments; the embed has its address. Where both have it,
 * they differ in what is signed or behind a proxy, but not in the path.
 */
export function toFileAddresses({
  embeds,
  attachments,
}: Pick<APIMessage, 'embeds' | 'attachments'>): string[] {
  const shown = embeds.map(({ image }) => image?.url).filter((url) => url !== undefined);
  const byPath = new Map<string, string>();
  for (const url of [...shown, ...attachments.map((file) => file.url)]) {
    const path = URL.parse(url)?.pathname ?? url;
    if (!byPath.has(path)) byPath.set(path, url);
  }
  return [...byPath.values()];
}

async function attempt(work: () => Promise<unknown>): Promise<EditResult> {
  try {
    await work();
    return { outcome: 'done' };
  } catch (error) {
    if (error instanceof RateLimitError) return { outcome: 'later', error, retryAfterMs: error.retryAfter };
    return { outcome: error instanceof DiscordAPIError ? outcomeOf(error) : 'later', error };
  }
}

/** Only what Discord says of the message itself is final; all else may be different tomorrow. */
function outcomeOf({ code, status }: DiscordAPIError): EditOutcome {
  if (placeIsGone.has(code)) return 'gone';
  if (status === 413 || fileIsTooLarge.has(code) || code === mayNotAttach) return 'too-large';
  return bodyIsRefused.has(code) ? 'refused' : 'later';
}
