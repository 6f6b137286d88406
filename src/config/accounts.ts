import { z } from 'zod';
import { type FilterTable, filterTable } from '../filter-table.ts';
import { type PriceTable, priceTable } from '../price-table.ts';
import { type RouteTable, routeTable } from '../route-table.ts';
import { type Speed, speeds } from '../task.ts';
import { findNearest } from '../variable-names.ts';
import { type Reader, readSwitch } from './reader.ts';
import { count, type Hours, hours, httpUrl, milliseconds, oneOf, secret } from './values.ts';

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
  /** Most points that it may spend a day. */
  readonly dailyPoints?: number | undefined;
  /** When it works. */
  readonly hours?: Hours | undefined;
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

/** Reads every account that `PROVIDERS` names, with its variables. */
export function readProviders(reader: Reader): AccountConfig[] {
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
    dailyPoints: reader.optional(`${prefix}DAILY_POINTS`, count.min(1, 'must be a whole number, 1 or more')),
    hours: reader.optional(`${prefix}HOURS`, hours),
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

/** Documents show whole addresses of calls, and people copy those. */
const baseUrl = httpUrl.refine(
  (url) => !/\/mj\/(?:submit|task|insight-face)\b/u.test(url),
  'must end before /mj/, since the bot appends the paths of its calls',
);

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
