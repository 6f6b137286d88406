import { DiscordAPIError, RateLimitError, type RawFile, REST, type RESTOptions, Routes } from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Place } from '../task.ts';
import type { RenderedMessage } from './render.ts';

/** What became of an edit. */
export type EditOutcome =
  | 'done'
  /** The message, its channel or the access to it is gone: nobody can ever see it. */
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

/** Edits messages of ours: by the interaction's token while it serves, by the channel afterwards. */
export interface Edits {
  routeFor(place: Place): Route;
  /** The largest file that the route takes, bytes. */
  limitFor(place: Place, route: Route): number;
  edit(place: Place, message: RenderedMessage, files: RawFile[]): Promise<EditResult>;
}

export interface EditsDependencies {
  apiUrl: string;
  token: string;
  makeRequest: RESTOptions['makeRequest'];
  clock: Clock;
}

/** Messages that the bot edits as itself take 10 MiB unless the server is known to take more. */
const channelLimitBytes = 10 * 1024 * 1024;
const patientEnoughMs = 10_000;
const options = {
  timeout: 60_000, // an upload of 10 MiB over a slow line
  retries: 0, // the library repeats at once and without a pause; what is owed is repeated from its row
  rejectOnRateLimit: ({ retryAfter }: { retryAfter: number }) => retryAfter > patientEnoughMs,
};

const tokenIsDead: ReadonlySet<unknown> = new Set([50_027, 10_015, 10_062]);
const placeIsGone: ReadonlySet<unknown> = new Set([10_003, 10_004, 10_008, 50_001, 50_013, 50_083]);

/**
 * Edits by token go through a REST client of their own: Discord does not count them against the bot's 50
 * requests a second, and @discordjs/rest would.
 */
export function createEdits({ apiUrl, token, makeRequest, clock }: EditsDependencies): Edits {
  const byToken = new REST({ ...options, makeRequest, api: apiUrl, globalRequestsPerSecond: 1_000 });
  const byChannel = new REST({ ...options, makeRequest, api: apiUrl }).setToken(token);

  function routeFor(place: Place): Route {
    return place.token !== undefined && clock.now() < place.tokenExpiresAt ? 'token' : 'channel';
  }

  async function patch(place: Place, route: Route, body: RenderedMessage, files: RawFile[]): Promise<void> {
    if (route === 'token' && place.token !== undefined) {
      const path = Routes.webhookMessage(place.applicationId, place.token, '@original');
      await byToken.patch(path, { auth: false, body, files });
    } else if (place.messageId !== undefined) {
      await byChannel.patch(Routes.channelMessage(place.channelId, place.messageId), { body, files });
    }
  }

  return {
    routeFor,
    limitFor: (place, route) =>
      route === 'token' ? place.uploadLimitBytes : Math.min(place.uploadLimitBytes, channelLimitBytes),
    async edit(place, message, files) {
      const route = routeFor(place);
      try {
        await patch(place, route, message, files);
        return { outcome: 'done' };
      } catch (error) {
        const isDead = route === 'token' && error instanceof DiscordAPIError && tokenIsDead.has(error.code);
        if (!isDead) return toResult(error);
        if (place.messageId === undefined) return { outcome: 'gone', error };
        return patch(place, 'channel', message, files).then(() => ({ outcome: 'done' }), toResult);
      }
    },
  };
}

function toResult(error: unknown): EditResult {
  if (error instanceof RateLimitError) return { outcome: 'later', error, retryAfterMs: error.retryAfter };
  if (!(error instanceof DiscordAPIError) || error.status >= 500) return { outcome: 'later', error };
  if (placeIsGone.has(error.code)) return { outcome: 'gone', error };
  if (error.status === 413 || error.code === 40_005 || error.code === 50_045)
    return { outcome: 'too-large', error };
  return { outcome: error.status === 401 || error.status === 429 ? 'later' : 'refused', error };
}
