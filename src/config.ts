import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { explainUnreadEnvFile } from './env-encoding.ts';
import { type FilterTable, filterTable } from './filter-table.ts';
import { type PriceTable, priceTable } from './price-table.ts';
import { type RouteTable, routeTable } from './route-table.ts';
import { type Speed, speeds } from './task.ts';
import { findMisspelled, findNearest } from './variable-names.ts';

/** The kinds of provider API that `PROVIDERS` can name. */
export const providerKinds = ['4allapi', 'yutoai', 'mjproxy', 'acedata', 'apixo', 'aigc2d'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** Kinds that have no base URL of their own, so that the operator has to name one. */
const kindsWithoutBaseUrl: ReadonlySet<ProviderKind> = new Set(['yutoai', 'mjproxy']);

/** Kinds that speak midjourney-proxy, and the speeds that one says in its paths by itself. */
const mjProxyKinds: ReadonlySet<ProviderKind> = new Set(['4allapi', 'yutoai', 'mjproxy']);
const speedsInPath: Readonly<Partial<Record<ProviderKind, readonly Speed[]>>> = { yutoai: ['fast', 'relax'] };

const authStyles = ['bearer', 'raw', 'mj-api-secret'] as const;
const apiGenerations = ['seed', 'current'] as const;

export interface ProviderConfig {
  readonly name: string;
  readonly kind: ProviderKind;
  readonly apiKey: string;
  readonly baseUrl: string | undefined;
  /** mj-proxy family: what stands before `/mj/`, for all speeds or for each of them. */
  readonly pathPrefix: string | Partial<Record<Speed, string>> | undefined;
  /** mj-proxy family: how the key travels. */
  readonly auth: (typeof authStyles)[number] | undefined;
  /** mj-proxy family: the speeds that the account has, if not the kind's own. */
  readonly speeds: readonly Speed[] | undefined;
  /** mj-proxy family: which accounts at Midjourney it should use there. */
  readonly filter: FilterTable | undefined;
  /** mj-proxy family: whether pictures for an imagine are uploaded first, and sent as addresses. */
  readonly uploads: boolean | undefined;
  /** aigc2d: paths and field names of the deployment. */
  readonly routes: RouteTable | undefined;
  /** apixo: which generation of its API the account has. */
  readonly apiGeneration: (typeof apiGenerations)[number] | undefined;
  /** apixo: a text that each picture is marked with. */
  readonly watermark?: string | undefined;
  /** apixo: whether prompts are translated into English, unless a person says otherwise; by default as the API does. */
  readonly translation?: boolean | undefined;
  readonly maxInFlight: number | undefined;
  /** What the operator sets instead of the kind's own prices. */
  readonly prices: PriceTable | undefined;
}

/** What an account's provider doesn't have to know. */
export interface AccountConfig extends ProviderConfig, Pace {
  /** Whether its API is given an address to call back, if there's a `PUBLIC_URL`. */
  readonly takesCallbacks: boolean;
}

/** An account's own pace, and for the rest that of all accounts. */
interface Pace {
  readonly poll: PollConfig;
  readonly taskTimeoutMs: number | undefined;
}

export interface PollConfig {
  readonly firstMs: number | undefined;
  readonly minMs: number | undefined;
  readonly maxMs: number | undefined;
}

/** The way out, as `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` describe it. */
export interface Proxies {
  /** For https addresses, with user name and password if there are any. */
  readonly https: string;
  /** For http addresses; empty if they are called directly. */
  readonly http: string;
  /** Hosts that are called directly, separated by commas. */
  readonly except: string;
}

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
  /** How many points one server may spend in a month; without it there is no ceiling. */
  readonly serverBudget: number | undefined;
  /** How many cancels of running tasks give points back, per person and day. */
  readonly refundedCancels: number;
  readonly providers: readonly AccountConfig[];
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

/** Every problem of the environment at once. Each names its variable, and none shows a value that could be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the environment has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
    this.problems = problems;
  }
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads the whole configuration. Throws a {@link ConfigError} with all problems. */
export function readConfig(environment: Environment = process.env): Config {
  const reader = createReader(environment);
  const config: Config = {
    discord: readDiscord(reader),
    allowsDirect: readAllowsDirect(reader),
    operatorIds: new Set(reader.list('OPERATOR_IDS', snowflake)),
    serverBudget: reader.optional('SERVER_BUDGET_POINTS', count),
    refundedCancels: reader.optional('REFUNDED_CANCELS', count) ?? 10,
    providers: readProviders(reader),
    lostAfterMs: reader.optional('LOST_AFTER_MS', milliseconds) ?? 10 * 60_000,
    dataDirectory: reader.optional('DATA_DIR', z.string()) ?? './data',
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
  const reader = createReader(environment);
  const config = {
    discord: readDiscord(reader),
    allowsDirect: readAllowsDirect(reader),
    proxies: readProxies(reader),
    logLevel: readLogLevel(reader),
  };
  reader.finish();
  return Object.freeze(config);
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

function readSwitch(reader: Reader, name: string): boolean | undefined {
  const value = reader.optional(name, oneOf(['on', 'off'], 'must be on or off'));
  return value === undefined ? undefined : value === 'on';
}

const noPace: Pace = {
  poll: { firstMs: undefined, minMs: undefined, maxMs: undefined },
  taskTimeoutMs: undefined,
};

/** `prefix` is that of an account, whose own values go before `usual` ones. */
function readPace(reader: Reader, prefix = '', usual = noPace): Pace {
  const read = (name: string) => reader.optional(`${prefix}${name}`, milliseconds);
  const [firstMs, minMs, maxMs] = [read('POLL_FIRST_MS'), read('POLL_MIN_MS'), read('POLL_MAX_MS')];
  const poll = {
    firstMs: firstMs ?? usual.poll.firstMs,
    minMs: minMs ?? usual.poll.minMs,
    maxMs: maxMs ?? usual.poll.maxMs,
  };
  const isOwn = prefix === '' || minMs !== undefined || maxMs !== undefined;
  if (isOwn && poll.minMs !== undefined && poll.maxMs !== undefined && poll.minMs > poll.maxMs) {
    const largest = `${maxMs === undefined ? '' : prefix}POLL_MAX_MS`;
    const smallest = `${minMs === undefined ? '' : prefix}POLL_MIN_MS`;
    reader.problem(largest, `must not be smaller than ${smallest}`);
  }
  return { poll, taskTimeoutMs: read('TASK_TIMEOUT_MS') ?? usual.taskTimeoutMs };
}

/** Reads all of it even without `PUBLIC_URL`, so that a wrong port is reported before it's needed. */
function readCallbacks(reader: Reader): Config['callbacks'] {
  const publicUrl = reader.optional('PUBLIC_URL', httpUrl);
  const host = reader.optional('HTTP_HOST', z.string()) ?? '127.0.0.1';
  const portNumber = reader.optional('HTTP_PORT', port.min(1, 'must be a port number')) ?? 8787;
  return publicUrl === undefined ? undefined : { publicUrl, host, port: portNumber };
}

/** Other programs read these variables in lower case, too, and fall back to `HTTP_PROXY` for https addresses. */
function readProxies(reader: Reader): Proxies | undefined {
  const read = (name: string, schema: z.ZodType<string>) =>
    reader.optional(name, schema) ?? reader.optional(name.toLowerCase(), schema) ?? '';
  const http = read('HTTP_PROXY', proxyUrl);
  const https = read('HTTPS_PROXY', proxyUrl) || http;
  const except = read('NO_PROXY', z.string());
  return https === '' ? undefined : { https, http, except };
}

function readLogLevel(reader: Reader): string {
  return reader.optional('LOG_LEVEL', oneOf(levels)) ?? 'info';
}

function readProviders(reader: Reader): AccountConfig[] {
  const pace = readPace(reader);
  const entries = reader.list('PROVIDERS', z.string());
  reader.requireOne('PROVIDERS', entries);
  const providers: AccountConfig[] = [];
  for (const [index, entry] of entries.entries()) {
    const [left = '', right] = entry.split('=').map((part) => part.trim());
    const name = left.toLowerCase();
    const kind = (right ?? left).toLowerCase();
    // Problems name an entry by its position, since what stands there may be a key.
    const place = entries.length === 1 ? '' : ` of entry ${index + 1}`;
    if (!/^[a-z0-9][a-z0-9-]{0,31}$/.test(name)) {
      reader.problem('PROVIDERS', 'names are 1 to 32 letters, digits and dashes, as in main=4allapi');
    } else if (!isProviderKind(kind)) {
      const nearest = findNearest(kind, providerKinds);
      const guess = nearest === undefined ? '' : `; did you mean ${nearest}?`;
      reader.problem(
        'PROVIDERS',
        `the kind${place} is unknown; known are ${providerKinds.join(', ')}${guess}`,
      );
    } else if (looksLikeKey(name)) {
      reader.problem(
        'PROVIDERS',
        `the name${place} looks like a key, which belongs in PROVIDER_<NAME>_API_KEY`,
      );
    } else if (providers.some((provider) => provider.name === name)) {
      reader.problem('PROVIDERS', `the name${place} is that of an earlier entry`);
    } else {
      providers.push(readProvider(reader, { name, kind, pace }));
    }
  }
  return providers;
}

/** The beginning of the names of an account's variables. */
export function variablesOf(account: string): string {
  return `PROVIDER_${account.toUpperCase().replaceAll('-', '_')}_`;
}

function readProvider(
  reader: Reader,
  { name, kind, pace }: { name: string; kind: ProviderKind; pace: Pace },
): AccountConfig {
  const prefix = variablesOf(name);
  const prefixes = reader.optional(`${prefix}PATH_PREFIX`, pathPrefix);
  return {
    name,
    kind,
    apiKey: reader.required(`${prefix}API_KEY`, secret('Bearer')),
    baseUrl: kindsWithoutBaseUrl.has(kind)
      ? reader.required(`${prefix}BASE_URL`, baseUrl)
      : reader.optional(`${prefix}BASE_URL`, baseUrl),
    pathPrefix: prefixes,
    auth: reader.optional(`${prefix}AUTH`, oneOf(authStyles)),
    speeds: readSpeeds(reader, prefix, { kind, pathPrefix: prefixes }),
    filter: readOfFamily(reader, `${prefix}FILTER`, { kind, schema: filterTable }),
    uploads:
      readOfFamily(reader, `${prefix}UPLOADS`, {
        kind,
        schema: oneOf(['on', 'off'], 'must be on or off'),
      }) === 'on',
    routes: reader.optional(`${prefix}ROUTES`, routeTable),
    apiGeneration: reader.optional(`${prefix}API_GENERATION`, oneOf(apiGenerations)),
    watermark: reader.optional(`${prefix}WATERMARK`, watermark),
    translation: readSwitch(reader, `${prefix}TRANSLATION`),
    maxInFlight: reader.optional(
      `${prefix}MAX_IN_FLIGHT`,
      z.coerce.number('must be a whole number').int('must be a whole number').min(1, 'must be at least 1'),
    ),
    prices: reader.optional(`${prefix}PRICES`, priceTable),
    takesCallbacks: readSwitch(reader, `${prefix}CALLBACKS`) ?? true,
    ...readPace(reader, prefix, pace),
  };
}

/** A variable that only midjourney-proxies know: at another kind it would do nothing, so it's a mistake. */
function readOfFamily<T>(
  reader: Reader,
  name: string,
  { kind, schema }: { kind: ProviderKind; schema: z.ZodType<T> },
): T | undefined {
  const value = reader.optional(name, schema);
  if (value === undefined || mjProxyKinds.has(kind)) return value;
  reader.problem(name, `is only for ${[...mjProxyKinds].join(', ')}, not for ${kind}`);
  return undefined;
}

/** If the path says the speed, each one needs a path. */
function readSpeeds(
  reader: Reader,
  prefix: string,
  { kind, pathPrefix: prefixes }: Pick<ProviderConfig, 'kind' | 'pathPrefix'>,
): readonly Speed[] | undefined {
  const listed = readOfFamily(reader, `${prefix}SPEEDS`, { kind, schema: speedList });
  const inPath = typeof prefixes === 'object' ? Object.keys(prefixes) : speedsInPath[kind];
  if (listed === undefined || inPath === undefined || typeof prefixes === 'string') return listed;
  const lacking = listed.filter((speed) => !inPath.includes(speed));
  if (lacking.length > 0)
    reader.problem(
      `${prefix}SPEEDS`,
      `${lacking.join(' and ')} needs a path of its own in ${prefix}PATH_PREFIX`,
    );
  return listed;
}

function isProviderKind(kind: string): kind is ProviderKind {
  return (providerKinds as readonly string[]).includes(kind);
}

/** Names are shown everywhere, in variables as in messages, so what could be a key can't be a name. */
function looksLikeKey(name: string): boolean {
  const longest = Math.max(...name.split('-').map((part) => part.length));
  return /^[sp]k-./u.test(name) || (longest >= 16 && /\d/u.test(name) && /[a-z]/u.test(name));
}

/** Every value that nobody may see. */
export function secretsOf({
  discord,
  providers,
  proxies,
}: Pick<Config, 'discord' | 'providers' | 'proxies'>): string[] {
  return [discord.token, ...providers.map(({ apiKey }) => apiKey), ...passwordsOf(proxies)];
}

/** Passwords of proxies, as they are written in the address and as they are sent. */
function passwordsOf(proxies: Proxies | undefined): string[] {
  const addresses = [proxies?.https ?? '', proxies?.http ?? ''].filter((address) => address !== '');
  return addresses.flatMap((address) => {
    const { username, password } = new URL(address);
    if (password === '') return [];
    const sent = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
    return [password, decodeURIComponent(password), Buffer.from(sent).toString('base64')];
  });
}

/* How values are written. */

const snowflake = z.string().regex(/^\d{17,20}$/, 'must be a Discord id (17 to 20 digits)');
const port = z.coerce
  .number('must be a port number')
  .int('must be a port number')
  .min(0, 'must be a port number')
  .max(65_535, 'must be a port number');
const count = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .min(0, 'must be 0 or more');
/** More than anybody needs, and a date that far away is still one. */
const mostDays = 100_000;
const days = count
  .min(1, 'must be a whole number of days, 1 or more')
  .max(mostDays, `must be at most ${mostDays}`);
const milliseconds = z.coerce
  .number('must be a whole number of milliseconds')
  .int('must be a whole number of milliseconds')
  .min(1, 'must be at least 1 millisecond');
const httpUrl = z
  .string()
  .refine(isHttpUrl, 'must be an http or https address without user name, query or fragment')
  .transform((url) => new URL(url).href.replace(/\/+$/, ''));
/** Documents show whole addresses of calls, and people copy those. */
const baseUrl = httpUrl.refine(
  (url) => !/\/mj\/(?:submit|task|insight-face)\b/u.test(url),
  'must end before /mj/, since the bot appends the paths of its calls',
);
/** Many leave the scheme out, as curl allows: `proxy.example.org:3128`. */
const proxyUrl = z
  .string()
  .transform((text) => (text.includes('://') ? text : `http://${text}`))
  .refine(isProxyUrl, 'must be an http or https address, as in http://proxy.example.org:3128');
/** A key or token, in the only characters that a header can hold; what to do about any other is said. */
function secret(scheme: 'Bot' | 'Bearer') {
  return z.string().superRefine((value, context) => {
    if (/^[\x21-\x7e]+$/u.test(value)) return;
    const isAfterScheme = value.toLowerCase().startsWith(`${scheme.toLowerCase()} `);
    if (isAfterScheme) context.addIssue(`must be what comes after "${scheme} ", without that word`);
    else if (/^[\s\x21-\x7e]+$/u.test(value)) context.addIssue('must not have blanks in it: copy it again');
    else context.addIssue('must not have characters in it that no keyboard types: copy it again');
  });
}

/** One of these words, in upper or lower case. */
function oneOf<const Word extends string>(
  words: readonly Word[],
  text = `must be one of ${words.join(', ')}`,
) {
  return z.string().transform((value, context) => {
    const found = words.find((word) => word === value.toLowerCase());
    if (found !== undefined) return found;
    // The word that was typed is only repeated if it's nearly one of ours: any other could be a secret.
    const nearest = findNearest(value.toLowerCase(), words);
    context.addIssue(nearest === undefined ? text : `${text}; "${value}" is not, did you mean ${nearest}?`);
    return z.NEVER;
  });
}

const levels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** Nothing says how long it may be; a longer one would hide the picture. */
const watermark = z
  .string()
  .max(100, 'must have at most 100 characters')
  .regex(/^\P{Cc}*$/u, 'must be one line');

const onePrefix = /^(\/[a-z0-9._~-]+)*$/i;
const prefixText =
  'must be one path, as in /fast, or one for each speed, as in fast=/mj-fast,relax=/mj-relax';

const pathPrefix = z.string().transform((text, context) => {
  const toPrefix = (path: string) => path.trim().replace(/\/$/u, '');
  if (onePrefix.test(toPrefix(text))) return toPrefix(text);
  const entries = text.split(',').map((entry) => {
    const [speed = '', prefix = '?', ...rest] = entry.split('=');
    return [speed.trim(), toPrefix(prefix), ...rest];
  });
  const isRight = entries.every(
    ([speed = '', prefix = '', ...rest]) =>
      speeds.some((known) => known === speed) && onePrefix.test(prefix) && rest.length === 0,
  );
  if (isRight) return Object.fromEntries(entries) as Partial<Record<Speed, string>>;
  context.addIssue(prefixText);
  return z.NEVER;
});

const speedText = `must be one or more of ${speeds.join(', ')}, separated by commas`;
const speedList = z.string().transform((text, context): Speed[] => {
  const words = text.split(',').map((word) => word.trim().toLowerCase());
  const listed = speeds.filter((speed) => words.includes(speed));
  if (listed.length === words.length) return listed;
  context.addIssue(speedText);
  return z.NEVER;
});

const hostPort = z
  .string()
  .regex(/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i, 'must be host or host:port, separated by commas')
  .transform(toCanonicalHost);

/** The way `URL` spells hosts: in lower case, and IPv6 addresses in their shortest form. */
function toCanonicalHost(entry: string): string {
  const [, host = '', port = ''] = /^(.*?)(:\d+)?$/u.exec(entry) ?? [];
  return (URL.parse(`http://${host}/`)?.hostname ?? host) + port;
}

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  // An empty query or fragment isn't part of the parsed address, but would stand before every path.
  return /^https?:$/.test(protocol) && !username && !password && !/[?#]/u.test(value);
}

function isProxyUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password, pathname, search, hash } = new URL(value);
  return (
    /^https?:$/.test(protocol) && pathname === '/' && !search && !hash && isDecodable(username + password)
  );
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch (error) {
    if (error instanceof URIError) return false;
    throw error;
  }
}

/* How variables are read. */

type Reader = ReturnType<typeof createReader>;

function createReader(environment: Environment) {
  const problems: string[] = [];
  const asked = new Set<string>();
  const missing: string[] = [];
  /** Editors on Windows mark the beginning of a file, and so the first name in it. */
  const marked = Object.keys(environment).find((name) => name.startsWith('\ufeff'));

  function raw(name: string): string | undefined {
    asked.add(name).add(`${name}_FILE`);
    const value = (name === marked?.slice(1) ? environment[marked] : environment[name])?.trim();
    const file = environment[`${name}_FILE`]?.trim();
    // `docker run --env-file` keeps quotes, and they would become part of the value.
    if (/^(["']).*\1$/su.test(value ?? '')) problems.push(`${name}: must not be in quotes`);
    if (value && file) problems.push(`${name}: set it or ${name}_FILE, not both`);
    if (value) return value;
    if (!file) return undefined;
    try {
      return readFileSync(file, 'utf8').trim() || undefined;
    } catch (error) {
      problems.push(`${name}_FILE: cannot be read (${errorCode(error)})`);
      return undefined;
    }
  }

  function hasProblem(name: string): boolean {
    return problems.some((problem) => problem.startsWith(`${name}:`) || problem.startsWith(`${name}_FILE:`));
  }

  function parse<T>(name: string, schema: z.ZodType<T>, value: string): T | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const messages = new Set(parsed.error.issues.map(({ message }) => message));
    // A number is no secret, and helps to find the one of several that is meant.
    const shown = /^-?[\d.,]{1,24}$/u.test(value) ? `, not ${value}` : '';
    for (const message of messages) problems.push(`${name}: ${message}${shown}`);
    return undefined;
  }

  /** Those that are set to something, without the mark that an editor puts before the first. */
  function misspelled(): Map<string, string | undefined> {
    const set = Object.keys(environment).filter((name) => environment[name]?.trim());
    return findMisspelled(
      set.map((name) => name.replace('\ufeff', '')),
      [...asked],
    );
  }

  /** Says of a variable that is missing which one may have been meant for it. */
  function addGuesses(): void {
    const guesses = [...misspelled()];
    for (const name of missing) {
      const [guess] = guesses.find(([, nearest]) => nearest === name || nearest === `${name}_FILE`) ?? [];
      const at = problems.indexOf(`${name}: is required`);
      if (guess !== undefined) problems[at] += `; ${guess} is set: is it meant?`;
    }
  }

  return {
    problem: (name: string, text: string) => void problems.push(`${name}: ${text}`),
    optional<T>(name: string, schema: z.ZodType<T>): T | undefined {
      const value = raw(name);
      return value === undefined ? undefined : parse(name, schema, value);
    },
    /** Returns an empty value after a problem; `finish` throws before anybody sees it. */
    required(name: string, schema: z.ZodType<string>): string {
      const value = raw(name);
      if (value !== undefined) return parse(name, schema, value) ?? '';
      if (!hasProblem(name)) {
        missing.push(name);
        problems.push(`${name}: is required`);
      }
      return '';
    },
    list(name: string, schema: z.ZodType<string>): string[] {
      const values = (raw(name) ?? '').split(',').map((value) => value.trim());
      return values.filter(Boolean).flatMap((value) => parse(name, schema, value) ?? []);
    },
    misspelled,
    /** Reports a list of which at least one value is needed. */
    requireOne(name: string, values: readonly string[]): void {
      if (values.length > 0 || hasProblem(name)) return;
      missing.push(name);
      problems.push(`${name}: is required`);
    },
    finish() {
      addGuesses();
      const unread = missing.length === 0 || environment !== process.env ? undefined : explainUnreadEnvFile();
      if (unread !== undefined) problems.unshift(unread);
      if (problems.length > 0) throw new ConfigError(problems);
    },
  };
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}
