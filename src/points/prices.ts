import type { ProviderKind } from '../config.ts';
import { type PriceFactor, type PriceTable, priceFamilies } from '../price-table.ts';
import { hasVersion8References } from '../prompt/references.ts';
import { type Action, followUpActions, type Speed, startActions, type TaskRequest } from '../task.ts';

/** What one account charges, in points; 100 points are a fast imagine. */
export interface PriceList {
  /** Whole points at fast speed. */
  readonly points: Readonly<Record<Action, number>>;
  /** By what a price is multiplied, whole percents. */
  readonly percents: Readonly<Record<PriceFactor, number>>;
}

/** All that a price depends on, next to the account. */
export type Priced = Pick<TaskRequest, 'action' | 'speed' | 'options'> &
  Partial<Pick<TaskRequest, 'prompt' | 'pictures'>>;

/** Prices as APIs name them: by what comes out. */
interface Groups {
  /** A new set of pictures. */
  readonly set: number;
  /** A larger picture, and one that is taken out of a grid (U1–U4). */
  readonly upscale: number;
  readonly describe: number;
  readonly shorten: number;
  readonly swap: number;
  /** A set of videos: four clips of 480 lines. */
  readonly video: number;
}

const actions: readonly Action[] = [...startActions, ...followUpActions];

const videoActions: ReadonlySet<Action> = new Set<Action>(priceFamilies.video);
const upscaleActions: ReadonlySet<Action> = new Set<Action>(priceFamilies.upscale);

/** What comes out of an action, as prices and documents name it. */
export function groupOf(action: Action): keyof Groups {
  if (action === 'describe' || action === 'shorten' || action === 'swap') return action;
  if (videoActions.has(action)) return 'video';
  return upscaleActions.has(action) ? 'upscale' : 'set';
}

function toList(
  groups: Groups,
  own: PriceTable['points'] = {},
  percents: PriceTable['percents'] = {},
): PriceList {
  const points = Object.fromEntries(actions.map((action) => [action, groups[groupOf(action)]]));
  return {
    points: { ...(points as Record<Action, number>), ...own },
    percents: { ...ratios, ...percents },
  };
}

/**
 * 0.4 : 1 : 2 are APIXO's prices by speed ($0.04, $0.10, $0.20), the only ones that are public, and stand in for those of
 * other APIs. Midjourney itself counts turbo twice (docs.midjourney.com, GPU Speed).
 */
const ratios = { relax: 40, turbo: 200, '720p': 100, 'v8-references': 100 } as const;

/**
 * $0.1 a call, and $0.05 for describe, upscale and swap; $0.8 for video, whatever its size; a button whose price is 0
 * is paid with its window (new-api, setting/operation_setting/model-ratio.go). `upsample` buttons are upscales there.
 */
const newApi = toList({ set: 100, upscale: 50, describe: 50, shorten: 100, swap: 50, video: 800 });

/** All but U1–U4. */
const realUpscales = Object.fromEntries(
  priceFamilies.upscale.filter((action) => action !== 'upscale').map((action) => [action, 100]),
);

const lists: Readonly<Record<ProviderKind, PriceList>> = {
  '4allapi': newApi,
  // Its document names no prices, and its routes are those of the new-api family.
  yutoai: newApi,
  /**
   * Whoever runs one pays Midjourney by GPU time: variations cost less than an imagine, real upscales more
   * (docs.midjourney.com, Fast and Relax Modes), U1–U4 only cut a grid; a set of videos takes 8 minutes, or 26 with 720
   * lines (docs.midjourney.com, Video). Texts and swaps have no published cost.
   */
  mjproxy: toList(
    { set: 100, upscale: 10, describe: 50, shorten: 50, swap: 50, video: 800 },
    { variation: 50, 'vary-subtle': 50, 'vary-strong': 50, enhance: 50, ...realUpscales },
    { '720p': 325 },
  ),
  /**
   * $0.025 for a set, $0.005 for an upscale or a describe, $0.10 for a set of videos, paid in credits
   * (AceDataCloud/Docs, pricing/image); shorten, whose price isn't public, like describe. It has no swap. Style and picture
   * references of version 8 cost four times as much (openapi/midjourney.json).
   */
  acedata: toList(
    { set: 100, upscale: 20, describe: 20, shorten: 20, swap: 100, video: 400 },
    {},
    { 'v8-references': 400 },
  ),
  // $0.10 a task at fast speed (apixo.ai, docs/models/midjourney); U1–U4 need no API and are free.
  apixo: toList({ set: 100, upscale: 100, describe: 100, shorten: 100, swap: 100, video: 800 }),
  // Imagine and blend 100 points, upscale 10, variation and describe 50 (AIGC2D/aigc2d-docs, midjourney/index.md).
  aigc2d: toList(
    { set: 100, upscale: 10, describe: 50, shorten: 50, swap: 50, video: 800 },
    { variation: 50 },
  ),
};

/** The prices of an account: its kind's own, but for what its operator sets. */
export function listPrices(kind: ProviderKind, set: PriceTable = { points: {}, percents: {} }): PriceList {
  const { points, percents } = lists[kind];
  return { points: { ...points, ...set.points }, percents: { ...percents, ...set.percents } };
}

/** Points that something costs there, rounded up to a whole point; no price ever passes through a fraction. */
export function priceOf({ points, percents }: PriceList, request: Priced): number {
  const { action, speed, options } = request;
  const isTall = videoActions.has(action) && options?.resolution === '720p';
  const isReferring = percents['v8-references'] !== 100 && hasVersion8References(request);
  const bySpeed: Record<Speed, number> = { ...percents, fast: 100 };
  // No request has both.
  const byKind = isTall ? percents['720p'] : isReferring ? percents['v8-references'] : 100;
  return Math.ceil((points[action] * bySpeed[speed] * byKind) / 10_000);
}
