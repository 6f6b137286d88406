import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { providerKinds } from '../../src/config.ts';
import { listPrices, priceOf } from '../../src/quota/prices.ts';
import { followUpActions, speeds, startActions } from '../../src/task.ts';

describe('the price of an action', () => {
  it.each([
    ['4allapi', 'imagine', 'fast', 100],
    ['4allapi', 'imagine', 'relax', 40],
    ['4allapi', 'upscale', 'fast', 50],
    ['4allapi', 'upscale-creative', 'fast', 50],
    ['4allapi', 'variation', 'fast', 100],
    ['4allapi', 'describe', 'fast', 50],
    ['4allapi', 'shorten', 'fast', 100],
    ['4allapi', 'swap', 'fast', 50],
    ['4allapi', 'custom-zoom', 'fast', 100],
    ['4allapi', 'video', 'fast', 800],
    ['yutoai', 'upscale', 'relax', 20],
    ['yutoai', 'reroll', 'fast', 100],
    ['mjproxy', 'upscale', 'fast', 10],
    ['mjproxy', 'upscale-4x', 'fast', 100],
    ['mjproxy', 'variation', 'relax', 20],
    ['mjproxy', 'imagine', 'turbo', 200],
    ['mjproxy', 'animate-low', 'fast', 800],
    ['acedata', 'imagine', 'fast', 100],
    ['acedata', 'upscale', 'fast', 20],
    ['acedata', 'variation', 'fast', 100],
    ['acedata', 'describe', 'fast', 20],
    ['acedata', 'video', 'fast', 400],
    ['apixo', 'imagine', 'relax', 40],
    ['apixo', 'imagine', 'fast', 100],
    ['apixo', 'imagine', 'turbo', 200],
    ['apixo', 'enlarge', 'fast', 100],
    ['aigc2d', 'upscale', 'fast', 10],
    ['aigc2d', 'variation', 'fast', 50],
    ['aigc2d', 'describe', 'fast', 50],
    ['aigc2d', 'blend', 'fast', 100],
  ] as const)('%s: %s at %s costs %i', (kind, action, speed, points) => {
    expect(priceOf(listPrices(kind), { action, speed })).toBe(points);
  });

  it.each(providerKinds)('100 points are a fast imagine at %s', (kind) => {
    expect(priceOf(listPrices(kind), { action: 'imagine', speed: 'fast' })).toBe(100);
  });

  it('follows the lines of a video, if the API does, and of nothing else', () => {
    const options = { resolution: '720p' } as const;
    const tall = (kind: 'mjproxy' | 'acedata', action: 'video' | 'extend-low' | 'upscale') =>
      priceOf(listPrices(kind), { action, speed: 'fast', options });
    expect(tall('mjproxy', 'video')).toBe(2_600);
    expect(tall('mjproxy', 'extend-low')).toBe(2_600);
    expect(tall('mjproxy', 'upscale')).toBe(10);
    expect(tall('acedata', 'video')).toBe(400);
    const small = { action: 'video', speed: 'fast', options: { resolution: '480p' } } as const;
    expect(priceOf(listPrices('mjproxy'), small)).toBe(800);
  });

  it("is the operator's, wherever they set one, and rounded up", () => {
    const set = { points: { upscale: 7, imagine: 0 }, percents: { relax: 50, '720p': 150 } };
    const list = listPrices('mjproxy', set);
    expect(priceOf(list, { action: 'upscale', speed: 'fast' })).toBe(7);
    expect(priceOf(list, { action: 'upscale', speed: 'relax' })).toBe(4);
    expect(priceOf(list, { action: 'imagine', speed: 'turbo' })).toBe(0);
    expect(priceOf(list, { action: 'variation', speed: 'relax' })).toBe(25);
    const tall = { action: 'video', speed: 'relax', options: { resolution: '720p' } } as const;
    expect(priceOf(list, tall)).toBe(600);
  });

  it('is a whole number, never below that of a slower speed', () => {
    const action = fc.constantFrom(...startActions, ...followUpActions);
    const options = fc.constantFrom(undefined, { resolution: '720p' as const });
    fc.assert(
      fc.property(fc.constantFrom(...providerKinds), action, options, (kind, action, options) => {
        const [relax = 0, fast = 0, turbo = 0] = speeds.map((speed) =>
          priceOf(listPrices(kind), { action, speed, ...(options === undefined ? {} : { options }) }),
        );
        expect([relax, fast, turbo].every((price) => Number.isSafeInteger(price) && price > 0)).toBe(true);
        expect(relax).toBeLessThanOrEqual(fast);
        expect(fast).toBeLessThanOrEqual(turbo);
      }),
    );
  });
});
