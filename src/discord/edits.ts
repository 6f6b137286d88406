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
import { toBody } from './multipart.ts';
import type { RenderedMention, RenderedMessage } from './render/message.ts';
import { idOf, messageIsGone } from './respond.ts';
import { handlerSweepInterval } from './transport.ts';

/** What happened to a message. */
export type EditOutcome =
  | 'done'
  /** Discord doesn't know the message: it was deleted, or it's too new for the machine that was asked. */
  | 'gone'
  /** The token has expired, and the bot can't write to the channel: only a press brings a new token. */
  | 'unreachable'
  /** The bot lacks a permission, or was removed; both are often undone a moment later. */
  | 'forbidden'
  /** Discord doesn't take files of that size here. */
  | 'too-large'
  /** Its files weren't uploaded in time: the connection to Discord is slow, or too busy. */
  | 'too-slow'
  /** Discord understood this body and refuses it: AutoMod, or our own mistake. */
  | 'refused'
  /** The thread doesn't take edits until somebody writes in it. */
  | 'archived'
  /** The thread takes nothing from the bot until a moderator unlocks it. */
  | 'locked'
  /** Worth another try. */
  | 'later';

export interface EditResult {
  readonly outcome: EditOutcome;
  readonly error?: unknown;
  readonly retryAfterMs?: number;
  /** The id of the message that was edited or sent, if Discord told it. */
  readonly messageId?: string | undefined;
}

/** How a message is edited. */
export type Route = 'token' | 'channel';

/** Writes our messages: with the interaction's token while it works, through the channel afterwards. */
export interface Edits {
  routeFor(place: Place): Route;
  /** The largest file that can be sent there now, in bytes. */
  limitFor(place: Place): number;
  /** What every route takes, in bytes. */
  readonly smallestLimitBytes: number;
  edit(place: Place, message: RenderedMessage, files: RawFile[]): Promise<EditResult>;
  /** Fresh addresses of the files on the place's message; empty if the bot can no longer read it. */
  listFiles(place: Place): Promise<string[]>;
  /** Sends a new message to the place's channel; sent twice with the same nonce, it's one message. */
  send(place: Place, message: RenderedMention): Promise<EditResult>;
}

export interface EditsDependencies {
  apiUrl: string;
  token: string;
  makeRequest: RESTOptions['makeRequest'];
  clock: Clock;
  /** Discord refuses the bot's own token: requests with it will never work again. */
  onUnauthorized: () => void;
  /** How long a call may take, by the bytes of its files; {@link uploadTimeoutMs} unless given. */
  timeoutFor?: (bytes: number) => number;
}

/** Messages that the bot edits as itself take 10 MiB, unless the server is known to take more. */
const channelLimitBytes = 10 * 1024 * 1024;
/** A press has to be answered within three seconds, and may wait for this. */
const readTimeoutMs = 1_200;
const patientEnoughMs = 10_000;
const options = {
  handlerSweepInterval,
  timeout: 60 * 60_000, // each call has its own limit, by its size
  retries: 0, // the library repeats at once and without a pause; an owed message is repeated from its row
  rejectOnRateLimit: ({ retryAfter }: { retryAfter: number }) => retryAfter > patientEnoughMs,
};

/** The slowest connection on which an upload ends in time, in bytes per millisecond: 256 kbit/s. */
const slowestLine = 32;

/** How long a call with this many bytes of files may take. */
export function uploadTimeoutMs(bytes: number): number {
  return 60_000 + Math.ceil(bytes / slowestLine);
}

/** Codes from Discord's topics/opcodes-and-status-codes, by what they mean for our message. */
const tokenIsDead: ReadonlySet<unknown> = new Set([50_027, 10_015, 10_062]);
/** What the operator or a moderator can do about each. */
const lacks: Readonly<Record<string, string>> = {
  50001: 'let the bot view the channel (View Channel)',
  50013:
    'let the bot write and attach files there (Send Messages, Embed Links, Attach Files), or end its time-out',
  10003: 'the channel is gone, or hidden from the bot (View Channel)',
  10004: 'the bot is not in the server: invite it again',
  50005: 'it is a message of another application: was DISCORD_TOKEN changed?',
};
const fileIsTooLarge: ReadonlySet<unknown> = new Set([40_005, 50_045]);
const threadIsArchived = 50_083;
const threadIsLocked = 160_005;
const bodyIsRefused: ReadonlySet<unknown> = new Set([50_006, 50_035, 200_000, 240_000]);

