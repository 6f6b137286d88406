import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { composePrompt, findOverridden, normalizePrompt, takeSpeed } from '../../src/prompt/compose.ts';
import { flagsIn } from '../../src/prompt/flags.ts';
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
      quality: '0.5',
      seed: 42,
      negative: 'people, -- --text',
      raw: true,
      tile: true,
      styleReference: 'random',
      styleWeight: 300,
    });
    expect(prompt).toBe(
      'a fox, in snow --ar 16:9 --v 7 --s 250 --c 5 --w 1 --q 0.5 --seed 42 --style raw --tile --sref random --sw 300 --no people, text',
    );
  });

  it('spells raw as the version does, and niji as niji', () => {
    expect(composePrompt('a fox', { raw: true })).toBe('a fox --raw');
    expect(composePrompt('a fox', { raw: true, version: '8.2' })).toBe('a fox --v 8.2 --raw');
    expect(composePrompt('a fox', { version: 'niji 6' })).toBe('a fox --niji 6');
  });

  it('accepts a prompt of exactly the allowed length, including flags', () => {
    expect(composePrompt('x'.repeat(4_000))).toHaveLength(4_000);
    expect(composePrompt('x'.repeat(3_993), { tile: true })).toHaveLength(4_000);
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
    ['an aspect in words', () => composePrompt('a fox', { aspect: 'wide' }), 'aspect-malformed'],
    ['an aspect of zero', () => composePrompt('a fox', { aspect: '0:1' }), 'aspect-malformed'],
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

  it.each([
    ['stylize', -1],
    ['stylize', 1_001],
    ['stylize', 1.5],
    ['stylize', '1 --turbo'],
    ['chaos', Number.NaN],
    ['weird', '1'],
    ['seed', 4_294_967_296],
    ['imageWeight', 3.1],
    ['imageWeight', Number.POSITIVE_INFINITY],
  ] as const)("refuses %s %j, which Discord doesn't offer", (option, value) => {
    expect(codeOf(() => composePrompt('a fox', { [option]: value }, 1))).toBe('option-malformed');
  });

  it('accepts both ends of each range', () => {
    for (const least of [0, 1] as const) {
      const options = {
        stylize: least * 1_000,
        chaos: least * 100,
        weird: least * 3_000,
        styleWeight: least,
      };
      const more = { seed: least * 4_294_967_295, imageWeight: least * 3, styleReference: 'random' };
      expect(codeOf(() => composePrompt('a fox', { ...options, ...more }, 1))).toBeUndefined();
    }
    expect(composePrompt('a fox', { imageWeight: 0.5 }, 1)).toBe('a fox --iw 0.5');
  });

  it('names an option like the command', () => {
    expect(() => composePrompt('a fox', { imageWeight: 4 }, 1)).toThrow(
      expect.objectContaining({ details: { option: 'image_weight', value: '4' } }),
    );
  });

  it('needs no words if there is a picture', () => {
    expect(composePrompt('', { imageWeight: 2 }, 1)).toBe('--iw 2');
  });
});

describe('a text and an option that set the same', () => {
  it.each([
    ['a fox --ar 3:2', { aspect: '16:9' }, 'a fox --ar 3:2', '--ar 3:2', 'aspect'],
    ['a fox --niji 6', { version: '7' }, 'a fox --niji 6', '--niji 6', 'version'],
    ['a fox —stylize 50', { stylize: 100 }, 'a fox --stylize 50', '--stylize 50', 'stylize'],
    [
      'a fox --sref random',
      { styleReference: '1' },
      'a fox --sref random',
      '--sref random',
      'style_reference',
    ],
    ['a fox --style cute', { raw: true }, 'a fox --style cute', '--style cute', 'raw'],
    ['a fox --no trees', { negative: 'people' }, 'a fox --no trees', '--no trees', 'negative'],
  ] as const)(
    'are settled by the text, and its person is told: %s %j',
    (text, options, sent, flag, option) => {
      expect(composePrompt(text, options)).toBe(sent);
      expect(findOverridden(text, options)).toEqual([{ flag, option }]);
    },
  );

  it.each([
    ['a fox --ar 16:9', { aspect: '16：9' }],
    ['a fox --style raw', { raw: true, version: '8.2' }],
    ['a fox --raw', { raw: false }],
    ['a fox --s 100', { stylize: 100, chaos: 5 }],
    ['a fox --relax', { speed: 'relax' }],
  ] as const)('are no contradiction if they agree: %s %j', (text, options) => {
    expect(findOverridden(text, options)).toEqual([]);
  });

  it('are settled the same way for speeds', () => {
    expect(takeSpeed('a fox --relax', 'fast')).toEqual({ text: 'a fox', speed: 'relax' });
    expect(findOverridden('a fox --relax', { speed: 'fast' })).toEqual([
      { flag: '--relax', option: 'speed' },
    ]);
  });

  it('may need each other', () => {
    expect(composePrompt('a fox --sref 1', { styleReference: '2', styleWeight: 50 })).toBe(
      'a fox --sref 1 --sw 50',
    );
  });
});

