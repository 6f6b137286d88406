import type { ProviderKind } from '../config.ts';
import { type PriceFactor, type PriceTable, priceFamilies } from '../price-table.ts';
import { hasOmniReference, hasVersion8References } from '../prompt/references.ts';
import {
  type Action,
  followUpActions,
  type Speed,
  startActions,
  type TaskRequest,
  type VideoClips,
} from '../task.ts';

export type { PriceFactor };

/** What an account charges, in points; 100 points are a fast imagine. */
export interface PriceList {
  /** Whole points at fast speed. */
  readonly points: Readonly<Record<Action, number>>;
  /** What a price is multiplied by, whole percents. */
  readonly percents: Readonly<Record<PriceFactor, number>>;
  /** Factors that neither the API nor the operator has named. */
  readonly guesses?: readonly PriceFactor[];
}

/** Everything that a price depends on, apart from the account. */
export type Priced = Pick<TaskRequest, 'action' | 'speed' | 'options'> &
  Partial<Pick<TaskRequest, 'prompt' | 'pictures'>>;

/** Prices the way APIs list them: by what comes out. */
interface Groups {
  /** A new set of pictures. */
  readonly set: number;
  /** A larger picture, or one that is taken out of a grid (U1–U4). */
  readonly upscale: number;
  readonly describe: number;
  readonly shorten: number;
  readonly swap: number;
  /** A set of videos: four 480p clips. */
  readonly video: number;
}

const actions: readonly Action[] = [...startActions, ...followUpActions];

const videoActions: ReadonlySet<Action> = new Set<Action>(priceFamilies.video);
const upscaleActions: ReadonlySet<Action> = new Set<Action>(priceFamilies.upscale);

/** What comes out of an action, as prices and documents name it. */
export function groupOf(action: Action): keyof Groups {
  if (action === 'redescribe') return 'describe';
  if (action === 'describe' || action === 'shorten' || action === 'swap') return action;
  if (videoActions.has(action)) return 'video';
  return upscaleActions.has(action) ? 'upscale' : 'set';
}

function toList(
  groups: Groups,
  own: PriceTable['points'] = {},
  percents: PriceTable['percents'] = {},
  guesses: readonly PriceFactor[] = [],
): PriceList {
  const points = Object.fromEntries(actions.map((action) => [action, groups[groupOf(action)]]));
  return {
    points: { ...(points as Record<Action, number>), ...toImagines(groups.set), ...own },
    percents: { ...ratios, ...percents },
    ...(guesses.length === 0 ? {} : { guesses }),
  };
}

/**
 * What is worth imagines, unless it has a price of its own: nobody knows what an unknown button costs, and **Imagine all** is
 * an imagine for each of four prompts (trueai-org's TaskService.cs starts that many tasks).
 */
function toImagines(imagine: number): { other: number; 'imagine-all': number } {
  return { other: imagine, 'imagine-all': 4 * imagine };
}

/**
 * 0.4 : 1 : 2 are APIXO's prices by speed ($0.04, $0.10, $0.20), the only ones that are public, so they stand in for those of
 * other APIs. Midjourney itself counts turbo twice (docs.midjourney.com, GPU Speed), and omni references, too
 * (docs.midjourney.com, Omni Reference, 2026-11); no API says what it charges for those.
 */
const ratios = {
  ...{ relax: 40, turbo: 200, '720p': 100, '2-clips': 100, '1-clip': 100 },
  ...{ 'v8-references': 100, 'omni-reference': 200 },
} as const;

/**
 * $0.1 a call; $0.05 for describe, upscale, and swap; $0.8 for video of any size and any number of clips. A button whose price is 0 is paid for with
 * its modal (new-api, setting/operation_setting/model-ratio.go). `upsample` buttons count as upscales there.
 */
const newApi = toList({ set: 100, upscale: 50, describe: 50, shorten: 100, swap: 50, video: 800 });

/** All upscales except U1–U4. */
const realUpscales = Object.fromEntries(
  priceFamilies.upscale.filter((action) => action !== 'upscale').map((action) => [action, 100]),
);

