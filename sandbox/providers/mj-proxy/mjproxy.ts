import type { ProviderOptions } from '../stand-in.ts';
import { type Flavour, type Habits, plainHabits } from './habits.ts';
import { createMjProxy, type MjProxyStandIn } from './stand-in.ts';

/** Nothing is billed here. */
const free = { relax: 0, fast: 0, turbo: 0 };

const habits: Record<Flavour, Habits> = {
  /** No buttons and no modals: `change` takes a letter and a number (SubmitController.java, TaskController.java). */
  java: {
    ...plainHabits,
    flavour: 'java',
    auth: 'mj-api-secret',
    submits: ['imagine', 'change', 'blend', 'describe'],
    looks: ['list', 'list-by-condition'],
    priceFactors: free,
    acceptedText: '提交成功',
    unknownTask: 'empty',
    repeatedPick: 'existed',
  },
  /** midjourney-proxy-plus docs/api.md; its source is closed. */
  plus: {
    ...plainHabits,
    flavour: 'plus',
    auth: 'mj-api-secret',
    submits: [
      'imagine',
      'change',
      'blend',
      'describe',
      'shorten',
      'action',
      'modal',
      'upload-discord-images',
      'swap',
    ],
    looks: ['list', 'list-by-condition', 'image-seed', 'cancel'],
    priceFactors: free,
    acceptedText: '提交成功',
    unknownTask: 'empty',
    modalAnswer: 'words',
  },
  /** v11: SubmitController.cs, TaskController.cs, SimpleAuthMiddleware.cs, WorkContext.cs. */
  trueai: {
    ...plainHabits,
    flavour: 'trueai',
    auth: 'raw',
    speedWords: { 'mj-fast': 'fast', 'mj-relax': 'relax', 'mj-turbo': 'turbo' },
    submits: [
      'imagine',
      'blend',
      'describe',
      'shorten',
      'action',
      'modal',
      'edits',
      'video',
      'upload-discord-images',
      'swap',
    ],
    looks: ['list', 'list-by-condition', 'list-by-ids', 'image-seed', 'cancel'],
    priceFactors: free,
    acceptedText: '提交成功',
    videoNeedsWords: true,
  },
};

/**
 * A local stand-in for a midjourney-proxy as people run it themselves, over real HTTP on loopback: trueai's, unless
 * `habits.flavour` says otherwise. Instances share nothing, and `close` leaves nothing behind.
 */
export function createMjproxy(
  options: ProviderOptions & { habits?: Partial<Habits> } = {},
): Promise<MjProxyStandIn> {
  const row = habits[options.habits?.flavour ?? 'trueai'];
  return createMjProxy({ kind: 'mjproxy', habits: { ...row, ...options.habits }, options });
}
