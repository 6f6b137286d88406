import type { ProviderOptions } from '../stand-in.ts';
import { type Habits, plainHabits } from './habits.ts';
import { createMjProxy, type MjProxyStandIn } from './stand-in.ts';

/** 4allapi's documents are new-api's own, so: new-api in front of a midjourney-proxy-plus. */
const habits: Habits = {
  ...plainHabits,
  front: 'new-api',
  flavour: 'plus',
  auth: 'bearer',
  refusedModes: ['mj-turbo', 'turbo'],
  submits: [
    'imagine',
    'action',
    'modal',
    'blend',
    'describe',
    'shorten',
    'edits',
    'video',
    'upload-discord-images',
    'swap',
  ],
  looks: ['list-by-condition', 'image-seed'],
  rewritesCode21: true,
  rewritesCode22: true,
  listDuplicatesAfterModal: true,
  stripsHooksAndFilters: true,
  imageUrls: 'gateway',
  showsTasksOfOthers: false,
};

/**
 * A local stand-in for 4allapi, over real HTTP on loopback: a new-api gateway in front of a midjourney-proxy-plus.
 * Instances share nothing, and `close` leaves nothing behind.
 */
export function create4allapi(
  options: ProviderOptions & { habits?: Partial<Habits> } = {},
): Promise<MjProxyStandIn> {
  return createMjProxy({ kind: '4allapi', habits: { ...habits, ...options.habits }, options });
}
