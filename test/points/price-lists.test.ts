import { describe, expect, it } from 'vitest';
import { type ProviderKind, providerKinds } from '../../src/config.ts';
import { listPrices, priceOf } from '../../src/points/prices.ts';
import { priceTable } from '../../src/price-table.ts';
import { type Action, followUpActions, startActions } from '../../src/task.ts';

const realUpscales = [
  'upscale-2x',
  'upscale-4x',
  'upscale-subtle',
  'upscale-creative',
  'enlarge',
  'redo-upscale-2x',
  'redo-upscale-4x',
  'redo-upscale-subtle',
  'redo-upscale-creative',
];
const videos = [
  ...['video', 'animate-high', 'animate-low', 'reroll-video', 'extend-high', 'extend-low'],
  'other-video',
];
const describes = ['describe', 'redescribe'];
/** Four imagines. */
const all = ['imagine-all'];

/** Actions whose fast price isn't 100. All others cost as much as an imagine. */
const newApi = { 50: ['upscale', ...realUpscales, ...describes, 'swap'], 400: all, 800: videos };
const expected: Readonly<Record<ProviderKind, Readonly<Record<number, readonly string[]>>>> = {
  '4allapi': newApi,
  yutoai: newApi,
  mjproxy: {
    10: ['upscale'],
    50: [...describes, 'shorten', 'swap', 'variation', 'vary-subtle', 'vary-strong', 'enhance'],
    400: all,
    800: videos,
  },
  acedata: { 20: ['upscale', ...realUpscales, ...describes, 'shorten'], 400: [...videos, ...all] },
  apixo: { 400: all, 800: videos },
  aigc2d: {
    10: ['upscale', ...realUpscales],
    50: [...describes, 'shorten', 'swap', 'variation'],
    400: all,
    800: videos,
  },
};
const percents: Readonly<
  Record<ProviderKind, readonly [relax: number, turbo: number, tall: number, references: number, hd: number]>
> = {
  '4allapi': [40, 200, 100, 100, 163],
  yutoai: [40, 200, 100, 100, 163],
  mjproxy: [40, 200, 325, 100, 163],
  acedata: [40, 200, 100, 400, 400],
  apixo: [40, 200, 100, 100, 100],
  aigc2d: [40, 200, 100, 100, 163],
};
const actions: readonly Action[] = [...startActions, ...followUpActions];

describe('the whole list of', () => {
  it.each(providerKinds)('%s', (kind) => {
    const wanted = new Map(
      Object.entries(expected[kind]).flatMap(([points, names]) =>
        names.map((name) => [name, Number(points)]),
      ),
    );
    expect([...wanted.keys()].filter((name) => !actions.includes(name as Action))).toEqual([]);
    const shouldBe = Object.fromEntries(actions.map((action) => [action, wanted.get(action) ?? 100]));
    expect(listPrices(kind).points).toEqual(shouldBe);
    const [relax, turbo, tall, references, hd] = percents[kind];
    expect(listPrices(kind).percents).toEqual({
      relax,
      turbo,
      '720p': tall,
      '2-clips': kind === 'mjproxy' ? 50 : 100,
      '1-clip': kind === 'mjproxy' ? 25 : 100,
      'v8-references': references,
      'omni-reference': kind === 'apixo' ? 100 : 200,
      hd,
    });
    // What APIs publish differs too much to go by the others.
    const guesses: Partial<Record<ProviderKind, readonly string[]>> = {
      mjproxy: [],
      acedata: ['720p'],
      apixo: [],
    };
    expect([...listPrices(kind).guessed]).toEqual(guesses[kind] ?? ['hd']);
    expect(listPrices(kind, priceTable.parse('hd=150,720p=100'))).toMatchObject({
      percents: { hd: 150, '720p': 100 },
      guessed: new Set(),
    });
  });
});

describe('what is worth imagines', () => {
  it.each([
    ['imagine=30', { other: 30, 'imagine-all': 120 }],
    ['imagine=0', { other: 0, 'imagine-all': 0 }],
    ['other=7', { other: 7, 'imagine-all': 400 }],
    ['imagine=30,other=7', { other: 7, 'imagine-all': 120 }],
    ['imagine-all=90,imagine=30', { other: 30, 'imagine-all': 90 }],
    ['upscale=5', { other: 100, 'imagine-all': 400 }],
    ['video=900,other=7', { other: 7, 'other-video': 900 }],
  ])('follows %s', (text, points) => {
    expect(listPrices('mjproxy', priceTable.parse(text)).points).toMatchObject(points);
  });
});

describe('lines of a video', () => {
  const points = Object.fromEntries(actions.map((action) => [action, 100])) as Record<Action, number>;
  const list = {
    points,
    percents: {
      ...{ relax: 100, turbo: 100, '720p': 300, '2-clips': 50, '1-clip': 30 },
      ...{ 'v8-references': 100, 'omni-reference': 200, hd: 163 },
    },
  };
  const priceFor = (action: Action, options?: { resolution?: '480p' | '720p'; clips?: 1 | 2 | 4 }) =>
    priceOf(list, { action, speed: 'fast', ...(options === undefined ? {} : { options }) });

  it('count for everything that makes a video, and for nothing else', () => {
    const tall = actions.filter((action) => priceFor(action, { resolution: '720p' }) === 300);
    expect(tall.toSorted()).toEqual(videos.toSorted());
    expect(actions.filter((action) => priceFor(action, { resolution: '720p' }) === 100)).toHaveLength(
      actions.length - videos.length,
    );
  });

  it.each([undefined, {}, { resolution: '480p' as const }])('are 480 by default: %j', (options) => {
    expect(priceFor('video', options)).toBe(100);
  });

  it('count together with the number of clips, which is four by default', () => {
    const all = actions.filter((action) => priceFor(action, { clips: 1 }) === 30);
    expect(all.toSorted()).toEqual(videos.toSorted());
    expect(priceFor('video', { clips: 2 })).toBe(50);
    expect(priceFor('video', { clips: 4 })).toBe(100);
    expect(priceFor('video', { clips: 1, resolution: '720p' })).toBe(90);
  });

  it('and clips are as exact as any price, even at the largest that an operator can set', () => {
    const percents = { turbo: 9_999, '720p': 9_999, '1-clip': 9_999 };
    const largest = listPrices('mjproxy', { points: { video: 999_999 }, percents });
    const request = { action: 'video', speed: 'turbo', options: { resolution: '720p', clips: 1 } } as const;
    expect(priceOf(largest, request)).toBe(Number((999_999n * 9_999n ** 3n + 999_999n) / 1_000_000n));
  });
});

describe('a fraction of a point', () => {
  it.each([
    [1, 40, 1],
    [2, 50, 1],
    [3, 50, 2],
    [10, 40, 4],
    [11, 40, 5],
    [999_999, 1, 10_000],
    [0, 40, 0],
    [7, 0, 0],
    [1_000_000, 10_000, 100_000_000],
  ])('of %i at %i percent is rounded up: %i', (points, relax, price) => {
    const list = listPrices('mjproxy', { points: { imagine: points }, percents: { relax } });
    expect(priceOf(list, { action: 'imagine', speed: 'relax' })).toBe(price);
  });
});
