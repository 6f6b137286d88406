import type { Proxies } from '../config.ts';
import { isProxied } from '../providers/connections.ts';
import type { Line } from './line.ts';

/** Something that the bot calls, and its address. */
export interface Destination {
  /** What the line calls it: `Discord`, `account main`. */
  readonly what: string;
  readonly url: string;
}

/** Which way each call takes. Whether it gets anywhere is up to the other checks. */
export async function checkWayOut(
  proxies: Proxies | undefined,
  destinations: readonly Destination[],
): Promise<Line> {
  const what = 'way out';
  if (proxies === undefined)
    return { verdict: 'skip', what, text: 'HTTPS_PROXY is not set: everything is called directly' };
  const ways = await Promise.all(destinations.map(({ url }) => isProxied(url, proxies)));
  const through = destinations.filter((_, index) => ways[index]);
  const direct = destinations.filter((_, index) => !ways[index]);
  const text = [
    ...(through.length === 0 ? [] : [`through ${new URL(proxies.https).host} to ${name(through)}`]),
    ...(direct.length === 0 ? [] : [`directly to ${name(direct)}`]),
  ].join('; ');
  return { verdict: 'ok', what, text };
}

function name(destinations: readonly Destination[]): string {
  return destinations.map(({ what, url }) => `${what} (${new URL(url).host})`).join(', ');
}
