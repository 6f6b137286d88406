import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { UserError } from '../../src/errors.ts';
import { combinePrompt, type PromptDefaults, type TypedPrompt } from '../../src/prompt/combine.ts';
import { composePrompt, takeSpeed } from '../../src/prompt/compose.ts';
import { requirePriced } from '../../src/prompt/scan.ts';
import { codeOf } from '../helpers/errors.ts';

const everything: PromptDefaults = {
  aspect: '16:9',
  version: '7',
  stylize: 250,
  raw: true,
  speed: 'relax',
  suffix: 'cinematic --no text',
  presets: { ink: 'ink wash --s 50 --sref 42', tall: '--ar 2:3 --fast' },
};

function detailsOf(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return (error as UserError).details;
  }
}

const combine = (typed: string | TypedPrompt, defaults: PromptDefaults = everything) =>
  combinePrompt(typeof typed === 'string' ? { text: typed } : typed, defaults);

describe('a prompt', () => {
  it('is as it was typed without any defaults', () => {
    const typed = { text: 'a fox --ar 3:2', options: { stylize: 50 } };
    expect(combinePrompt(typed)).toEqual({ prompt: 'a fox --ar 3:2 --s 50', speed: 'fast', overridden: [] });
  });

  it.each([
    ['a fox', 'a fox cinematic --no text --ar 16:9 --v 7 --s 250 --style raw', 'relax'],
    ['a fox --ar 1:1', 'a fox cinematic --ar 1:1 --no text --v 7 --s 250 --style raw', 'relax'],
    ['a fox --turbo', 'a fox cinematic --no text --ar 16:9 --v 7 --s 250 --style raw', 'turbo'],
    // The raw style is spelled as the version that was typed spells it.
    ['a fox --v 8.2', 'a fox cinematic --v 8.2 --no text --ar 16:9 --s 250 --raw', 'relax'],
    ['a fox --niji 6', 'a fox cinematic --niji 6 --no text --ar 16:9 --s 250 --style raw', 'relax'],
    ['a fox --preview', 'a fox cinematic --preview --no text --ar 16:9 --s 250 --raw', 'relax'],
    ['a fox --style scenic', 'a fox cinematic --style scenic --no text --ar 16:9 --v 7 --s 250', 'relax'],
    ['a fox --no trees', 'a fox cinematic --no trees --ar 16:9 --v 7 --s 250 --style raw', 'relax'],
    [
      'a fox --ink',
      'a fox ink wash cinematic --s 50 --sref 42 --no text --ar 16:9 --v 7 --style raw',
      'relax',
    ],
    [
      'a fox --ink --s 700 --tall',
      'a fox ink wash cinematic --s 700 --sref 42 --ar 2:3 --no text --v 7 --style raw',
      'fast',
    ],
    ['--seed 7 a fox', 'cinematic --seed 7 a fox --no text --ar 16:9 --v 7 --s 250 --style raw', 'relax'],
    ['—tall a fox', 'a fox cinematic --ar 2:3 --no text --v 7 --s 250 --style raw', 'fast'],
    [
      'a fox --tall, in snow.',
      'a fox in snow. cinematic --ar 2:3 --no text --v 7 --s 250 --style raw',
      'fast',
    ],
    ['a fox —tall。', 'a fox cinematic --ar 2:3 --no text --v 7 --s 250 --style raw', 'fast'],
    ['a fox --relax --RELAX', 'a fox cinematic --no text --ar 16:9 --v 7 --s 250 --style raw', 'relax'],
    ['--INK', 'ink wash cinematic --s 50 --sref 42 --no text --ar 16:9 --v 7 --style raw', 'relax'],
  ] as const)('gets what it does not set itself: %s', (typed, prompt, speed) => {
    expect(combine(typed)).toEqual({ prompt, speed, overridden: [] });
  });

  it.each([
    [{ aspect: '1:1' }, 'cinematic --no text --ar 1:1 --v 7 --s 250 --style raw'],
    [{ version: 'niji 7' }, 'cinematic --no text --niji 7 --ar 16:9 --s 250 --style raw'],
    [{ version: '8.1' }, 'cinematic --no text --v 8.1 --ar 16:9 --s 250 --raw'],
    [{ raw: false }, 'cinematic --no text --ar 16:9 --v 7 --s 250'],
    [{ negative: 'trees' }, 'cinematic --no trees --ar 16:9 --v 7 --s 250 --style raw'],
  ] as const)('prefers its options to the defaults: %j', (options, prompt) => {
    expect(combine({ text: 'a fox', options }).prompt).toBe(`a fox ${prompt}`);
  });

  it('prefers its options to a preset, and says what the text overrides', () => {
    const options = { stylize: 900, aspect: '4:3', speed: 'turbo' } as const;
    expect(combine({ text: 'a fox --ar 1:1', options, preset: 'INK' })).toEqual({
      prompt: 'a fox ink wash cinematic --ar 1:1 --sref 42 --no text --s 900 --v 7 --style raw',
      speed: 'turbo',
      overridden: [{ flag: '--ar 1:1', option: 'aspect' }],
    });
  });

  it('has the pictures of its presets and suffix in front, where Midjourney looks for them', () => {
    const presets = { moth: 'https://e.org/moth.png moths', gold: '--tile https://e.org/gold.png' };
    const own = { presets, suffix: 'https://e.org/paper.png on paper' };
    expect(combine('https://e.org/fox.png a fox --moth --gold', own).prompt).toBe(
      'https://e.org/fox.png https://e.org/moth.png https://e.org/gold.png https://e.org/paper.png ' +
        'a fox moths on paper --tile',
    );
    // An address in the middle of the words is one of the words.
    expect(combine('a sign: https://e.org', { suffix: 'at https://e.org/home' }).prompt).toBe(
      'a sign: https://e.org at https://e.org/home',
    );
  });

  it.each(['--preview', '--test', '--testp', '--niji 6', '--version 6.1'])(
    'keeps the version that the text names, however it names it: %s',
    (flag) => {
      const combined = combine({ text: `a fox ${flag}`, options: { version: '7' } }, {});
      expect(combined.prompt).toBe(`a fox ${flag}`);
      expect(combined.overridden).toEqual([{ flag, option: 'version' }]);
    },
  );

  it('may use the weight of a style that a preset has', () => {
    const weighed = combine({ text: 'a fox', options: { styleWeight: 300 }, preset: 'ink' }, everything);
    expect(weighed.prompt).toContain('--sref 42');
    expect(weighed.prompt).toContain('--sw 300');
  });

  it.each([
    [{ text: 'a fox', preset: 'oil' }, 'preset-unknown'],
    [{ text: 'a fox', preset: 'constructor' }, 'preset-unknown'],
    [{ text: '--tall' }, 'prompt-empty'],
    [{ text: '   ' }, 'prompt-empty'],
    [{ text: 'x'.repeat(3_990) }, 'prompt-too-long'],
    [{ text: 'a fox --repeat 4' }, 'several-jobs'],
    [{ text: 'a fox', options: { profile: 'a b,c' } }, 'profile-malformed'],
    [{ text: 'a fox', options: { profile: '--repeat' } }, 'profile-malformed'],
    [{ text: 'a fox', options: { profile: ' ' } }, 'profile-malformed'],
    [{ text: 'a fox', options: { omniReference: '42' } }, 'link-malformed'],
    [{ text: 'a fox', options: { omniReference: 'https://e.org/a.png --turbo' } }, 'link-malformed'],
    [{ text: 'a fox', options: { omniReference: 'https://e.org/{1,2}.png' } }, 'several-jobs'],
    [{ text: 'a fox', options: { omniWeight: 2_000 } }, 'option-malformed'],
  ] satisfies [TypedPrompt, string][])('that cannot be one is refused: %j', async (typed, code) => {
    expect(await codeOf((async () => combine(typed))())).toBe(code);
  });

  it.each([
    [{ text: 'a fox' }, { profile: 'abc12de' }, 'a fox --p abc12de'],
    [{ text: 'a fox' }, { profile: 'm7301923 abc12de::2' }, 'a fox --p m7301923 abc12de::2'],
    [{ text: 'a fox --p xyz' }, { profile: 'abc12de' }, 'a fox --p xyz'],
    [{ text: 'a fox --personalize xyz' }, { profile: 'abc12de' }, 'a fox --personalize xyz'],
    [{ text: 'a fox --profile xyz' }, { profile: 'abc12de' }, 'a fox --profile xyz'],
    [
      { text: 'a fox' },
      { omniReference: ' https://e.org/a.png', omniWeight: 200 },
      'a fox --oref https://e.org/a.png --ow 200',
    ],
  ] as const)('may use profiles and an omni reference: %j %j', (typed, options, prompt) => {
    expect(combinePrompt({ ...typed, options }).prompt).toBe(prompt);
  });

  it('that is a list is refused with the first one as it would be typed', () => {
    const refusal = detailsOf(() => combine('a {red, blue} fox --ink'));
    expect(refusal).toEqual({ part: '{red, blue}', first: 'a red fox --ink' });
  });

  it('leaves names that are no presets to the linter', () => {
    expect(combine('a fox --oil', {}).prompt).toBe('a fox --oil');
    expect(combine('a fox --constructor', {}).prompt).toBe('a fox --constructor');
    expect(combine('a fox --inky --tall-tree', everything).prompt).toContain('--inky --tall-tree');
    expect(combine('a drink-ink fox', everything).prompt).toContain('a drink-ink fox');
  });
});

