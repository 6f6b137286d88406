import type { ProviderConfig } from '../../config.ts';
import { ProviderError } from '../../errors.ts';
import type { Ref, Speed } from '../../task.ts';
import type { Http } from '../http.ts';
import type { AuthStyle, MjProxyGateway, PathPrefix } from './gateways.ts';
import { createMjProxy } from './index.ts';

/** The ways to call a midjourney-proxy that are its operator's choice. */
export interface Way {
  readonly baseUrl: string;
  readonly auth: AuthStyle;
  readonly pathPrefix: PathPrefix;
}

/** What the operator has to set, by the variable's name without the account's prefix. */
export type Settings = Readonly<Partial<Record<'BASE_URL' | 'AUTH' | 'PATH_PREFIX', string>>>;

/**
 * What gateways have before `/mj/`: a bare speed (docs.yutoai.net), a speed after a dash (trueai-org
 * SimpleAuthMiddleware.cs, one-hub middleware/auth.go), or nothing (all midjourney-proxies, new-api). Nothing comes last,
 * since a kind with its speeds in the path would lose all but one.
 */
const knownPrefixes: readonly PathPrefix[] = [
  { fast: '/fast', relax: '/relax' },
  { fast: '/mj-fast', relax: '/mj-relax', turbo: '/mj-turbo' },
  '',
];

/** Bearer: new-api. Raw: trueai-org, which would take "Bearer" as part of the key. The third: Java, one-hub. */
const knownAuths: readonly AuthStyle[] = ['bearer', 'raw', 'mj-api-secret'];

/** The most common first. */
const speedsByWeight: readonly Speed[] = ['fast', 'relax', 'turbo'];

/** Ids are the time of the submit in milliseconds and three digits (novicezk, trueai-org): this one is from 2001. */
const idOfNoTask = '1000000000000000';

/** Tasks that can't exist, one for each prefix: looking for them is free, and needs a key. */
export function refsOfNoTask(pathPrefix: PathPrefix): Ref[] {
  const prefixes = typeof pathPrefix === 'string' ? [pathPrefix] : Object.values(pathPrefix);
  return [...new Set(prefixes)].map((prefix) =>
    prefix === '' ? { id: idOfNoTask } : { id: idOfNoTask, prefix },
  );
}

/**
 * Looks for a way that works, after the configured one didn't: returns what has to be set for it, or `undefined`. If the
 * key is refused in every style, it's a wrong key and isn't tried any further, since some gateways lock out guessers.
 */
export async function findSettings(
  gateway: MjProxyGateway,
  account: ProviderConfig,
  ask: { http: Http; signal: AbortSignal },
): Promise<Settings | undefined> {
  const configured = toWay(gateway, account);
  for (const baseUrl of withAlternatives(configured.baseUrl)) {
    for (const pathPrefix of distinct([configured.pathPrefix, gateway.pathPrefix, ...knownPrefixes])) {
      const attempts = distinct([configured.auth, gateway.auth, ...knownAuths]).map((auth) => ({
        baseUrl,
        auth,
        pathPrefix,
      }));
      const outcome = await tryInTurn(attempts, (way) => tryWay(gateway, account, { way, ...ask }));
      if (outcome === 'refused') return undefined;
      if (outcome !== 'elsewhere') return toSettings(gateway, configured, outcome);
    }
  }
  return undefined;
}

/**
 * Whether looks are answered with any prefix before `/mj/`. A new-api does that, but then forwards submits to a path that
 * doesn't exist (relay/mjproxy_handler.go, getMjRequestPath), so a look doesn't prove the prefix that was set.
 */
export async function ignoresPrefix(
  gateway: MjProxyGateway,
  account: ProviderConfig,
  { http, signal }: { http: Http; signal: AbortSignal },
): Promise<boolean> {
  const { baseUrl, auth } = toWay(gateway, account);
  const { origin, pathname } = new URL(baseUrl);
  if (account.pathPrefix === undefined && pathname === '/') return false;
  const provider = createMjProxy({ gateway, http, apiKey: account.apiKey, baseUrl: origin, auth });
  return (await outcomeOf(provider.look(refsOfNoTask('/no-such-prefix'), signal))) === undefined;
}

function toWay(gateway: MjProxyGateway, account: ProviderConfig): Way {
  return {
    baseUrl: account.baseUrl ?? gateway.baseUrl ?? '',
    auth: account.auth ?? gateway.auth,
    pathPrefix: account.pathPrefix ?? gateway.pathPrefix,
  };
}

/** People copy an address together with part of its path. */
function withAlternatives(baseUrl: string): string[] {
  const { origin, pathname } = new URL(baseUrl);
  return pathname === '/' ? [baseUrl] : [baseUrl, origin];
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
}

/** The way that works; or that there's an API that refuses the key; or that there's no API. */
type Outcome = Way | 'refused' | 'elsewhere';

async function tryInTurn(ways: readonly Way[], attempt: (way: Way) => Promise<Outcome>): Promise<Outcome> {
  for (const way of ways) {
    const outcome = await attempt(way);
    if (outcome !== 'refused') return outcome;
  }
  return 'refused';
}

/** Keeps the speed prefixes that answer; the first has to be one of them. */
async function tryWay(
  gateway: MjProxyGateway,
  { apiKey }: ProviderConfig,
  { way, http, signal }: { way: Way; http: Http; signal: AbortSignal },
): Promise<Outcome> {
  const provider = createMjProxy({ gateway, http, apiKey, ...way });
  const look = (prefix: string) => outcomeOf(provider.look(refsOfNoTask(prefix), signal));
  if (typeof way.pathPrefix === 'string') return (await look(way.pathPrefix)) ?? way;
  const answering: Partial<Record<Speed, string>> = {};
  for (const speed of speedsByWeight) {
    const prefix = way.pathPrefix[speed];
    if (prefix === undefined) continue;
    const failure = await look(prefix);
    if (failure === undefined) answering[speed] = prefix;
    else if (Object.keys(answering).length === 0) return failure;
  }
  return { ...way, pathPrefix: answering };
}

/** `undefined` if it answered. Throws if there's no point in asking on. */
async function outcomeOf(look: Promise<unknown>): Promise<'refused' | 'elsewhere' | undefined> {
  try {
    await look;
    return undefined;
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    if (error.kind === 'auth') return 'refused';
    if (error.kind === 'malformed' || error.kind === 'rejected' || error.kind === 'moved') return 'elsewhere';
    throw error;
  }
}

function toSettings(gateway: MjProxyGateway, configured: Way, works: Way): Settings {
  const pathPrefix = spell(works.pathPrefix, gateway);
  return {
    ...(works.baseUrl === configured.baseUrl ? {} : { BASE_URL: works.baseUrl }),
    ...(works.auth === configured.auth ? {} : { AUTH: works.auth }),
    ...(pathPrefix === spell(configured.pathPrefix, gateway) ? {} : { PATH_PREFIX: pathPrefix }),
  };
}

/** As the variable takes it. An empty value means the kind's own, so "no prefix" is written with a speed. */
function spell(pathPrefix: PathPrefix, gateway: MjProxyGateway): string {
  if (JSON.stringify(pathPrefix) === JSON.stringify(gateway.pathPrefix)) return '';
  if (typeof pathPrefix === 'string') return pathPrefix === '' ? 'fast=' : pathPrefix;
  return Object.entries(pathPrefix)
    .map((entry) => entry.join('='))
    .join(',');
}
