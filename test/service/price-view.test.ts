import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { renderPrices } from '../../src/discord/render/prices.ts';
import { english } from '../../src/locales/index.ts';
import { listPrices } from '../../src/points/prices.ts';
import { createPrices } from '../../src/service/price-view.ts';
import { createRelay, createScriptedProvider, type Relay } from '../helpers/relay.ts';

const book = '222222222222222222';
const providers = {
  first: createScriptedProvider(),
  alike: createScriptedProvider(),
  other: Object.assign(createScriptedProvider(), {
    actions: new Set(['imagine', 'video', 'animate-high', 'animate-low'] as const),
    speeds: new Set(['fast', 'turbo'] as const),
  }),
};
const prices = {
  first: listPrices('mjproxy'),
  alike: listPrices('mjproxy'),
  other: listPrices('acedata', { points: { 'animate-low': 300 }, percents: { '720p': 325 } }),
};

let relay: Relay;
beforeEach(async () => {
  relay = await createRelay({ accounts: ['first', 'alike', 'other'], providers, prices });
});
afterEach(() => relay.remove());

const shown = async () =>
  renderPrices(await createPrices(relay).read(book), english).map(({ name, value }) => [
    name,
    ...value.split('\n'),
  ]);

describe('the prices of a server', () => {
  it('are those of its accounts, the same ones once, and only of what they can do', async () => {
    const [first, other, ...more] = await shown();
    expect(more).toEqual([]);
    expect(first).toEqual([
      'Prices with first and alike',
      '**10 points:** U1–U4',
      '**50 points:** Describe, V1–V4, Vary (Subtle), Vary (Strong), Enhance, Describe again',
      '**100 points:** Imagine, Reroll, Vary (Region), Upscale, Zoom Out, Make Square, Pan, Other buttons',
      '**400 points:** Imagine all',
      '**800 points:** Animate, Reroll a video, Extend, Other video buttons',
      'Relax: 40% of that · With `--oref`: 200% · With `--hd`: 163%',
    ]);
    expect(other).toEqual([
      'Prices with other',
      '**Free:** U1–U4',
      '**100 points:** Imagine',
      '**300 points:** Animate (Low motion)',
      '**400 points:** Video, Animate (High motion)',
      'Turbo: 200% of that · 720p videos: 325% · Version 8 with image or style references: 400% · With `--oref`: 200% · With `--hd`: 400%',
    ]);
  });

  it('have none of a speed that runs as another one', async () => {
    providers.other.review = ({ speed }) =>
      speed === 'turbo' ? [{ flag: '--turbo', asked: 'turbo', used: 'fast' }] : [];
    try {
      const [, other] = await shown();
      expect(other?.at(-1)).toBe(
        '720p videos: 325% · Version 8 with image or style references: 400% · With `--oref`: 200% · With `--hd`: 400%',
      );
    } finally {
      delete providers.other.review;
    }
  });

  it('are those of the accounts that the operator chose for it, which need no name if there is one list', async () => {
    await relay.policies.update(book, () => ({ accounts: ['other'] }));
    expect((await shown()).map(([name]) => name)).toEqual(['Prices']);
  });
});