const lists: Readonly<Record<ProviderKind, PriceList>> = {
  '4allapi': newApi,
  // Its documentation lists no prices, and its routes are those of the new-api family.
  yutoai: newApi,
  /**
   * Its operator pays Midjourney for GPU time: variations cost less than an imagine, and real upscales more
   * (docs.midjourney.com, Fast and Relax Modes); U1–U4 only cut a grid; four clips take 8 minutes, or 26 in 720p, and two
   * or one take half or a quarter of that (docs.midjourney.com, Video). Texts and swaps have no published cost.
   */
  mjproxy: toList(
    { set: 100, upscale: 10, describe: 50, shorten: 50, swap: 50, video: 800 },
    { variation: 50, 'vary-subtle': 50, 'vary-strong': 50, enhance: 50, ...realUpscales },
    { '720p': 325, '2-clips': 50, '1-clip': 25 },
  ),
  /**
   * $0.025 for a set, $0.005 for an upscale or a describe, and $0.10 for a set of videos, paid in credits
   * (AceDataCloud/Docs, pricing/image). Shorten's price isn't public, so it's the same as describe's. There is no swap. Style
   * and picture references of version 8 cost four times as much (openapi/midjourney.json).
   */
  acedata: toList(
    { set: 100, upscale: 20, describe: 20, shorten: 20, swap: 100, video: 400 },
    {},
    { 'v8-references': 400 },
    // It has a field for 720p, and one price for videos.
    ['720p'],
  ),
  // $0.10 a task at fast speed (apixo.ai, docs/models/midjourney); U1–U4 need no API and are free.
  // It has no field for omni references.
  apixo: toList(
    { set: 100, upscale: 100, describe: 100, shorten: 100, swap: 100, video: 800 },
    {},
    { 'omni-reference': 100 },
  ),
  // Imagine and blend 100 points, upscale 10, variation and describe 50 (AIGC2D/aigc2d-docs, midjourney/index.md).
  aigc2d: toList(
    { set: 100, upscale: 10, describe: 50, shorten: 50, swap: 50, video: 800 },
    { variation: 50 },
  ),
};

/** Returns an account's prices: its kind's, except for those that the operator sets. */
export function listPrices(kind: ProviderKind, set: PriceTable = { points: {}, percents: {} }): PriceList {
  const { points, percents, guesses = [] } = lists[kind];
  const open = guesses.filter((factor) => set.percents[factor] === undefined);
  const { imagine } = set.points;
  const imagines = imagine === undefined ? {} : toImagines(imagine);
  return {
    points: { ...points, ...imagines, ...set.points },
    percents: { ...percents, ...set.percents },
    ...(open.length === 0 ? {} : { guesses: open }),
  };
}

/** Whether nobody says what 720p costs, so that the price of such a video may be far from what the API charges. */
export function isGuess({ guesses = [] }: PriceList, request: Pick<Priced, 'action' | 'options'>): boolean {
  return isTall(request) && guesses.includes('720p');
}

function isTall({ action, options }: Pick<Priced, 'action' | 'options'>): boolean {
  return videoActions.has(action) && options?.resolution === '720p';
}

/** Returns the price in points, rounded up to a whole point. Multiplies whole numbers, and divides only once. */
export function priceOf({ points, percents }: PriceList, request: Priced): number {
  const { action, speed, options } = request;
  const isReferring = percents['v8-references'] !== 100 && hasVersion8References(request);
  const isOmni = groupOf(action) === 'set' && hasOmniReference(request.prompt ?? '');
  const bySpeed: Record<Speed, number> = { ...percents, fast: 100 };
  const factors: PriceFactor[] = [
    ...(isTall(request) ? (['720p'] as const) : []),
    ...(isReferring ? (['v8-references'] as const) : []),
    ...(isOmni ? (['omni-reference'] as const) : []),
  ];
  // No version has more than one of them.
  const byKind = factors.length === 0 ? 100 : Math.max(...factors.map((factor) => percents[factor]));
  const byClips = videoActions.has(action) ? byClipsOf(percents, options?.clips) : 100;
  return divideUp([points[action], bySpeed[speed], byKind, byClips], 1_000_000);
}

function byClipsOf(percents: PriceList['percents'], clips: VideoClips = 4): number {
  return clips === 4 ? 100 : percents[clips === 1 ? '1-clip' : '2-clips'];
}

/** The product is larger than a number can hold exactly, if an operator sets the largest values. */
function divideUp(factors: readonly number[], divisor: number): number {
  const product = factors.reduce((sofar, factor) => sofar * BigInt(factor), 1n);
  return Number((product + BigInt(divisor - 1)) / BigInt(divisor));
}