describe('several jobs in one prompt', () => {
  it.each([
    ['a fox --repeat 4', '--repeat'],
    ['a fox --r 40 --ar 1:1', '--r'],
    ['a {red, green} fox', '{red, green}'],
    ['a fox --ar {3:2, 16:9}', '{3:2, 16:9}'],
    ['a fox {--v 6, --v 7}', '{--v 6, --v 7}'],
    ['一只{红，绿}狐狸', '{红，绿}'],
    ['一只｛红、绿｝狐狸', '｛红、绿｝'],
    ['一只狐狸，－－ｒｅｐｅａｔ　４', '--repeat'],
    ['a fox —r 4', '--r'],
    ['a fox--repeat 4', '--repeat'],
    ['a fox --rep\u200deat 4', '--repeat'],
  ])('%s', (prompt, part) => {
    expect(() => composePrompt(prompt)).toThrow(new UserError('several-jobs', { part }));
    expect(() => composePrompt(prompt)).toThrow('several-jobs');
  });

  it('are also found in the option negative', () => {
    expect(codeOf(() => composePrompt('a fox', { negative: '{a, b}' }))).toBe('several-jobs');
  });

  it.each(['一只{红}狐狸，绿', 'a {red} fox', 'a {red\\, green} fox', 'a fox, a hare', 'a fox --ratio 1'])(
    "aren't found in %s",
    (prompt) => {
      expect(composePrompt(prompt)).toBe(prompt);
    },
  );
});

describe('takeSpeed', () => {
  it('takes a speed out of the text, so it is priced', () => {
    expect(takeSpeed('a fox --turbo --ar 1:1', undefined)).toEqual({
      text: 'a fox --ar 1:1',
      speed: 'turbo',
    });
    expect(takeSpeed('a fox —RELAX', undefined)).toEqual({ text: 'a fox', speed: 'relax' });
    expect(takeSpeed('a --fastener', 'relax')).toEqual({ text: 'a --fastener', speed: 'relax' });
  });

  it.each([
    ["a phone's dash", 'a fox —turbo'],
    ['two of them', 'a fox ——turbo'],
    ['full-width dashes', '狐狸 －－turbo'],
    ['full-width letters', '狐狸 －－ｔｕｒｂｏ'],
    ['no space', '狐狸--turbo'],
    ["a Chinese keyboard's dashes, and no space", '狐狸——turbo'],
    ['a full-width comma', '狐狸，--turbo'],
    ['a full-width space', '狐狸　－－turbo'],
    ["a Japanese keyboard's dashes", '狐ーーturbo'],
    ['other dashes', 'a fox ‐‑turbo'],
    ['minus signs', 'a fox −−turbo'],
    ['lines', 'a fox ──turbo'],
    ['three dashes', 'a fox ---turbo'],
    ['a joiner in its name', 'a fox --tu\u200drbo'],
    ['a joiner between dash and name', 'a fox --\u200cturbo'],
    ['a joiner between the dashes', 'a fox -\u200d-turbo'],
    ['a joiner among full-width letters', '狐－－ｔｕ\u200dｒｂｏ'],
    ['a joiner before it', '狐\u200d--turbo'],
    ['an invisible space', 'a fox --tur\u200bbo'],
    ['a soft hyphen', 'a fox --tur\u00adbo'],
    ['a direction mark', 'ثعلب \u200f--turbo\u200f'],
    ['a selector', 'a fox -\ufe0f-turbo'],
    ['a tag', 'a fox --tur\u{e0062}bo'],
    ['something after it', 'a fox --turbo，--ar 1:1'],
    ['words after it', 'a fox --turbo狐狸'],
    ['English words before it', 'a fox--turbo'],
    ['an address before it', 'https://pictures.example/a.png——turbo'],
  ])('finds one with %s', (_what, text) => {
    const taken = takeSpeed(text, undefined);
    expect(taken.speed).toBe('turbo');
    expect(composePrompt(taken.text)).not.toMatch(/turbo/);
  });

  it.each([
    'a quick—fast fox',
    'a fox, fast, turbo',
    'a turbo-charged fox - fast',
    'a － fast fox',
    '快——慢',
    'https://pictures.example/a--turbo.png',
    'a --faſtener',
  ])('finds none in %s', (text) => {
    expect(takeSpeed(text, undefined)).toEqual({ text, speed: undefined });
  });

  it('refuses two speeds', () => {
    expect(codeOf(() => takeSpeed('a fox --relax --fast', undefined))).toBe('speed-twice');
  });
});

