import dns from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { Agent, buildConnector } from 'undici';

/** An address that the relay must not talk to: private, local, or not https. */
export class BlockedAddressError extends Error {
  override readonly name = 'BlockedAddressError';
  readonly code = 'BLOCKED_ADDRESS';
}

/** Ranges that are not the public internet (IANA special-purpose address registries). */
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
  // Not ::ffff:0:0/96: `BlockList` judges a mapped address by the IPv4 rules, and that range would match all of IPv4.
  ['::', 96], // unspecified, loopback, IPv4-compatible
  ['::ffff:0:0:0', 96], // IPv4-translated (RFC 2765)
  ['64:ff9b::', 96], // NAT64
  ['64:ff9b:1::', 48],
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

export interface AgentOptions {
  /** `host` or `host:port` that may be plain http or private. */
  trustedHosts: ReadonlySet<string>;
  connectTimeoutMs?: number;
  headersTimeoutMs?: number;
  bodyTimeoutMs?: number;
}

/**
 * An undici agent that connects to public https addresses and to trusted hosts, and to nothing else. The
 * check sits where the connection is made: names are resolved and all their addresses judged, and the
 * address that was reached is judged again, so neither an IP literal (for which no look-up is made) nor
 * a name that changes its address gets past it.
 */
export function createGuardedAgent(options: AgentOptions): Agent {
  const timeout = options.connectTimeoutMs ?? 5_000;
  const plain = buildConnector({ timeout });
  const guarded = buildConnector({ timeout, lookup: lookupPublic });
  return new Agent({
    headersTimeout: options.headersTimeoutMs ?? 15_000,
    bodyTimeout: options.bodyTimeoutMs ?? 30_000,
    connect(target, callback) {
      const host = target.hostname.replace(/^\[|\]$/g, '').toLowerCase();
      const port = target.port || (target.protocol === 'https:' ? '443' : '80');
      if (isTrusted(options.trustedHosts, host, port)) return plain(target, callback);
      if (target.protocol !== 'https:')
        return callback(new BlockedAddressError('the address is not https'), null);
      if (isIP(host) !== 0 && isBlocked(host)) {
        return callback(new BlockedAddressError('the address is not public'), null);
      }
      guarded(target, (...[error, socket]) => {
        if (error !== null) return callback(error, null);
        if (socket.remoteAddress !== undefined && !isBlocked(socket.remoteAddress))
          return callback(null, socket);
        socket.destroy();
        callback(new BlockedAddressError('the address is not public'), null);
      });
    },
  });
}

function isTrusted(trusted: ReadonlySet<string>, host: string, port: string): boolean {
  const name = isIP(host) === 6 ? `[${host}]` : host;
  return trusted.has(name) || trusted.has(`${name}:${port}`);
}

/** Whether an IP address is none of the public internet. */
export function isBlocked(address: string): boolean {
  return blocked.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

const lookupPublic: LookupFunction = (hostname, options, callback) => {
  dns.lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? [];
    if (error !== null || first === undefined) {
      callback(error ?? new BlockedAddressError('the name has no address'), '');
    } else if (addresses.some(({ address }) => isBlocked(address))) {
      callback(new BlockedAddressError('the address is not public'), '');
    } else if (options.all === true) {
      callback(null, addresses);
    } else {
      callback(null, first.address, first.family);
    }
  });
};

function createBlockList(ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges)
    list.addSubnet(network, prefix, isIP(network) === 6 ? 'ipv6' : 'ipv4');
  return list;
}
