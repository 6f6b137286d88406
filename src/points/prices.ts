import type { ProviderKind } from '../config.ts';
import type { PriceGuess } from '../errors.ts';
import { type PriceFactor, type PriceTable, priceFamilies } from '../price-table.ts';
import { hasHd, hasOmniReference, hasVersion8References } from '../prompt/references.ts';
import { type Action, followUpActions, type Speed, startActions, type TaskRequest } from '../task.ts';

export type { PriceFactor };

/** What an account charges, in points; 100 points are a fast imagine. */
export interface PriceList {
  /** Whole points at fast speed. */
  readonly points: Readonly<Record<Action, number>>;
  /** What a price is multiplied by, whole percents. */
  readonly percents: Readonly<Record<PriceFactor, number>>;
  /** Those of them that neither the API nor the operator has named, and on which other APIs disagree. */
  readonly guessed: ReadonlySet<PriceGuess>;
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
  guessed: readonly PriceGuess[] = [],
): PriceList {
  const points = Object.fromEntries(actions.map((action) => [action, groups[groupOf(action)]]));
  return {
    points: { ...(points as Record<Action, number>), ...toImagines(groups.set), ...own },
    percents: { ...ratios, ...percents },
    guessed: new Set<PriceGuess>([...(percents.hd === undefined ? (['hd'] as const) : []), ...guessed]),
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
 * (docs.midjourney.com, Omni Reference, 2026-11); no API says what it charges for those. A grid in HD takes 1.3 minutes of GPU
 * time instead of 0.8 (docs.midjourney.com, HD, 2026-11).
 */
const ratios = {
  ...{ relax: 40, turbo: 200, '720p': 100, '2-clips': 100, '1-clip': 100 },
  ...{ 'v8-references': 100, 'omni-reference': 200, hd: 163 },
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
    { '720p': 325, '2-clips': 50, '1-clip': 25, hd: ratios.hd },
  ),
  /**
   * $0.025 for a set, $0.005 for an upscale or a describe, and $0.10 for a set of videos, paid in credits
   * (AceDataCloud/Docs, pricing/image). Shorten's price isn't public, so it's the same as describe's. There is no swap. Style
   * and picture references of version 8 cost four times as much, and so does HD (openapi/midjourney.json).
   */
  acedata: toList(
    { set: 100, upscale: 20, describe: 20, shorten: 20, swap: 100, video: 400 },
    {},
    { 'v8-references': 400, hd: 400 },
    // It has a field for 720p, and one price for videos.
    ['720p'],
  ),
  // $0.10 a task at fast speed (apixo.ai, docs/models/midjourney); U1–U4 need no API and are free.
  // It has no fields for omni references and HD.
  apixo: toList(
    { set: 100, upscale: 100, describe: 100, shorten: 100, swap: 100, video: 800 },
    {},
    { 'omni-reference': 100, hd: 100 },
  ),
  // Imagine and blend 100 points, upscale 10, variation and describe 50 (AIGC2D/aigc2d-docs, midjourney/index.md).
  aigc2d: toList(
    { set: 100, upscale: 10, describe: 50, shorten: 50, swap: 50, video: 800 },
    { variation: 50 },
  ),
};

/** Returns an account's prices: its kind's, except for those that the operator sets. */
export function listPrices(kind: ProviderKind, set: PriceTable = { points: {}, percents: {} }): PriceList {
  const { points, percents, guessed } = lists[kind];
  const { imagine } = set.points;
  const imagines = imagine === undefined ? {} : toImagines(imagine);
  return {
    points: { ...points, ...imagines, ...set.points },
    percents: { ...percents, ...set.percents },
    guessed: new Set([...guessed].filter((factor) => set.percents[factor] === undefined)),
  };
}

/** Returns the price in points, rounded up to a whole point. */
export function priceOf(list: Pick<PriceList, 'points' | 'percents'>, request: Priced): number {
  const { points, percents } = list;
  const { action, speed } = request;
  const bySpeed: Record<Speed, number> = { ...percents, fast: 100 };
  const factors = [bySpeed[speed], ...listFactors(list, request).map((factor) => percents[factor])];
  // A product of several percents may have more digits than a number keeps.
  const product = factors.reduce((all, percent) => all * BigInt(percent), BigInt(points[action]));
  const whole = 100n ** BigInt(factors.length);
  return Number((product + whole - 1n) / whole);
}

/** Returns what makes a price a guess, since neither the API nor the operator says what it costs. */
export function findGuess({ percents, guessed }: PriceList, request: Priced): PriceGuess | undefined {
  const factors: readonly string[] = listFactors({ percents }, request);
  return [...guessed].find((guess) => factors.includes(guess));
}

/** What these make from a picture in HD is no longer in HD (docs.midjourney.com, HD, 2026-11). */
const endsHd: ReadonlySet<Action> = new Set<Action>([
  ...priceFamilies.pan,
  ...priceFamilies.zoom.filter((action) => action !== 'custom-zoom'),
]);

/** What applies to a request apart from its speed. Nobody says that one factor replaces another, so they multiply. */
function listFactors({ percents }: Pick<PriceList, 'percents'>, request: Priced): PriceFactor[] {
  const { action, options, prompt = '' } = request;
  const isTall = videoActions.has(action) && options?.resolution === '720p';
  const isReferring = percents['v8-references'] !== 100 && hasVersion8References(request);
  const isSet = groupOf(action) === 'set';
  const { clips = 4 } = videoActions.has(action) ? (options ?? {}) : {};
  return [
    ...(isTall ? (['720p'] as const) : []),
    ...(clips === 4 ? [] : ([clips === 1 ? '1-clip' : '2-clips'] as const)),
    ...(isReferring ? (['v8-references'] as const) : []),
    ...(isSet && hasOmniReference(prompt) ? (['omni-reference'] as const) : []),
    ...(isSet && !endsHd.has(action) && hasHd(prompt) ? (['hd'] as const) : []),
  ];
}
