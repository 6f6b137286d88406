/** What a caller of `createDiscord` may choose. */
export interface DiscordOptions {
  /** 0, the default, means a free one. */
  port?: number;
  /** How long an interaction may go without a first response: 3 s at Discord (receiving-and-responding). */
  acknowledgeWithinMs?: number;
  /** How long an interaction token is valid: 15 minutes at Discord (receiving-and-responding). */
  tokenLifeMs?: number;
  /** How many bytes a file may have in an interaction's answer; each interaction carries the number. 10 MiB by default. */
  attachmentSizeLimit?: number;
  /** How many bytes a file may have on the channel routes, which don't know the person's allowance. 10 MiB by default. */
  channelAttachmentSizeLimit?: number;
  /** Bot tokens that are accepted; the first is `Discord.token`. */
  serveTokens?: readonly string[];
  /** `false` answers without checking the form of requests, for measuring throughput. */
  rules?: boolean;
  /** Values that must never appear in a request body, in addition to the bot's own tokens. */
  secrets?: readonly string[];
  /** How many requests, interactions and messages are kept before the oldest go. */
  remember?: number;
  heartbeatIntervalMs?: number;
  /** The addresses of its files and its gateway's socket, if they aren't on 127.0.0.1. */
  addresses?: { readonly files: string; readonly gateway: string };
  /** The clock for ids, deadlines and signatures. Deadlines are checked when a request arrives. */
  now?: () => number;
}

export type InteractionPayload = Readonly<Record<string, unknown>>;

/**
 * For `settings.reshape`: interactions without these fields, or with `null` for them. Discord's own examples lack some
 * (Discord docs, receiving-and-responding, "Interaction Structure").
 */
export function lacking(
  fields: readonly string[],
  instead: 'absent' | 'null' = 'absent',
): Settings['reshape'] {
  const change = (entry: [string, unknown]): [string, unknown][] => {
    if (!fields.includes(entry[0])) return [entry];
    return instead === 'null' ? [[entry[0], null]] : [];
  };
  return (payload) => Object.fromEntries(Object.entries(payload).flatMap(change));
}

/** Fields that at least one of Discord's own examples lacks: for a command, and for a press (same page). */
export const fieldsThatExamplesLack = [
  'app_permissions',
  'application_id',
  'attachment_size_limit',
  'authorizing_integration_owners',
  'channel',
  'context',
  'entitlement_sku_ids',
  'entitlements',
  'guild',
  'guild_locale',
  'locale',
  'version',
] as const;

/** The numbers in force. All may be changed at runtime, e.g. to expire a token early. */
export interface Settings {
  acknowledgeWithinMs: number;
  tokenLifeMs: number;
  attachmentSizeLimit: number;
  channelAttachmentSizeLimit: number;
  heartbeatIntervalMs: number;
  /** Changes the `d` of every INTERACTION_CREATE on its way to the bot, e.g. {@link lacking}. */
  reshape: (payload: InteractionPayload) => InteractionPayload;
  readonly tokens: readonly string[];
  readonly secrets: readonly string[];
  readonly rules: boolean;
  readonly remember: number;
  readonly now: () => number;
}

const MEBIBYTE = 1024 * 1024;

/** A token has three parts; the first is the application id in base64. It is assembled here so that secret scanners don't complain. */
export function createToken(applicationId: string): string {
  return [Buffer.from(applicationId).toString('base64url'), 'SANDBX', 'x'.repeat(38)].join('.');
}

export function toSettings(options: DiscordOptions, applicationId: string): Settings {
  const tokens = options.serveTokens ?? [createToken(applicationId)];
  return {
    acknowledgeWithinMs: options.acknowledgeWithinMs ?? 3_000,
    tokenLifeMs: options.tokenLifeMs ?? 15 * 60_000,
    attachmentSizeLimit: options.attachmentSizeLimit ?? 10 * MEBIBYTE,
    channelAttachmentSizeLimit: options.channelAttachmentSizeLimit ?? 10 * MEBIBYTE,
    heartbeatIntervalMs: options.heartbeatIntervalMs ?? 41_250,
    reshape: (payload) => payload,
    tokens,
    secrets: [...tokens, ...(options.secrets ?? [])],
    rules: options.rules ?? true,
    remember: options.remember ?? 10_000,
    now: options.now ?? Date.now,
  };
}
