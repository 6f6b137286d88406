import { describe, expect, it } from 'vitest';
import { normalizePrompt } from '../../src/prompt/compose.ts';
import { type LintContext, lint } from '../../src/prompt/lint.ts';

type Changes = Partial<LintContext>;
type Wrong = [typed: string, found: string, corrected: string, context?: Changes, speed?: string];

const lintTyped = (typed: string, changes: Changes = {}) =>
  lint(normalizePrompt(typed), { action: 'imagine', speed: 'fast', pictures: 0, ...changes });

/** What is only doubtful has a question mark. */
const codesOf = ({ findings }: ReturnType<typeof lintTyped>) =>
  findings.map(({ code, isCertain }) => (isCertain ? code : `?${code}`)).join(' ');

describe('a prompt without a finding', () => {
  it.each<[typed: string, context?: Changes]>([
    ['a fox'],
    ['a fox --ar 16:9 --v 8.2'],
    ['a fox --raw --v 8.2 --s 250'],
    ['a fox --sref 1234 --sw 300 --v 8.1'],
    ['a fox --sref https://e.org/a.png::2 random --v 8.2'],
    ['a fox --ar 14:1 --v 8.2'],
    ['a fox --v 8.2 --exp 100 --tile'],
    ['a fox --p abc123 m456 --v 8.2'],
    ['a fox --p abcdefg hijklmn --v 8.2'],
    ['a fox --p abcdef --v 8.2'],
    ['a fox --p'],
    ['a fox --q 1 --v 6'],
    ['a fox --q .5 --v 6.1'],
    ['a fox --q 0.25 --v 5.2'],
    ['a fox --q 2 --v 7'],
    ['a fox --style raw --v 7'],
    ['a fox --raw --v 7'],
    ['a fox --v 7.0 --draft'],
    ['a fox --v 7 --sref 1234 --sv 4'],
    ['a fox --v 7 --sref https://e.org/a.png --sv 2'],
    ['a fox --oref https://e.org/a.png --ow 200 --v 7'],
    ['a fox --oref https://e.org/a.png --q 2 --v 7'],
    ['hot:: dog::2 --v 6'],
    ['hot::2 dog::-1 --niji 7'],
    ['a fox --stop 80 --v 6'],
    ['a fox --cref https://e.org/a.png --cw 0 --v 6'],
    ['a fox --style cute --niji 5'],
    ['a fox --niji 6 --iw 2', { pictures: 1 }],
    ['https://e.org/a.png a fox --iw 3 --v 8.2'],
    ['a fox --s 60000 --v 3'],
    ['a fox --preview --s 100'],
    ['a fox --test --s 5000'],
    ['a fox --no trees, “people” --v 8.2'],
    ['a fox --sref https://e.org/a,b.png --no 1,000 fish'],
    ['一只狐狸 --ar 16:9 --niji 7'],
    ['a fox --hd --ar 4:1 --v 8.2'],
    ['a fox --seed 4294967295 --c 100 --w 3000'],
    ['a fox --stealth --v 8.2'],
    ['a fox, 16:9, v 7'],
    ['a fox - 7'],
    ['vitamin - C 1000'],
    ['an old engine – V 8'],
    ['aperture — s 100'],
    ['a fox --personalize --v 6.1'],
    ['a fox --personalize abc123 --v 7'],
    ['a fox --style raw-5kF3aTuNeR --v 5.2'],
    ['a fox --style 4b --v 4'],
    ['a fox 🦊 in the snow 🌨️ --ar 16:9'],
    ['https://s.mj.run/abc::2 https://s.mj.run/def::1 --v 6.1'],
    ['1980s--style poster of https://e.org/my--own.png -- at night'],
    ['a fox -- in the snow -- at night --ar 3:2'],
    ['a -> b --> c <-- d <!-- e -->'],
    ['a sign that says “OPEN”, $5 -- $10 --no text, watermark --v 7'],
    ['狐狸——古代中国——水墨 --niji 6'],
    ['a fox --cref https://e.org/a.png https://e.org/b.png --cw 50 --v 6.1'],
    ['he is -r 4'],
    ['the year —styled 1980s'],
    ['-ar 16:9'],
    ['foxes -ar and 16:9'],
    ['a fox --v 8 --q 1', { kind: 'acedata' }],
    ['a fox --v 8.2 --q .5', { kind: 'acedata' }],
    ['a fox --v 7 --ar 3:2 --s 120 --c 7 --w 250', { kind: 'apixo' }],
    ['a fox --draft', { kind: 'apixo' }],
    ['it waves --motion high --loop --raw', { action: 'video' }],
    ['it waves --video 1 --end https://e.org/b.png', { action: 'video' }],
    ['a fox --zoom 1.5', { action: 'custom-zoom' }],
    ['add a hat --ar 3:2', { action: 'edit' }],
    ['a fox --v 7', { speed: 'turbo' }],
    ['a fox', { speed: 'turbo' }],
    ['a fox --v 8.2', { speed: 'turbo', kind: 'acedata' }],
    ['a fox --s 200 --v 3'],
  ])('%s %j', (typed, context = {}) => {
    const linted = lintTyped(typed, context);
    expect(codesOf(linted)).toBe('');
    expect(linted.prompt).toBe(normalizePrompt(typed));
  });
});

