import { Agent, type buildConnector, type Dispatcher, EnvHttpProxyAgent, Pool, request } from 'undici';
import type { Proxies } from '../config.ts';

/** No connection was made, for whatever reason: what should have been sent never left. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
  /** The system's code, OpenSSL's or undici's; `PROXY_407` and the like if a proxy refused. */
  readonly code: string;

  constructor(cause: Error) {
    super(cause.message, { cause });
    this.code = toCode(cause);
  }
}

/** undici says how a proxy has refused in words only (8.12, lib/dispatcher/proxy-agent.js). */
function toCode(error: Error): string {
  const [, status] = /^Proxy response \((\d{3})\)/u.exec(error.message) ?? [];
  if (status !== undefined) return `PROXY_${status}`;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  // By this code undici knows a connection that it makes again and again, without telling anybody.
  return code === 'UND_ERR_SOCKET' ? 'ECONNRESET' : code;
}

/** Some gateways send cookies and policies of more than the 16 KB of headers that Node takes. */
export const maxHeaderSize = 64 * 1024;

/**
 * For agents: a pool that tells a connection that was never made from one that broke. Everything until the socket is
 * handed over counts, be it the look-up, TLS, or a proxy that refuses, so that no list of codes has to be complete.
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

/** The guard's own word is the one that counts. */
function isBlockedAddress(error: Error): boolean {
  return 'code' in error && error.code === 'BLOCKED_ADDRESS';
}

/** The options of undici's agents for those proxies, and for no others that the environment may name. */
export function toProxyOptions({ https, http, except }: Proxies, connectTimeoutMs: number) {
  return { httpsProxy: https, httpProxy: http, noProxy: except, connectTimeout: connectTimeoutMs };
}

/** Whether an address is called through a proxy, as undici itself decides it. Nothing is called. */
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
