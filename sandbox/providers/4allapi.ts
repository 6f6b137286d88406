import { type Habits, habitsOf4allapi } from './mj-proxy/habits.ts';
import { createMjProxy, type MjProxyStandIn } from './mj-proxy/stand-in.ts';
import type { ProviderOptions } from './stand-in.ts';

/**
 * A local stand-in for 4allapi, over real HTTP on loopback: a new-api gateway in front of a midjourney-proxy-plus.
 * Nothing in it is shared with another one, and `close` leaves nothing behind.
 */
export function create4allapi(
  options: ProviderOptions & { habits?: Partial<Habits> } = {},
): Promise<MjProxyStandIn> {
  return createMjProxy({ kind: '4allapi', habits: { ...habitsOf4allapi, ...options.habits }, options });
}
