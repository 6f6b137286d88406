import type { ProviderOptions } from '../stand-in.ts';
import { type Habits, plainHabits } from './habits.ts';
import { createMjProxy, type MjProxyStandIn } from './stand-in.ts';

/**
 * docs.yutoai.net, Midjourney: the text names the bases `/mj-fast` and `/mj-relax`, its curl says `/fast/mj/…`, and its
 * integration guide (doc-7061407) says `/mj/…` with nothing before it. What its example of a task holds is trueai's.
 * "The two operating modes use different pricing"; it doesn't say how different.
 */
const habits: Habits = {
  ...plainHabits,
  flavour: 'trueai',
  auth: 'bearer',
  speedWords: { 'mj-fast': 'fast', fast: 'fast', 'mj-relax': 'relax', relax: 'relax' },
  submits: ['imagine', 'blend', 'describe', 'shorten', 'action', 'modal', 'video'],
  looks: [],
  priceFactors: { relax: 0.5, fast: 1, turbo: 2 },
  resultAs: 'number',
  stripsHooksAndFilters: true,
  showsTasksOfOthers: false,
  unsetAs: 'empty',
  discordIdsAs: 'number',
  escapesHtml: true,
  modalIdFields: ['task_id'],
  repeatedPick: 'existed',
  videoNeedsWords: true,
};

/**
 * A local stand-in for YutoAI, over real HTTP on loopback: a trueai midjourney-proxy behind a thin gateway that bills
 * and adds nothing. Instances share nothing, and `close` leaves nothing behind.
 */
export function createYutoai(
  options: ProviderOptions & { habits?: Partial<Habits> } = {},
): Promise<MjProxyStandIn> {
  return createMjProxy({ kind: 'yutoai', habits: { ...habits, ...options.habits }, options });
}
