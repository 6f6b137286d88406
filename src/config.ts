import { z } from 'zod';
import { type AccountConfig, readProviders } from './config/accounts.ts';
import { type Proxies, passwordsOf, readProxies } from './config/proxies.ts';
import { createReader, type Environment, type Reader, readSwitch } from './config/reader.ts';
import {
  count,
  days,
  hostPort,
  httpUrl,
  milliseconds,
  oneOf,
  port,
  secret,
  snowflake,
  webhookUrl,
} from './config/values.ts';
import { explainUnreadEnvFile } from './env-encoding.ts';

export {
  type AccountConfig,
  type ProviderConfig,
  type ProviderKind,
  providerKinds,
  variablesOf,
} from './config/accounts.ts';
export type { Proxies } from './config/proxies.ts';
export { ConfigError } from './config/reader.ts';
export type { Hours } from './config/values.ts';

interface Address {
  readonly host: string;
  readonly port: number;
}

export interface Config {
  readonly discord: {
    readonly token: string;
    readonly apiUrl: string;
    readonly guildId: string | undefined;
    /** Server ids, or `'*'` for all. */
    readonly allowedGuilds: ReadonlySet<string> | '*';
  };
  /** Whether the bot works in direct messages, and as an app of a person's own. */
  readonly allowsDirect: boolean;
  readonly operatorIds: ReadonlySet<string>;
  /** Where the operators are told of trouble; without it, by direct messages. A secret. */
  readonly alertWebhookUrl: string | undefined;
  /** How many points one server may spend in a month; without it there is no ceiling. */
  readonly serverBudget: number | undefined;
  /** How many cancels of running tasks give points back, per person and day. */
  readonly refundedCancels: number;
  readonly providers: readonly AccountConfig[];
  /** Whose days and hours accounts' limits mean: the machine's, or what `TZ` says. */
  readonly timeZone: string;
  /** How long after a submit its points come back if its answer was lost and nothing is found. */
  readonly lostAfterMs: number;
  readonly dataDirectory: string;
  readonly pictures: { readonly days: number; readonly maxBytes: number };
  /** How many days after its end a task keeps its prompt and the addresses of its pictures. */
  readonly retentionDays: number;
  readonly admin: Address;
  /** Where callbacks come in, and the address of that place from outside; absent if there is none. */
  readonly callbacks: (Address & { readonly publicUrl: string }) | undefined;
  /** `host` or `host:port` of base URLs that may be plain http or private. */
  readonly trustedHosts: ReadonlySet<string>;
  /** Absent if everything is called directly. */
  readonly proxies: Proxies | undefined;
  readonly logLevel: string;
  /** Whether a start registers the commands; `undefined`: only if none are registered yet. */
  readonly registerOnStart: boolean | undefined;
  /** Whether a start asks Discord and the accounts whether everything is in order. */
  readonly checkOnStart: boolean;
  /** What is probably a mistake, and yet keeps nothing from working: a sentence each. */
  readonly doubts: readonly string[];
}

/** What it takes to register commands: less than everything, so that it works before a provider is configured. */
export type DeployConfig = Pick<Config, 'discord' | 'allowsDirect' | 'proxies' | 'logLevel'>;

function readerOf(environment: Environment): Reader {
  return createReader(environment, () => (environment === process.env ? explainUnreadEnvFile() : undefined));
}

/** Reads the whole configuration. Throws a {@link ConfigError} with all problems. */
export function readConfig(environment: Environment = process.env): Config {
  const reader = readerOf(environment);
  const config: Config = {
    discord: readDiscord(reader),
    allowsDirect: readAllowsDirect(reader),
    operatorIds: new Set(reader.list('OPERATOR_IDS', snowflake)),
    alertWebhookUrl: reader.optional('ALERT_WEBHOOK_URL', webhookUrl),
    serverBudget: reader.optional('SERVER_BUDGET_POINTS', count),
    refundedCancels: reader.optional('REFUNDED_CANCELS', count) ?? 10,
    providers: readProviders(reader),
    timeZone: new Intl.DateTimeFormat().resolvedOptions().timeZone ?? 'UTC',
    lostAfterMs: reader.optional('LOST_AFTER_MS', milliseconds) ?? 10 * 60_000,
    dataDirectory: readDirectory(reader),
    pictures: {
      days: reader.optional('PICTURE_DAYS', count) ?? 30,
      maxBytes: reader.optional('PICTURE_MAX_BYTES', count) ?? 5 * 1024 ** 3,
    },
    retentionDays: reader.optional('RETENTION_DAYS', days) ?? 365,
    admin: {
      host: reader.optional('ADMIN_HOST', z.string()) ?? '127.0.0.1',
      port: reader.optional('ADMIN_PORT', port) ?? 8788,
    },
    callbacks: readCallbacks(reader),
    trustedHosts: new Set(reader.list('TRUSTED_HOSTS', hostPort)),
    proxies: readProxies(reader),
    logLevel: readLogLevel(reader),
    registerOnStart: readSwitch(reader, 'REGISTER_ON_START'),
    checkOnStart: readSwitch(reader, 'CHECK_ON_START') ?? true,
    doubts: [],
  };
  reader.finish();
  return Object.freeze({ ...config, doubts: describeMisspelled(reader) });
}

