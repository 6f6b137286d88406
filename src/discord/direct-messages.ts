import {
  type APIDMChannel,
  type APIMessage,
  DiscordAPIError,
  RateLimitError,
  REST,
  type RESTOptions,
  Routes,
} from 'discord.js';
import { idOf, noMentions } from './respond.ts';

/** What happened to a direct message. `closed`: the person takes none from this bot. */
export type DirectResult =
  | { readonly outcome: 'done'; readonly channelId: string; readonly messageId: string | undefined }
  | { readonly outcome: 'closed' | 'later'; readonly error: unknown; readonly retryAfterMs?: number };

/** Messages from the bot to one person. */
export interface DirectMessages {
  /** Returns the channel between the bot and that person. Nobody notices that it's opened. */
  open(userId: string): Promise<DirectChannel>;
  /** Sends a message there; sent twice with the same nonce, it's one message. */
  post(channelId: string, message: DirectMessage): Promise<DirectResult>;
  /** Opens the channel, and sends the message there. */
  send(userId: string, message: DirectMessage): Promise<DirectResult>;
}

export type DirectChannel =
  | { readonly outcome: 'done'; readonly channelId: string }
  | Exclude<DirectResult, { outcome: 'done' }>;

export interface DirectMessage extends Pick<APIMessage, 'content'> {
  readonly nonce: string;
}

/** Somebody waits for the answer to a press meanwhile. */
const timeoutMs = 4_000;
const patientEnoughMs = 2_000;

export function createDirectMessages({
  apiUrl,
  token,
  makeRequest,
}: {
  apiUrl: string;
  token: string;
  makeRequest: RESTOptions['makeRequest'];
}): DirectMessages {
  const rest = new REST({
    api: apiUrl,
    makeRequest,
    timeout: timeoutMs,
    retries: 0,
    rejectOnRateLimit: ({ retryAfter }: { retryAfter: number }) => retryAfter > patientEnoughMs,
  }).setToken(token);

  async function open(userId: string): Promise<DirectChannel> {
    try {
      const channel = (await rest.post(Routes.userChannels(), {
        body: { recipient_id: userId },
      })) as Partial<APIDMChannel>;
      if (typeof channel.id === 'string') return { outcome: 'done', channelId: channel.id };
      return { outcome: 'later', error: new Error('Discord named no channel') };
    } catch (error) {
      return toFailure(error);
    }
  }

  async function post(channelId: string, { content, nonce }: DirectMessage): Promise<DirectResult> {
    try {
      const body = { content, nonce, enforce_nonce: true, allowed_mentions: noMentions };
      const message = await rest.post(Routes.channelMessages(channelId), { body });
      return { outcome: 'done', channelId, messageId: idOf(message) };
    } catch (error) {
      return toFailure(error);
    }
  }

  return {
    open,
    post,
    async send(userId, message) {
      const opened = await open(userId);
      return opened.outcome === 'done' ? post(opened.channelId, message) : opened;
    },
  };
}

/** The person has closed their direct messages or blocked the bot, or is in none of its servers (Discord docs, opcodes-and-status-codes). */
const takesNone: ReadonlySet<unknown> = new Set([50_007, 50_278]);

function toFailure(error: unknown): Exclude<DirectResult, { outcome: 'done' }> {
  if (error instanceof RateLimitError) return { outcome: 'later', error, retryAfterMs: error.retryAfter };
  const isClosed = error instanceof DiscordAPIError && takesNone.has(error.code);
  return { outcome: isClosed ? 'closed' : 'later', error };
}
