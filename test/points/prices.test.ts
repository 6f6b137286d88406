import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { providerKinds } from '../../src/config.ts';
import { findGuess, listPrices, priceOf } from '../../src/points/prices.ts';
import { toPaidFields } from '../../src/providers/acedata/prompt.ts';
import { type Action, followUpActions, speeds, startActions } from '../../src/task.ts';

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

  it('follows the lines of a video, if the API does, and nothing else', () => {
    const options = { resolution: '720p' } as const;
    const tall = (kind: 'mjproxy' | 'acedata', action: 'video' | 'extend-low' | 'upscale') =>
      priceOf(listPrices(kind), { action, speed: 'fast', options });
    expect(tall('mjproxy', 'video')).toBe(2_600);
    expect(tall('mjproxy', 'extend-low')).toBe(2_600);
    expect(tall('mjproxy', 'upscale')).toBe(10);
    expect(tall('acedata', 'video')).toBe(400);
    // Midjourney's GPU minutes for four, two, one: 8, 4, 2; in HD 26, 13, 7.
    const clips = ([4, 2, 1] as const).map((count) =>
      (['480p', '720p'] as const).map((resolution) =>
        priceOf(listPrices('mjproxy'), {
          ...{ action: 'video', speed: 'fast', options: { clips: count, resolution } },
        } as const),
      ),
    );
    expect(clips).toEqual([
      [800, 2_600],
      [400, 1_300],
      [200, 650],
    ]);
    const small = { action: 'video', speed: 'fast', options: { resolution: '480p' } } as const;
    expect(priceOf(listPrices('mjproxy'), small)).toBe(800);
  });

  it('is a guess if neither the API nor the operator says what 720p costs', () => {
    const tall = { action: 'video', speed: 'fast', options: { resolution: '720p' } } as const;
    const set = { points: {}, percents: { '720p': 100 } };
    expect(findGuess(listPrices('acedata'), tall)).toBe('720p');
    expect(findGuess(listPrices('acedata'), { ...tall, action: 'extend-low' })).toBe('720p');
    expect(findGuess(listPrices('acedata', set), tall)).toBeUndefined();
    expect(findGuess(listPrices('mjproxy'), tall)).toBeUndefined();
    expect(findGuess(listPrices('acedata'), { ...tall, action: 'upscale' })).toBeUndefined();
    expect(findGuess(listPrices('acedata'), { action: 'video', speed: 'fast', options: {} })).toBeUndefined();
  });

  it.each([
    ['a fox --sref 123 --v 8.1', [], 400],
    ['a fox --sref https://e.org/1.png --version 8', [], 400],
    ['a fox --v 8.2', [{ url: 'https://e.org/1.png', name: '1.png' }], 400],
    ['https://e.org/1.png a fox --v 8', [], 400],
    // As Midjourney also reads them.
    ['a fox,--sref 123 \u2014v 8', [], 400],
    ['a fox --sref 123 --v 7', [], 100],
    // Ace gets no version here, so it has none to bill by; its price list has a blend at the usual price.
    ['a fox --sref 123', [], 100],
    ['a fox', [{ url: 'https://e.org/1.png', name: '1.png' }], 100],
    ['a fox --v 8.1', [], 100],
    ['a fox --no sref --v 8', [], 100],
    ['a fox --sref 8 --v 6.1', [], 100],
  ])('of %j with pictures %j costs %i at Ace', (prompt, pictures, points) => {
    const request = { action: 'imagine', speed: 'fast', prompt, pictures } as const;
    expect(priceOf(listPrices('acedata'), request)).toBe(points);
    expect(priceOf(listPrices('acedata'), { ...request, speed: 'relax' })).toBe(points * 0.4);
    expect(priceOf(listPrices('acedata'), { ...request, action: 'variation' })).toBe(100);
    expect(priceOf(listPrices('mjproxy'), request)).toBe(100);
    const set = { points: {}, percents: { 'v8-references': 100 } };
    expect(priceOf(listPrices('acedata', set), request)).toBe(100);
  });

  it('counts the pictures of an edit at Ace once there are several', () => {
    const photo = { url: 'https://e.org/1.png', name: '1.png' };
    const edit = { action: 'edit', speed: 'fast', prompt: 'a hat --v 8.2' } as const;
    expect(priceOf(listPrices('acedata'), { ...edit, pictures: [photo] })).toBe(100);
    expect(priceOf(listPrices('acedata'), { ...edit, pictures: [photo, photo] })).toBe(400);
    expect(priceOf(listPrices('4allapi'), { ...edit, pictures: [photo, photo] })).toBe(100);
  });

  it.each([
    ['a fox --oref https://e.org/1.png --v 7', 200],
    ['a fox,\u2014oref https://e.org/1.png', 200],
    ['a fox --or\u00adef https://e.org/1.png', 200],
    ['a fox --no oref', 100],
  ])('of %j costs %i, and so does what is made of it again', (prompt, points) => {
    const request = { action: 'imagine', speed: 'fast', prompt } as const;
    for (const kind of ['4allapi', 'mjproxy', 'acedata', 'aigc2d'] as const)
      expect(priceOf(listPrices(kind), request)).toBe(points);
    const list = listPrices('4allapi');
    expect(priceOf(list, { ...request, speed: 'relax' })).toBe(points * 0.4);
    for (const action of ['reroll', 'variation', 'vary-strong'] as const)
      expect(priceOf(list, { ...request, action })).toBe(points);
    expect(priceOf(list, { ...request, action: 'upscale' })).toBe(50);
    expect(priceOf(list, { ...request, action: 'animate-low' })).toBe(800);
    const free = { points: {}, percents: { 'omni-reference': 100 } };
    expect(priceOf(listPrices('mjproxy', free), request)).toBe(100);
  });

  it.each([
    ['mjproxy', 'a fox --hd', 163],
    ['mjproxy', 'a fox,\u2014HD', 163],
    ['4allapi', 'a fox --h\u00add --v 8.2', 163],
    ['acedata', 'a fox --hd --v 8.2', 400],
    ['acedata', 'a fox --hd', 400],
    // Both take four times as long, and nobody says that one of them is free.
    ['acedata', 'a fox --hd --sref 123 --v 8.2', 1_600],
    ['mjproxy', 'a fox --sd', 100],
    ['mjproxy', 'an HD photo --no hd', 100],
  ] as const)('at %s of %j costs %i', (kind, prompt, points) => {
    const request = { action: 'imagine', speed: 'fast', prompt } as const;
    const list = listPrices(kind);
    expect(priceOf(list, request)).toBe(points);
    expect(priceOf(list, { ...request, speed: 'relax' })).toBe(Math.ceil(points * 0.4));
    const set = listPrices(kind, { points: {}, percents: { hd: 100, 'v8-references': 100 } });
    expect(priceOf(set, request)).toBe(100);
  });

  it('of what is made from a picture in HD follows its size', () => {
    const list = listPrices('4allapi');
    const priceFor = (action: Action) => priceOf(list, { action, speed: 'fast', prompt: 'a fox --hd' });
    for (const action of ['reroll', 'variation', 'vary-strong', 'custom-zoom', 'vary-region'] as const)
      expect([action, priceFor(action)]).toEqual([action, 163]);
    for (const action of ['zoom-2x', 'zoom-1.5x', 'square', 'pan-left'] as const)
      expect([action, priceFor(action)]).toEqual([action, 100]);
    expect([priceFor('upscale'), priceFor('animate-low')]).toEqual([50, 800]);
  });

  it('is exact for the largest numbers that an operator can set', () => {
    const set = {
      points: { imagine: 895_120 },
      percents: { turbo: 8_750, hd: 9_395, 'v8-references': 8_638 },
    };
    const prompt = 'a fox --hd --sref 1 --v 8.2';
    // 895,120 x 87.50 x 93.95 x 86.38 is 635,622,552,523 to the last digit; as a product of numbers, it's a little more.
    expect(priceOf(listPrices('acedata', set), { action: 'imagine', speed: 'turbo', prompt })).toBe(
      635_622_552_523,
    );
  });

  it('is four times as much at Ace for exactly what Ace bills that way', () => {
    const optional = (...parts: string[]) => fc.constantFrom('', ...parts);
    const words = fc.tuple(
      fc.constantFrom('a fox', 'https://e.org/1.png a fox'),
      optional('--ar 16:9', '--no version 8', '--seed 8'),
      optional('--sref 8', '--sref https://e.org/v/8.png', '--sref random'),
      optional('--v 8', '--v 8.1', '--version 8.2', '--v 7', '--v 6.1', '--niji 7'),
      optional('--sw 8', '--iw 2', '--raw'),
      optional('--hd', '--sd'),
    );
    fc.assert(
      fc.property(words, fc.nat({ max: 2 }), (parts, count) => {
        const prompt = parts.filter(Boolean).join(' ');
        const urls = Array.from({ length: count }, (_, index) => `https://cdn.e.org/${index}.png`);
        const fields = toPaidFields([...urls, prompt].join(' '));
        const isBilledSo =
          String(fields['version']).startsWith('8') && (fields['style_reference'] ?? fields['moodboard']);
        const pictures = urls.map((url) => ({ url, name: 'fox.png' }));
        const request = { action: 'imagine', speed: 'fast', prompt, pictures } as const;
        const times = (isBilledSo === true ? 4 : 1) * (fields['hd'] === true ? 4 : 1);
        expect(priceOf(listPrices('acedata'), request)).toBe(100 * times);
      }),
    );
  });

  it("is the operator's, if they set one, and rounded up", () => {
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