/**
 * Edits with a token go through their own REST client: Discord doesn't count them against the bot's 50 requests a second,
 * but @discordjs/rest would.
 */
export function createEdits(dependencies: EditsDependencies): Edits {
  const { apiUrl, token, makeRequest, clock, onUnauthorized, timeoutFor = uploadTimeoutMs } = dependencies;
  const byToken = new REST({ ...options, makeRequest, api: apiUrl, globalRequestsPerSecond: 1_000 });
  const byChannel = new REST({ ...options, makeRequest, api: apiUrl }).setToken(token);

  function routeFor(place: Place): Route {
    return place.token !== undefined && clock.now() < place.tokenExpiresAt ? 'token' : 'channel';
  }

  async function editByToken(place: Place, body: RenderedMessage, files: RawFile[]): Promise<EditResult> {
    const route = Routes.webhookMessage(place.applicationId, place.token ?? '', '@original');
    return inTime(files, (signal) =>
      attempt(() => byToken.patch(route, { auth: false, ...toBody(body, files), signal })),
    );
  }

  async function editByChannel(place: Place, body: RenderedMessage, files: RawFile[]): Promise<EditResult> {
    const { channelId, messageId } = place;
    if (messageId === undefined || !place.isOpenToBot) return { outcome: 'unreachable' };
    const route = Routes.channelMessage(channelId, messageId);
    return inTime(files, (signal) => asBot(() => byChannel.patch(route, { ...toBody(body, files), signal })));
  }

  async function inTime(
    files: readonly RawFile[],
    work: (signal: AbortSignal) => Promise<EditResult>,
  ): Promise<EditResult> {
    const bytes = files.reduce((sum, { data }) => sum + Buffer.byteLength(data as Buffer), 0);
    const signal = AbortSignal.timeout(timeoutFor(bytes));
    const result = await work(signal);
    const isTooSlow = result.outcome === 'later' && signal.aborted && bytes > 0;
    return isTooSlow ? { ...result, outcome: 'too-slow' } : result;
  }

  /** With the bot's own token, a 401 means that it was reset. */
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
    send: (place, body) =>
      inTime([], (signal) =>
        asBot(() => byChannel.post(Routes.channelMessages(place.channelId), { body, signal })),
      ),
  };
}

/**
 * A file that an embed shows isn't always among the message's attachments; the embed has its address. If both have it, the
 * addresses differ in host and signature, but not in the path.
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
    return { outcome: 'done', messageId: idOf(await work()) };
  } catch (error) {
    if (error instanceof RateLimitError) return { outcome: 'later', error, retryAfterMs: error.retryAfter };
    return { outcome: error instanceof DiscordAPIError ? outcomeOf(error) : 'later', error };
  }
}

/** Which permission the bot lacks, as advice for somebody who can grant it; `undefined` if the error isn't about that. */
export function adviceFor(error: unknown): string | undefined {
  return error instanceof DiscordAPIError ? lacks[error.code] : undefined;
}

/** Whether it may be the message's files or its embed that the bot isn't allowed to send. */
export function mayForbidParts({ outcome, error }: EditResult): boolean {
  return outcome === 'forbidden' && error instanceof DiscordAPIError && error.code === 50_013;
}

/** Only what Discord says about the message itself is final; everything else may be different tomorrow. */
function outcomeOf({ code, status }: DiscordAPIError): EditOutcome {
  if (code === messageIsGone) return 'gone';
  if (code in lacks) return 'forbidden';
  if (code === threadIsArchived) return 'archived';
  if (code === threadIsLocked) return 'locked';
  if (status === 413 || fileIsTooLarge.has(code)) return 'too-large';
  return bodyIsRefused.has(code) ? 'refused' : 'later';
}
