import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { composePrompt, flagsIn, normalizePrompt, takeSpeed } from '../../src/prompt/compose.ts';
import { hasValidZoom, proposeZoom } from '../../src/prompt/zoom.ts';

function codeOf(work: () => unknown): string | undefined {
  try {
    work();
  } catch (error) {
    if (error instanceof UserError) return error.code;
    throw error;
  }
  return undefined;
}

describe('composePrompt', () => {
  it('puts the options behind the text as flags', () => {
    const prompt = composePrompt('  a fox,\n in   snow ', {
      aspect: '16:9',
      version: '7',
      stylize: 250,
      chaos: 5,
      weird: 1,
      quality: '2',
      seed: 42,
      negative: 'people, -- --text',
      raw: true,
      tile: true,
      styleReference: 'random',
      styleWeight: 300,
    });
    expect(prompt).toBe(
      'a fox, in snow --ar 16:9 --v 7 --s 250 --c 5 --w 1 --q 2 --seed 42 --style raw --tile --sref random --sw 300 --no people, text',
    );
  });

  it('spells raw as the version does, and niji as niji', () => {
    expect(composePrompt('a fox', { raw: true })).toBe('a fox --raw');
    expect(composePrompt('a fox', { raw: true, version: '8.2' })).toBe('a fox --v 8.2 --raw');
    expect(composePrompt('a fox', { version: 'niji 6' })).toBe('a fox --niji 6');
  });

  it.each([
    ['an empty text', () => composePrompt(' \n\t '), 'prompt-empty'],
    ['flags without words', () => composePrompt('--ar 16:9'), 'prompt-empty'],
    ['control characters alone', () => composePrompt('\u0000\u200b\u202e'), 'prompt-empty'],
    ['a text that is too long', () => composePrompt('x'.repeat(4_001)), 'prompt-too-long'],
    [
      'a text that is too long with its flags',
      () => composePrompt('x'.repeat(3_999), { tile: true }),
      'prompt-too-long',
    ],
    [
      'a flag and an option for the same',
      () => composePrompt('a fox --ar 3:2', { aspect: '16:9' }),
      'flag-twice',
    ],
    ['a version twice', () => composePrompt('a fox --niji 6', { version: '7' }), 'flag-twice'],
    ['an aspect in words', () => composePrompt('a fox', { aspect: 'wide' }), 'aspect-malformed'],
    ['an aspect of nothing', () => composePrompt('a fox', { aspect: '0:1' }), 'aspect-malformed'],
    [
      'a weight without a picture',
      () => composePrompt('a fox', { imageWeight: 1 }),
      'image-weight-without-image',
    ],
    [
      'a style weight alone',
      () => composePrompt('a fox', { styleWeight: 1 }),
      'style-weight-without-reference',
    ],
    [
      'a style that is none',
      () => composePrompt('a fox', { styleReference: '--v 9' }),
      'style-reference-malformed',
    ],
  ])('refuses %s', (_what, work, code) => {
    expect(codeOf(work)).toBe(code);
  });

  it('needs no words where there is a picture', () => {
    expect(composePrompt('', { imageWeight: 2 }, 1)).toBe('--iw 2');
  });
});

describe('several jobs of one', () => {
  it.each([
    ['a fox --repeat 4', '--repeat'],
    ['a fox --r 40 --ar 1:1', '--r'],
    ['a {red, green} fox', '{red, green}'],
    ['a fox --ar {3:2, 16:9}', '{3:2, 16:9}'],
  ])('%s', (prompt, part) => {
    expect(() => composePrompt(prompt)).toThrow(new UserError('several-jobs', { part }));
    expect(() => composePrompt(prompt)).toThrow('several-jobs');
  });

  it.each(['a {red} fox', 'a {red\\, green} fox', 'a fox, a hare', 'a fox --ratio 1'])('not %s', (prompt) => {
    expect(composePrompt(prompt)).toBe(prompt);
  });
});

describe('takeSpeed', () => {
  it('takes a speed out of the text, so that it is priced', () => {
    expect(takeSpeed('a fox --turbo --ar 1:1', undefined)).toEqual({
      text: 'a fox --ar 1:1',
      speed: 'turbo',
    });
    expect(takeSpeed('a fox —RELAX', undefined)).toEqual({ text: 'a fox', speed: 'relax' });
    expect(takeSpeed('a --fastener', 'relax')).toEqual({ text: 'a --fastener', speed: 'relax' });
  });

  it('refuses two speeds', () => {
    expect(codeOf(() => takeSpeed('a fox --relax', 'fast'))).toBe('flag-twice');
    expect(codeOf(() => takeSpeed('a fox --relax --fast', undefined))).toBe('flag-twice');
  });
});

describe('custom zooms', () => {
  it('are proposed once, and checked', () => {
    expect(proposeZoom('a fox --zoom 2 --ar 1:1')).toBe('a fox --ar 1:1 --zoom 1.8');
    for (const prompt of ['a --zoom 1', 'a --zoom 2', 'a --ZOOM 1.5 --ar 1:1'])
      expect(hasValidZoom(prompt)).toBe(true);
    for (const prompt of [
      'a',
      'a --zoom',
      'a --zoom 0.9',
      'a --zoom 2.1',
      'a --zoom x',
      'a --zoom 1 --zoom 2',
    ]) {
      expect(hasValidZoom(prompt)).toBe(false);
    }
  });
});

describe('normalizePrompt', () => {
  it('turns the dash of a phone back into two hyphens before a flag only', () => {
    expect(normalizePrompt('a fox \u2014ar 16:9 \u2013 quick \u2014 brown')).toBe(
      'a fox --ar 16:9 \u2013 quick \u2014 brown',
    );
  });

  it('keeps emoji and other scripts', () => {
    expect(normalizePrompt('\u96ea\u4e2d\u7684\u72d0\u72f8 👩‍🎨')).toBe(
      '\u96ea\u4e2d\u7684\u72d0\u72f8 👩‍🎨',
    );
  });

  it('always gives one line without control characters, and changes nothing twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normalizePrompt(text);
        expect(once).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]| {2}/u);
        expect(normalizePrompt(once)).toBe(once);
      }),
    );
  });
});

describe('flagsIn', () => {
  it('finds flags in order and in lower case', () => {
    expect(flagsIn('a --AR 1:1 b--not --no x --v 7')).toEqual(['ar', 'no', 'v']);
  });
});
