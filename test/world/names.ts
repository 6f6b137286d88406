/**
 * The internet as far as the bot sees it: real names if the bot has one built in, and public addresses of the kind
 * behind them. They only exist in a network namespace.
 */
export const names = {
  'discord.com': ['162.159.128.233'],
  'gateway.discord.gg': ['162.159.130.234'],
  'cdn.discordapp.com': ['162.159.133.233'],
  'api.4allapi.com': ['47.251.64.10'],
  /** A name with both address families, like everything behind Cloudflare. */
  'api.acedata.cloud': ['104.21.32.1', '2606:4700:3031::6815:2001'],
  'api.apixo.ai': ['172.67.180.1'],
  'api.aigc2d.com': ['120.55.64.9'],
  /** Names that operators choose. */
  'yuto.example.com': ['47.251.64.11'],
  'proxy.mj.example.com': ['2a06:98c1:3121::7'],
  'relay.example.org': ['188.114.96.7'],
  /** The proxy out of a closed network. */
  'proxy.example.net': ['34.149.10.30'],
  /** Where providers and people keep pictures. */
  'img.example.net': ['34.149.10.20', '2600:1901:0:1::20'],
  /** Sends what it has a byte at a time. */
  'slow.example.net': ['34.149.10.23'],
  /** One of its addresses is private. */
  'mixed.example.net': ['34.149.10.21', '10.0.0.5'],
  'private.example.net': ['192.168.7.7'],
  /** Redirects to somewhere else. */
  'moved.example.net': ['34.149.10.22'],
} as const satisfies Record<string, readonly string[]>;

export type Name = keyof typeof names;

/** The lines of a hosts file, for all names or only for these. */
export function toHosts(wanted: readonly string[] = Object.keys(names)): string {
  const lines = Object.entries(names).flatMap(([name, addresses]) =>
    wanted.includes(name) ? addresses.map((address) => `${address} ${name}`) : [],
  );
  return ['127.0.0.1 localhost', '::1 localhost', ...lines, ''].join('\n');
}