/** Pieces of prompts that may meet each other. */
const pieces = [
  'a fox',
  'snow',
  '--ar 1:1',
  '--v 7',
  '--niji 6',
  '--raw',
  '--style raw',
  '--s 5',
  '--no cat',
];
const anyText = fc.array(fc.constantFrom(...pieces, '--sref 1 2', '--p abc12', '--seed 7'), { maxLength: 5 });

describe('every prompt', () => {
  it('keeps all that was typed, sets nothing twice, and has a price if its parts have one', () => {
    fc.assert(
      fc.property(anyText, anyText, anyText, (typed, preset, suffix) => {
        const text = ['a hare', ...typed].join(' ');
        const own = { suffix: suffix.join(' '), presets: { mine: preset.join(' ') } };
        const { prompt } = combinePrompt({ text, preset: 'mine' }, { ...own, aspect: '3:2', raw: true });
        requirePriced({ action: 'imagine', prompt, pictures: [] });
        for (const piece of typed) expect(prompt).toContain(piece);
        const typedCount = typed.filter((piece) => piece.startsWith('--ar')).length;
        expect(prompt.match(/--ar /g)).toHaveLength(Math.max(1, typedCount));
      }),
    );
  });

  it('without defaults is exactly what it was before there were any', () => {
    fc.assert(
      fc.property(anyText, (typed) => {
        const text = ['a hare', ...typed].join(' ');
        expect(combinePrompt({ text }).prompt).toBe(composePrompt(takeSpeed(text, undefined).text));
      }),
    );
  });
});