/** Reads only what `npm run deploy` needs. Throws a {@link ConfigError} with all problems. */
export function readDeployConfig(environment: Environment = process.env): DeployConfig {
  const reader = readerOf(environment);
  const config = {
    discord: readDiscord(reader),
    allowsDirect: readAllowsDirect(reader),
    proxies: readProxies(reader),
    logLevel: readLogLevel(reader),
  };
  reader.finish();
  return Object.freeze(config);
}

/** Reads only where the data is, which is all that copying it takes. Throws a {@link ConfigError} if that can't be read. */
export function readDataDirectory(environment: Environment = process.env): string {
  const reader = readerOf(environment);
  const directory = readDirectory(reader);
  reader.finish();
  return directory;
}

function readDirectory(reader: Reader): string {
  return reader.optional('DATA_DIR', z.string()) ?? './data';
}

function describeMisspelled(reader: Reader): string[] {
  return [...reader.misspelled()].map(([name, nearest]) => {
    if (nearest !== undefined) return `${name} is not a variable of this bot: did you mean ${nearest}?`;
    if (name.startsWith('PROVIDER_'))
      return `${name} is ignored: no account in PROVIDERS has such a variable`;
    return `${name} is ignored: this bot has no such variable`;
  });
}

function readDiscord(reader: Reader): Config['discord'] {
  const token = reader.required('DISCORD_TOKEN', secret('Bot'));
  const apiUrl = reader.optional('DISCORD_API_URL', httpUrl) ?? 'https://discord.com/api';
  const guildId = reader.optional('DISCORD_GUILD_ID', snowflake);
  const guilds = reader.list('ALLOWED_GUILDS', z.union([z.literal('*'), snowflake]));
  reader.requireOne('ALLOWED_GUILDS', guilds);
  const allowedGuilds = guilds.includes('*') ? '*' : new Set(guilds);
  return { token, apiUrl, guildId, allowedGuilds };
}

function readAllowsDirect(reader: Reader): boolean {
  return readSwitch(reader, 'ALLOW_DIRECT') === true;
}

/** Reads all of it even without `PUBLIC_URL`, so that a wrong port is reported before it's needed. */
function readCallbacks(reader: Reader): Config['callbacks'] {
  const publicUrl = reader.optional('PUBLIC_URL', httpUrl);
  const host = reader.optional('HTTP_HOST', z.string()) ?? '127.0.0.1';
  const portNumber = reader.optional('HTTP_PORT', port.min(1, 'must be a port number')) ?? 8787;
  return publicUrl === undefined ? undefined : { publicUrl, host, port: portNumber };
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

function readLogLevel(reader: Reader): string {
  return reader.optional('LOG_LEVEL', oneOf(levels)) ?? 'info';
}

/** Every value that nobody may see. */
export function secretsOf({
  discord,
  providers,
  proxies,
  alertWebhookUrl,
}: Pick<Config, 'discord' | 'providers' | 'proxies'> & Partial<Pick<Config, 'alertWebhookUrl'>>): string[] {
  const webhook = alertWebhookUrl === undefined ? [] : secretsOfWebhook(alertWebhookUrl);
  return [discord.token, ...providers.map(({ apiKey }) => apiKey), ...passwordsOf(proxies), ...webhook];
}

/** The address itself, and the part of its path that alone lets anybody write there. */
function secretsOfWebhook(url: string): string[] {
  const { pathname, search } = new URL(url);
  const parts = pathname.split('/').filter((part) => part.length >= shortestToken);
  return [url, pathname + search, ...parts].filter((part) => part.length >= shortestToken);
}

/** An id is shorter, and is no secret. */
const shortestToken = 21;
