import { Agent, type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool, request } from 'undici';
import type { Proxies } from '../config.ts';

/** No connection was made, so nothing was sent. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
  /** A code of the system, OpenSSL or undici; `PROXY_407` and the like if a proxy refused. */
  readonly code: string;

  constructor(cause: Error) {
    super(cause.message, { cause });
    this.code = toCode(cause);
  }
}

/** undici only says in words how a proxy refused (8.12, lib/dispatcher/proxy-agent.js). */
function toCode(error: Error): string {
  const [, status] = /^Proxy response \((\d{3})\)/u.exec(error.message) ?? [];
  if (status !== undefined) return `PROXY_${status}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  // With this code undici would quietly try to connect again and again.
  return code === 'UND_ERR_SOCKET' ? 'ECONNRESET' : code;
}

/** Some gateways send more cookies and policies than the 16 KB of headers that Node takes. */
export const maxHeaderSize = 64 * 1024;

/**
 * A pool for agents that tells a connection that was never made from one that broke. Everything until undici gets the
 * socket counts (name lookup, TLS, a proxy that refuses), so no list of codes has to be complete.
 */
export function createMarkingPool(origin: string | URL, options: object): Dispatcher {
  const { connect } = options as { connect: buildConnector.connector };
  return new Pool(origin, {
    ...options,
    connect: (target, callback) =>
      connect(target, (...[error, socket]) => {
        if (error === null) callback(null, socket);
        else callback(isBlockedAddress(error) ? error : new NotConnectedError(error), null);
      }),
  });
}

/** The guard's own error is the one that counts. */
function isBlockedAddress(error: Error): boolean {
  return 'code' in error && error.code === 'BLOCKED_ADDRESS';
}

/** Options that make undici's agents use these proxies, and ignore any others in the environment. */
export function toProxyOptions({ https, http, except }: Proxies, connectTimeoutMs: number) {
  return { httpsProxy: https, httpProxy: http, noProxy: except, connectTimeout: connectTimeoutMs };
}

/** Whether undici would call an address through a proxy. Nothing is called. */
export async function isProxied(url: string, proxies: Proxies): Promise<boolean> {
  const direct = new Error('the address is called directly');
  const agent = new EnvHttpProxyAgent({
    ...toProxyOptions(proxies, 1),
    proxyTunnel: true,
    connect: (_target, callback) => callback(direct, null),
    clientFactory: () =>
      new Agent({ connect: (_target, callback) => callback(new Error('a proxy is called'), null) }),
  });
  try {
    await request(url, { dispatcher: agent });
    return false;
  } catch (error) {
    return error !== direct;
  } finally {
    await agent.destroy();
  }
}