describe('custom zooms', () => {
  it('are suggested once, and checked', () => {
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

describe('flags from other keyboards', () => {
  it.each([
    ['一只狐狸 --ar 16：9', '一只狐狸 --ar 16:9'],
    ['一只狐狸，在雪中，--v 7', '一只狐狸，在雪中， --v 7'],
    ['狐狸　－－ａｒ　１６：９　－－ｖ　６．１', '狐狸 --ar 16:9 --v 6.1'],
    ['狐狸--ar 16:9--v 7', '狐狸 --ar 16:9 --v 7'],
    ['狐狸 --ar 16：9，一只猫，红', '狐狸 --ar 16:9 一只猫，红'],
    ['狐狸 --ar：16：9，--s 250。', '狐狸 --ar 16:9 --s 250'],
    ['狐狸 --v 7在雪中', '狐狸 --v 7 在雪中'],
    ['狐狸 --no 树，人、天空，', '狐狸 --no 树,人,天空'],
    ['狐狸 --iw 0。5 --ar 16∶9', '狐狸 --iw 0.5 --ar 16:9'],
    ['狐狸 --style ｒａｗ，--tile', '狐狸 --style raw --tile'],
    ['狐狸 --sref １２３４：：２ random', '狐狸 --sref 1234::2 random'],
    ['ラーメンーーar 16:9', 'ラーメン --ar 16:9'],
    ['여우--ar 16:9', '여우 --ar 16:9'],
    ['a fox --ar 16/9', 'a fox --ar 16:9'],
    ['a fox --ar 16x9', 'a fox --ar 16:9'],
    ['a fox --ar 16×9', 'a fox --ar 16:9'],
    ['a fox --ar 16 : 9, red', 'a fox --ar 16:9 red'],
    ['a fox, --ar 16:9, --v 7.', 'a fox, --ar 16:9 --v 7'],
    ['a fox --ar16:9 --niji6', 'a fox --ar 16:9 --niji 6'],
    ['a fox —hd —zoom 1.5', 'a fox --hd --zoom 1.5'],
    ['روباه --ar ۱۶:۹ --iw ۰٫۵', 'روباه --ar 16:9 --iw 0.5'],
    ['ثعلب --ar ١٦:٩', 'ثعلب --ar 16:9'],
    ['लोमड़ी --ar १६:९', 'लोमड़ी --ar 16:9'],
  ])('%s', (typed, sent) => {
    expect(normalizePrompt(typed)).toBe(sent);
    expect(composePrompt(typed)).toBe(sent);
  });

  it.each([
    '一只狐狸，在雪中：「红」——安静、明亮！１６：９',
    '狐狸：：2 雪：：1',
    'Ｆｕｌｌ－ｗｉｄｔｈ　ｗｏｒｄｓ'.replace('　', ' '),
    'he waits--no one comes',
    'a quick—raw fox',
    'a fox —no-one— café—noël',
    'ラーメン、スーパーマン',
    'a fox --raw 红色，１６：９',
    'a fox --ar 16:9 １６：９，红',
    'a fox --sref https://pictures.example/a--no,b.png',
    '1,000 foxes - 50/50 - 3x4',
  ])('leaves words unchanged: %s', (typed) => {
    expect(normalizePrompt(typed)).toBe(typed);
  });

  it.each(['16：9', '１６：９', '16/9', '16x9', '16×9', '16∶9', ' 16 : 9 ', '۱۶:۹', '१६：९'])(
    'accepts %s as an aspect',
    (aspect) => expect(composePrompt('a fox', { aspect })).toBe('a fox --ar 16:9'),
  );

  it.each(['16.9', '16：9：1', '16', '：9', '宽', '16:9 red', '0：9', '16::9'])('refuses %s', (aspect) => {
    expect(codeOf(() => composePrompt('a fox', { aspect }))).toBe('aspect-malformed');
  });

  it.each([
    ['树，人', '树,人'],
    ['树，人 －－turbo', '树,人 turbo'],
    ['树——turbo', '树 turbo'],
    ['a —turbo, b', 'a turbo b'],
    ['a--turbo', 'a turbo'],
    ['--tu\u200drbo', 'turbo'],
  ])('keeps flags out of the option negative: %s', (negative, sent) => {
    expect(composePrompt('a fox', { negative })).toBe(`a fox --no ${sent}`);
  });

  it('sets no flag twice, no matter how it is typed', () => {
    expect(composePrompt('狐狸，－－ａｒ 16：9', { aspect: '1:1' })).toBe('狐狸， --ar 16:9');
  });
});

describe('normalizePrompt', () => {
  it("turns a phone's dash back into two hyphens, but only before a flag", () => {
    expect(normalizePrompt('a fox \u2014ar 16:9 \u2013 quick \u2014 brown')).toBe(
      'a fox --ar 16:9 \u2013 quick \u2014 brown',
    );
  });

  it('keeps emoji and other scripts', () => {
    expect(normalizePrompt('\u96ea\u4e2d\u7684\u72d0\u72f8 👩‍🎨')).toBe(
      '\u96ea\u4e2d\u7684\u72d0\u72f8 👩‍🎨',
    );
  });

  it('composes decomposed letters, and replaces none', () => {
    expect(normalizePrompt('cafe\u0301 \u1112\u1161\u11ab\u1100\u1173\u11af')).toBe('caf\u00e9 \ud55c\uae00');
    for (const text of ['\ufa19 \ufa11', 'क़ि', '葛\u{e0100}', 'Å', '\u037e \u1fef'])
      expect(normalizePrompt(text)).toBe(text);
  });

  it('changes no flag the second time', () => {
    const parts = fc.constantFrom(
      ...' a1{}:,.-，：。—－ー狐é\u200d',
      '--',
      '--ar ',
      '——',
      'turbo',
      'ｎｏ',
      'v',
      '16：9',
    );
    fc.assert(
      fc.property(fc.array(parts, { maxLength: 12 }), (typed) => {
        const once = normalizePrompt(typed.join(''));
        expect(normalizePrompt(once)).toBe(once);
      }),
      { numRuns: 2_000 },
    );
  });

  it('always returns one line without control characters, and changes nothing the second time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = normalizePrompt(text);
        expect(once).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]| {2}/u);
        expect(normalizePrompt(once)).toBe(once);
      }),
    );
  });
});

describe('suggested texts', () => {
  it('are cut between characters', () => {
    const family = '👨\u200d👩\u200d👧\u200d👦';
    expect(proposeZoom(family.repeat(400))).toBe(`${family.repeat(362)} --zoom 1.8`);
  });
});

describe('flagsIn', () => {
  it('finds flags in order and in lower case', () => {
    expect(flagsIn('a --AR 1:1 b--not --no x --v 7')).toEqual(['ar', 'no', 'v']);
  });
});
