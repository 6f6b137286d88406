import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import type { Proxies } from '../config.ts';
import { createMarkingPool, maxHeaderSize, toProxyOptions } from './connections.ts';

/** An address that the bot must not call: private, local, or not https. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
  readonly code = 'BLOCKED_ADDRESS';
}

/** Ranges outside the public internet (IANA special-purpose address registries). */
const blocked = createBlockList([
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Without ::ffff:0:0/96: `BlockList` judges a mapped address by the IPv4 rules, and that range would match all of IPv4.
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['::ffff:0:0:0', 96], // IPv4-translated (RFC 2765)
  ['64:ff9b:1::', 48], // a network's own NAT64; addresses in 64:ff9b::/96 are judged by what they embed
  ['100::', 64], // discard-only
  ['100:0:0:1::', 64], // dummy prefix (RFC 9780)
  ['2001::', 23], // Teredo and other protocol assignments
  ['2001:db8::', 32],
  ['2002::', 16], // 6to4
  ['3fff::', 20], // documentation (RFC 9637)
  ['5f00::', 16], // segment routing (RFC 9602)
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10], // site-local, deprecated (RFC 3879)
  ['ff00::', 8],
]);

/**
 * Names that lead nowhere public: single labels, and the special-use names of RFC 6761, 6762, 8375 and ICANN's
 * `internal`. Names are judged if a proxy resolves them, since their addresses aren't seen here then.
 */
const localName =
  /^[^.]*$|(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|home\.arpa|test|invalid)$/u;

export interface AgentOptions {
  /** The one origin that may be plain http or private, as in `http://10.0.0.5:8080`. */
  trustedOrigin?: string | undefined;
  proxies?: Proxies | undefined;
  connectTimeoutMs?: number;
  /** How names are resolved; the system's way unless given. */
  lookup?: typeof dns.lookup;
}

/**
 * A dispatcher that connects to public https addresses and its trusted origin, and to nothing else. The check happens
 * when a connection is made: a name is resolved and all its addresses are judged, and the address that was reached is
 * judged again. So neither an IP literal (which isn't looked up) nor a name that changes its address gets past it.
 * Behind a proxy the names themselves are judged, since only the proxy resolves them. The signal of each call says how
 * long an answer may take.
 */
export function createGuardedAgent(options: AgentOptions = {}): Dispatcher {
  const { trustedOrigin, proxies } = options;
  const timeout = options.connectTimeoutMs ?? 5_000;
  const settings = {
    headersTimeout: 0,
    bodyTimeout: 0,
    // If a server closed an idle connection just as a paid call leaves on it, the outcome would be unknown.
    keepAliveTimeout: 1_000,
    keepAliveMaxTimeout: 1_000,
    maxHeaderSize,
    factory: createMarkingPool,
  };
  const plain = buildConnector({ timeout });
  const guarded = buildConnector({ timeout, lookup: createPublicLookup(options.lookup ?? dns.lookup) });

  const connect: buildConnector.connector = (target, callback) => {
    const port = target.port || (target.protocol === 'https:' ? '443' : '80');
    const isTrusted = toOrigin(`${target.protocol}//${target.hostname}:${port}`) === trustedOrigin;
    if (isTrusted) return plain(target, callback);
    guarded(target, (...[error, socket]) => {
      if (error !== null) return callback(error, null);
      if (socket.remoteAddress !== undefined && !isBlocked(socket.remoteAddress))
        return callback(null, socket);
      socket.destroy();
      callback(new BlockedAddressError('the address is not public'), null);
    });
  };

  const agent =
    proxies === undefined
      ? new Agent({ ...settings, connect })
      : new EnvHttpProxyAgent({ ...settings, connect, ...toProxyOptions(proxies, timeout) });
  return agent.compose((dispatch) => (request, handler) => {
    const origin = toOrigin(String(request.origin));
    if (origin !== trustedOrigin) refuseByName(new URL(origin), proxies !== undefined);
    return dispatch(request, handler);
  });
}

/** Throws if the address itself is enough to refuse it; connecting shows the rest. */
function refuseByName({ protocol, hostname }: URL, isProxied: boolean): void {
  if (protocol !== 'https:') throw new BlockedAddressError('the address is not https');
  const isJudged = isProxied || isIP(withoutBrackets(hostname)) !== 0;
  if (isJudged && isPrivateHost(hostname)) throw new BlockedAddressError('the address is not public');
}

/** Whether a host (as in `URL.hostname`) is clearly not public. Nothing is looked up. */
export function isPrivateHost(hostname: string): boolean {
  const host = withoutBrackets(hostname);
  return isIP(host) === 0 ? localName.test(host.replace(/\.$/u, '')) : isBlocked(host);
}

function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function toOrigin(address: string): string {
  return new URL(address).origin;
}

/** Whether an IP address is outside the public internet; true for anything that isn't an IP address. */
export function isBlocked(address: string): boolean {
  const version = isIP(address);
  if (version === 0) return true;
  if (version === 6 && nat64.check(address, 'ipv6')) return isBlocked(toEmbedded(address));
  return blocked.check(address, version === 6 ? 'ipv6' : 'ipv4');
}

/** In IPv6-only networks, NAT64 gives every IPv4 host an address that ends with its own (RFC 6052). */
const nat64 = createBlockList([['64:ff9b::', 96]]);

function toEmbedded(address: string): string {
  // `URL` writes every address the same way: hexadecimal groups without leading zeros, `::` for the longest gap.
  const groups = new URL(`http://[${address}]/`).hostname.slice(1, -1).split(':').slice(-2);
  const [high = 0, low = 0] = groups.map((group) => Number.parseInt(group || '0', 16));
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}

function createPublicLookup(lookup: typeof dns.lookup): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses) => {
      const [first] = addresses ?? [];
      if (error !== null || first === undefined) {
        callback(error ?? new BlockedAddressError('the name has no address'), '');
        return;
      }
      const refused = addresses.find(({ address }) => isBlocked(address));
      if (refused !== undefined) {
        callback(new BlockedAddressError(explainBlocked(hostname, refused.address)), '');
      } else if (options.all === true) {
        callback(null, addresses);
      } else {
        callback(null, first.address, first.family);
      }
    });
  };
}

/** Clash, Surge and others resolve every name to a made-up address, to recognize the connection later. */
const fakeAddresses = createBlockList([['198.18.0.0', 15]]);

function explainBlocked(name: string, address: string): string {
  const isFake = isIP(address) === 4 && fakeAddresses.check(address, 'ipv4');
  const cause = isFake ? "; this machine's name server makes addresses up: set HTTPS_PROXY instead" : '';
  return `${name} has the address ${address}, which is not public${cause}`;
}

function createBlockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges)
    list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list;
}