describe('a prompt is corrected', () => {
  it.each<Wrong>([
    ['a fox --q 1 --v 8.2', 'not-in-version', 'a fox --v 8.2'],
    ['a fox --quality 0.5 --v 8.1', 'not-in-version', 'a fox --v 8.1'],
    ['a fox --q .5', '?not-in-default', 'a fox'],
    ['a fox --q 1 --v 8.1', 'not-in-version', 'a fox --v 8.1', { kind: 'acedata' }],
    ['a fox --stop 50 --v 7', 'not-in-version', 'a fox --v 7'],
    ['a fox --stop 50', '?not-in-default', 'a fox'],
    ['a fox --style raw --v 8.2', 'renamed', 'a fox --raw --v 8.2'],
    ['a fox --style raw', '?renamed', 'a fox --raw'],
    ['a fox --style cute --v 8.2', 'not-in-version', 'a fox --v 8.2'],
    ['a fox --style cute --v 6', '?not-a-choice', 'a fox --v 6'],
    ['a fox --cref https://e.org/a.png --v 7', 'renamed', 'a fox --oref https://e.org/a.png --v 7'],
    [
      'a fox --cref https://e.org/a.png --cw 50 --v 7',
      'renamed renamed',
      'a fox --oref https://e.org/a.png --ow 50 --v 7',
    ],
    ['a fox --cref https://e.org/a.png --v 8.2', 'use-command', 'a fox --v 8.2'],
    ['a fox --oref https://e.org/a.png --ow 50 --v 8.2', 'use-command use-command', 'a fox --v 8.2'],
    ['a fox --cref https://e.org/a.png', '?use-command', 'a fox'],
    ['a fox --cref https://e.org/a.png --v 5.2', 'not-in-version', 'a fox --v 5.2'],
    ['a fox --oref https://e.org/a.png --v 6', 'not-in-version', 'a fox --v 6'],
    ['hot:: dog --v 8.2', 'no-weights', 'hot, dog --v 8.2'],
    ['hot::2 dog::-.5 --v 7', 'no-weights', 'hot --v 7 --no dog'],
    ['hot::2 dog::-.5 --no cat --v 7', 'no-weights', 'hot --no cat, dog --v 7'],
    ['tree::1.5 --v 7', 'no-weights', 'tree --v 7'],
    ['https://e.org/a.png:: a fox --v 7', 'no-weights', 'https://e.org/a.png a fox --v 7'],
    ['hot:: dog', '?no-weights', 'hot, dog'],
    ['a fox --exp 10 --v 6', 'not-in-version', 'a fox --v 6'],
    ['a fox --sref 1 --v 5.2', 'not-in-version', 'a fox --v 5.2'],
    ['a fox --hd --v 7', 'not-in-version', 'a fox --v 7'],
    ['a fox --draft --v 6', 'not-in-version', 'a fox --v 6'],
    ['a fox --draft --v 8.2', '?maybe-not-in-version', 'a fox --v 8.2'],
    ['a fox --tile --niji 7', '?maybe-not-in-version', 'a fox --niji 7'],
    ['a fox --sv 4 --sref 1 --v 8.2', '?maybe-not-in-version', 'a fox --sref 1 --v 8.2'],
    ['a fox --sv 4 --sref 1 --niji 7', 'not-in-version', 'a fox --sref 1 --niji 7'],
    ['a fox --p --v 5.1', 'not-in-version', 'a fox --v 5.1'],
    ['a fox --raw --v 5', 'not-in-version', 'a fox --v 5'],
    ['a fox --w 5 --v 4', '?maybe-not-in-version', 'a fox --v 4'],
    ['a fox --v 9', '?version-unknown', 'a fox --v 8.2'],
    ['a fox --v 9 --q 1', '?version-unknown ?not-in-version', 'a fox --v 8.2'],
    ['a fox --v 5.3', '?version-unknown', 'a fox --v 8.2'],
    ['a fox --niji 8', '?version-unknown', 'a fox --niji 7'],
    ['a fox --v 8', 'version-gone', 'a fox --v 8.2'],
    ['a fox --v 8.0', 'version-gone', 'a fox --v 8.2'],
    ['a fox --niji 3', '?version-unknown', 'a fox --niji 7'],
    ['a fox --v latest', '?version-unknown', 'a fox --v 8.2'],
    ['a fox --niji', '?value-missing', 'a fox --niji 7'],
    ['a fox --v', '?value-missing', 'a fox --v 8.2'],
    ['a fox --v 8.2', 'no-turbo', 'a fox --v 8.2', { speed: 'turbo' }, 'fast'],
    ['a fox --v 8.1', 'no-turbo', 'a fox --v 8.1', { speed: 'turbo', kind: 'acedata' }, 'fast'],
  ])(
    'in what its version turns down: %s',
    (typed, found, corrected, context = {}, speed = context.speed ?? 'fast') => {
      const linted = lintTyped(typed, context);
      expect(codesOf(linted)).toBe(found);
      expect([linted.prompt, linted.speed]).toEqual([corrected, speed]);
    },
  );

  it.each<Wrong>([
    ['a fox --s 1001', 'out-of-range', 'a fox --s 1000'],
    ['a fox --s 5000 --v 8.2', 'out-of-range', 'a fox --s 1000 --v 8.2'],
    ['a fox --c 101 --v 7', 'out-of-range', 'a fox --c 100 --v 7'],
    ['a fox --chaos -5', 'out-of-range', 'a fox --chaos 0'],
    ['a fox --weird 9999', 'out-of-range', 'a fox --weird 3000'],
    ['a fox --seed 4294967296', 'out-of-range', 'a fox --seed 4294967295'],
    ['a fox --iw 4', 'out-of-range', 'a fox --iw 3', { pictures: 1 }],
    ['a fox --iw 2.5 --v 5.2', 'out-of-range', 'a fox --iw 2 --v 5.2', { pictures: 1 }],
    ['a fox --niji 7 --iw 2.1', 'out-of-range', 'a fox --niji 7 --iw 2', { pictures: 1 }],
    ['a fox --sref 1 --sw 1001', 'out-of-range', 'a fox --sref 1 --sw 1000'],
    ['a fox --exp 101 --v 8.2', 'out-of-range', 'a fox --exp 100 --v 8.2'],
    ['a fox --stop 5 --v 6', 'out-of-range', 'a fox --stop 10 --v 6'],
    [
      'a fox --cref https://e.org/a.png --cw 101 --v 6',
      'out-of-range',
      'a fox --cref https://e.org/a.png --cw 100 --v 6',
    ],
    [
      'a fox --oref https://e.org/a.png --ow 0 --v 7',
      'out-of-range',
      'a fox --oref https://e.org/a.png --ow 1 --v 7',
    ],
    ['a fox --q .25 --v 6', 'not-a-choice', 'a fox --q .5 --v 6'],
    ['a fox --q 3 --v 6', 'not-a-choice', 'a fox --q 2 --v 6'],
    ['a fox --q high --v 6', '?not-a-choice', 'a fox --v 6'],
    ['a fox --s high', '?not-a-number', 'a fox'],
    ['a fox --sref 1 --sv 5 --v 6', 'not-a-choice', 'a fox --sref 1 --sv 4 --v 6'],
    ['a fox --sref 1234 --sv 3 --v 7', 'style-version', 'a fox --sref 1234 --sv 4 --v 7'],
    ['a fox --sref 1234 --sv 5 --v 7', 'style-version', 'a fox --sref 1234 --sv 4 --v 7'],
    ['a fox --sref random --sv 1 --v 7', 'style-version', 'a fox --sref random --sv 4 --v 7'],
    ['a fox --ar 15:1 --v 8.2', 'too-wide', 'a fox --ar 14:1 --v 8.2'],
    ['a fox --ar 1:20 --v 7', 'too-wide', 'a fox --ar 1:14 --v 7'],
    ['a fox --ar 1.85:1', 'not-a-ratio', 'a fox --ar 37:20'],
    ['a fox --ar wide', '?not-a-ratio', 'a fox'],
    ['a fox --ar 0:1', '?not-a-ratio', 'a fox'],
    ['a fox --hd --ar 5:1 --v 8.2', 'too-wide-in-hd', 'a fox --ar 5:1 --v 8.2'],
    ['a fox --style wild --niji 5', '?not-a-choice', 'a fox --niji 5'],
  ])('in values: %s', (typed, found, corrected, context = {}, speed = context.speed ?? 'fast') => {
    const linted = lintTyped(typed, context);
    expect(codesOf(linted)).toBe(found);
    expect([linted.prompt, linted.speed]).toEqual([corrected, speed]);
  });

  it.each<Wrong>([
    ['a fox --stlize 100', 'flag-misspelled', 'a fox --stylize 100'],
    ['a fox --chaso 5 in snow', 'flag-misspelled ?words-behind', 'a fox in snow --chaos 5'],
    ['a fox --ratio 16:9', 'flag-misspelled', 'a fox --ar 16:9'],
    ['a fox --quailty 1 --v 6', 'flag-misspelled', 'a fox --quality 1 --v 6'],
    ['a fox --uhd', 'flag-unknown', 'a fox'],
    ['a fox --foo 3 in snow', 'flag-unknown', 'a fox in snow'],
    ['a fox --stlye raw --v 7', 'flag-misspelled', 'a fox --style raw --v 7'],
    ['a fox --ar 16:9 in snow', '?words-behind', 'a fox in snow --ar 16:9'],
    ['a fox --tile in snow --v 7', '?words-behind', 'a fox in snow --tile --v 7'],
    ['a fox --ar 3:2 in --s 50 snow', '?words-behind ?words-behind', 'a fox in snow --ar 3:2 --s 50'],
    ['a fox --s in the snow', '?words-behind ?value-missing', 'a fox in the snow'],
    ['a fox --ar portrait of a queen', '?words-behind ?value-missing', 'a fox portrait of a queen'],
    ['a fox --v in snow, --s 50', '?words-behind ?value-missing', 'a fox in snow, --v 8.2 --s 50'],
    ['一只狐狸 --seed 雪 中', '?words-behind ?value-missing', '一只狐狸 雪 中'],
    ['a fox --sref red and blue --v 7', '?words-behind ?value-missing', 'a fox red and blue --v 7'],
    ['a fox --p in the snow', '?words-behind', 'a fox in the snow --p'],
    ['a fox --p abc1234 in the snow', '?words-behind', 'a fox in the snow --p abc1234'],
    ['a fox --sref 1234 in snow', '?words-behind', 'a fox in snow --sref 1234'],
    ['a fox --ar “16:9”', '?quoted', 'a fox --ar 16:9'],
    ['a fox --sref "1234"', '?quoted', 'a fox --sref 1234'],
    ['a fox --sref 123, 456,789 --v 7', '?commas', 'a fox --sref 123 456 789 --v 7'],
    ['a fox --sref https://e.org/a,b.png, 12', '?commas', 'a fox --sref https://e.org/a,b.png 12'],
    ['a fox --p abc12, m34', '?commas', 'a fox --p abc12 m34'],
    ['a fox --weird 1,000', '?commas', 'a fox --weird 1000'],
    ['a fox --s 5,000', '?commas out-of-range', 'a fox --s 1000'],
    ['a fox -ar 16:9', '?one-dash', 'a fox --ar 16:9'],
    ['a fox -- ar 16:9', '?one-dash', 'a fox --ar 16:9'],
    ['a fox - ar 16:9', '?one-dash', 'a fox --ar 16:9'],
    ['a fox -- s 100', '?one-dash', 'a fox --s 100'],
    ['a well--known, much--loved actor', 'flag-unknown', 'a well -- known, much -- loved actor'],
    ['a fox (--happy)', 'flag-unknown', 'a fox ( -- happy)'],
    ['--ar 16:9 a fox', '?words-behind', 'a fox --ar 16:9'],
    [
      'a fox --ar 16:9 https://e.org/a.png --iw 2 in snow',
      '?words-behind ?words-behind',
      'https://e.org/a.png a fox in snow --ar 16:9 --iw 2',
    ],
    [
      'https://e.org/1.png a fox --ar 1:1 https://e.org/2.png in snow --s 5 https://e.org/3.png at night',
      '?words-behind ?words-behind',
      'https://e.org/1.png https://e.org/2.png https://e.org/3.png a fox in snow at night --ar 1:1 --s 5',
    ],
    ['a fox --text', 'flag-unknown', 'a fox'],
    ['a fox --style cute --v 4', '?not-a-choice', 'a fox --v 4'],
    ['a fox —stlize 50', '?one-dash', 'a fox --stylize 50'],
    ['a fox --s 100 200', '?repeated', 'a fox --s 200'],
    ['a fox --s 100 4 hares', '?words-behind', 'a fox 4 hares --s 100'],
    ['a fox -s 100 -v 7', '?one-dash ?one-dash', 'a fox --s 100 --v 7'],
    ['a fox --s 100 --stylize 200', '?repeated', 'a fox --stylize 200'],
    ['a fox --v 7 --niji 6', '?repeated', 'a fox --niji 6'],
    ['a fox --ar 1:1 --ar 3:2 --ar 16:9', '?repeated', 'a fox --ar 16:9'],
    ['a fox --no a --no b', '?repeated', 'a fox --no a, b'],
    ['a fox --sref 1 --sref 2', '?repeated', 'a fox --sref 1 2'],
    ['a fox --raw --style raw --v 7', '?repeated', 'a fox --style raw --v 7'],
    ['a fox --no', '?value-missing', 'a fox'],
    ['a fox --ar', '?value-missing', 'a fox'],
    ['a fox --seed --v 7', '?value-missing', 'a fox --v 7'],
    ['a fox --no , --v 7', '?value-missing', 'a fox --v 7'],
    ['a fox --iw 2', 'needs-picture', 'a fox'],
    ['a fox --sw 100', '?needs-flag', 'a fox'],
    ['a fox --sv 4 --v 7', '?needs-flag', 'a fox --v 7'],
    ['a fox --cw 50 --v 6', '?needs-flag', 'a fox --v 6'],
    ['a fox --ow 50 --v 7', '?needs-flag', 'a fox --v 7'],
    ['a fox --sref red', '?not-a-style', 'a fox'],
    [`a fox --sref ${'9'.repeat(200)}`, '?not-a-style', 'a fox'],
    ['a fox --oref https://e.org/a.png --draft --v 7', 'excluded', 'a fox --oref https://e.org/a.png --v 7'],
    ['a fox --hd --sd --v 8.2', 'excluded', 'a fox --hd --v 8.2'],
    ['a fox --oref https://e.org/a.png --q 4 --v 7', 'excluded', 'a fox --oref https://e.org/a.png --v 7'],
    ['a fox --zoom 2', '?only-in-zooms', 'a fox'],
    ['a fox --motion high', 'only-in-videos', 'a fox'],
    ['a fox --loop --end https://e.org/b.png', 'only-in-videos only-in-videos', 'a fox'],
  ])(
    'in the way it is written: %s',
    (typed, found, corrected, context = {}, speed = context.speed ?? 'fast') => {
      const linted = lintTyped(typed, context);
      expect(codesOf(linted)).toBe(found);
      expect([linted.prompt, linted.speed]).toEqual([corrected, speed]);
    },
  );

  it.each<Wrong>([
    ['a fox --seed 5 --tile', 'not-at-provider not-at-provider', 'a fox', { kind: 'apixo' }],
    ['a fox --v 6', 'not-at-provider', 'a fox', { kind: 'apixo' }],
    ['a fox --niji 6', 'not-at-provider', 'a fox', { kind: 'apixo' }],
    ['a fox --s 5000', 'out-of-range', 'a fox --s 1000', { kind: 'apixo' }],
    ['hot::2 dog::-1 --no cat', 'not-at-provider ?no-weights', 'hot', { kind: 'apixo' }],
    ['it waves --ar 16:9 --v 8.2', 'not-in-videos not-in-videos', 'it waves', { action: 'video' }],
    ['it waves --motion fast', '?not-a-choice', 'it waves', { action: 'video' }],
    ['it waves --motion low --bs 3', 'not-a-choice', 'it waves --motion low --bs 2', { action: 'video' }],
    ['it waves --seed 5 --motion high', 'not-in-videos', 'it waves --motion high', { action: 'video' }],
    ['a hare --zoom 2 --v 8.2 --q 1', 'not-in-version', 'a hare --zoom 2 --v 8.2', { action: 'custom-zoom' }],
    ['add a hat --q 1 --v 8.2', 'not-in-version', 'add a hat --v 8.2', { action: 'edit' }],
    ['add a hat --s 5000', 'out-of-range', 'add a hat --s 1000', { action: 'edit' }],
    ['a fox —ar 16：9 —stlize 50', '?words-behind ?one-dash', 'a fox --stylize 50 --ar 16:9'],
    ['狐狸 －－ａｒ　２０：１ --v 8.2', 'too-wide', '狐狸 --ar 14:1 --v 8.2'],
  ])(
    'in what its account or its command turns down: %s',
    (typed, found, corrected, context = {}, speed = context.speed ?? 'fast') => {
      const linted = lintTyped(typed, context);
      expect(codesOf(linted)).toBe(found);
      expect([linted.prompt, linted.speed]).toEqual([corrected, speed]);
    },
  );
});
