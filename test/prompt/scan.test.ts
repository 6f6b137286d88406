import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.ts';
import { type PricedRequest, requirePriced } from '../../src/prompt/scan.ts';
import type { Action } from '../../src/task.ts';

function refusalOf(prompt: string, action: Action = 'imagine', rest: Partial<PricedRequest> = {}) {
  try {
    requirePriced({ action, prompt, pictures: [], ...rest });
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

const speed = (flag: string) => new UserError('speed-in-prompt', { flag });
const count = (part: string) => new UserError('several-jobs', { part });
const unpriced = (part: string) => new UserError('unpriced', { part });
const unknown = (flag: string) => new UserError('flag-unknown', { flag });
const dashesOfTheIssue = [...'\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d'];

describe('what must not pass', () => {
  it.each([
    ['fox --turbo', speed('--turbo')],
    ['fox --FAST', speed('--fast')],
    ['fox —turbo', speed('--turbo')],
    ['fox ——turbo', speed('--turbo')],
    ['狐狸——turbo', speed('--turbo')],
    ['－－turbo', speed('--turbo')],
    ['－－ｔｕｒｂｏ', speed('--turbo')],
    ['--fast--turbo', speed('--fast')],
    ['--tile--turbo', speed('--turbo')],
    ['--tile --turbo', speed('--turbo')],
    ['a quick—fast fox', speed('--fast')],
    ['fox --no tree—turbo', speed('--turbo')],
    ['fox --no tree --turbo', speed('--turbo')],
    ['fox --faſt', speed('--fast')],
    ['fox --turbo-charged', speed('--turbo')],
    ['fox --turbo狐狸', speed('--turbo')],
    ['fox -\u200b-turbo', speed('--turbo')],
    ['fox -\u0301-tu\u0301rbo', speed('--turbo')],
    ['fox -\ufe0f-\ufe0fturbo', speed('--turbo')],
    ['fox --fast\u200bfox', speed('--fast')],
    ['ラーメンーーturbo', speed('--turbo')],
    ['fox -―turbo', speed('--turbo')],
    ['fox --sref https://e.org/a--turbo.png', speed('--turbo')],
    ['https://e.org/a.png--relax fox', speed('--relax')],
    ['fox — repeat —repeat 40', count('--repeat')],
    ['fox –r 40', count('--r')],
    ['fox --r4', count('--r')],
    ['fox,--repeat 4', count('--repeat')],
    ['fox--repeat 4', count('--repeat')],
    ['--re\u00adpeat 4', count('--repeat')],
    ['\ufe0f--repeat 4', count('--repeat')],
    ['\ufe0f-\u034f-\u2060repeat 4', count('--repeat')],
    ['{red, blue, green} fox', count('{red, blue, green}')],
    ['{red, blue {x}} fox', count('{red, blue {x}')],
    ['{{x} red, blue} fox', count('{{x} red, blue}')],
    ['{red, {blue} fox', count('{red, {blue}')],
    ['{red\\\u0308, blue}', count('{red\\\u0308, blue}')],
    ['｛red，blue｝', count('{red,blue}')],
    ['﹛red﹑blue﹜', count('{red、blue}')],
    ['{أحمر، أزرق}', count('{أحمر، أزرق}')],
    ['{red\\\\, blue}', count('{red\\\\, blue}')],
    ['fox {a --no b, c} x', count('{a --no b, c}')],
    ['fox --sref https://e.org/{1,2,3,4}.png', count('{1,2,3,4}')],
    ['fox --ar {1:1,3:2}', count('{1:1,3:2}')],
    ['fox --video', unpriced('--video')],
    ['fox --video 1 --bs 4', unpriced('--video 1')],
    ['fox —bs 4', unpriced('--bs 4')],
    ['fox --edit', unpriced('--edit')],
    ['fox--EDIT', unpriced('--edit')],
    ['fox --q 4', unpriced('--q 4')],
    ['fox --q4', unpriced('--q 4')],
    ['fox --q：４', unpriced('--q 4')],
    ['fox --quality=2', unpriced('--quality 2')],
    ['fox --q 1.5', unpriced('--q 1.5')],
    ['fox --q ٤', unpriced('--q ٤')],
    ['fox --q 1 --q 4', unpriced('--q 4')],
    ['fox --uhd', unknown('--uhd')],
    ['fox--uhd', unknown('--uhd')],
    ['fox －－uhd', unknown('--uhd')],
  ])('%j', (prompt, refusal) => {
    expect(refusalOf(prompt)).toEqual(refusal);
  });

  it.each(dashesOfTheIssue)('a flag after %s, in any number and mixture', (dash) => {
    for (const dashes of [dash, dash + dash, `-${dash}`, `${dash}-`, `${dash}\u200d${dash}`])
      for (const before of ['', ' ', 'x', '狐', ',', '."'])
        expect(refusalOf(`${before}${dashes}turbo`)?.code).toBe('speed-in-prompt');
  });

  it.each([
    '\u02d7',
    '\u2043',
    '\u2500',
    '\u2501',
    '\u2796',
    '\u30fc',
    '\uff70',
    '\u05be',
    '\u301c',
    '\u2e17',
  ])('a flag after two of %s, or one next to a hyphen', (dash) => {
    for (const dashes of [dash + dash, `-${dash}`, `${dash}-`, `${dash}\u0301${dash}`])
      expect(refusalOf(`fox${dashes}turbo`)?.code).toBe('speed-in-prompt');
    expect(refusalOf(`fox ${dash}turbo`)).toBeUndefined();
  });

  it.each(['\u2e3a', '\u2e3b', '\ufe31', '\ufe32'])('a flag after one %s', (dash) => {
    expect(refusalOf(`fox${dash}turbo`)?.code).toBe('speed-in-prompt');
  });

  it('an answer that was given before the question', () => {
    expect(refusalOf('fox', 'custom-zoom', { answer: 'fox --zoom 2 --turbo' })?.code).toBe('speed-in-prompt');
  });

  it('more of a video than the price covers', () => {
    expect(refusalOf('it waves --turbo --bs 4', 'video')?.code).toBe('speed-in-prompt');
    expect(refusalOf('it waves --bs 4', 'video')).toEqual(unpriced('--bs 4'));
    for (const action of ['video', 'edit'] as const) {
      expect(refusalOf('--oref https://e.org/a.png', action)).toEqual(unpriced('--oref'));
      expect(refusalOf('--hd', action)).toEqual(unpriced('--hd'));
    }
    for (const action of ['video', 'animate-high', 'extend-low', 'reroll-video', 'edit'] as const)
      expect(refusalOf('--draft', action)).toEqual(unpriced('--draft'));
  });

  it.each(['fox--turbo.png', 'fox——hd.png', '{a,b}.png', '--r.png'])('a file called %s', (name) => {
    const pictures = [{ url: `https://cdn.example/attachments/1/2/${name}?ex=1`, name }];
    for (const action of ['imagine', 'blend'] as const)
      expect(refusalOf('', action, { pictures })?.code).toBe('picture-name');
  });

  it.each([
    ['fox --turbo', speed('--turbo')],
    ['fox --repeat 4', count('--repeat')],
    ['fox --q 4', unpriced('--q 4')],
    ['{a, b}', count('{a, b}')],
  ])('%j in /shorten', (prompt, refusal) => {
    expect(refusalOf(prompt, 'shorten')).toEqual(refusal);
  });
});

describe('what must pass', () => {
  it.each([
    'a fox, fast, turbo',
    'a turbo-charged, high-quality fox - fast',
    'a quick fox — fast — in the snow',
    'a fox—its fur glowing—stands in snow',
    'un zorro —rojo y salvaje— en la nieve',
    '一只狐狸——红色，１６：９',
    '快——慢',
    '红——Apple手机',
    'スーパーHD画像、ラーメン',
    'SD〜HD',
    'a fabric—quality leather, 4 foxes',
    'a {red} fox, a {blue} hare',
    'a {red\\, green} fox',
    'a } red, green { fox',
    '{red, green',
    '{{red} {a, b',
    '{}, {}',
    'https://e.org/my--car.png a fox --sref https://e.org/a-fast--car.jpg 1234::2 random',
    'fox --ar 16:9 --v 7 --s 250 --c 5 --w 1 --q 1 --seed 42 --raw --tile --iw 2 --sw 300 --no people, text',
    'fox --q .5 --q 0.25 --quality 1.0 --stop 80 --exp 10 --sv 4 --cref https://e.org/a.png --cw 50',
    'fox --niji6 --v7 --ar16:9 --style raw --p abc --profile def --zoom 1.5 --stealth',
    'fox --draft --v 7',
    'fox --hd --v 8.2',
    'fox --oref https://e.org/a.png --ow 200 --v 7',
    '👩\u200d🎨 می\u200cخواهم --ar 3:2',
    'cafe\u0301 — noe\u0308l',
    '-- - --- ——',
    '--红 --1',
  ])('%s', (prompt) => expect(refusalOf(prompt)).toBeUndefined());

  it('--video in a video', () => {
    expect(refusalOf('it waves --video 1 --motion high --loop --end https://e.org/a.png', 'video')).toBe(
      undefined,
    );
  });

  it('an unknown flag, if nothing is generated', () => {
    expect(refusalOf('fox --uhd', 'shorten')).toBeUndefined();
  });

  it('showing a picture again, whatever its prompt', () => {
    expect(refusalOf('fox --edit', 'upscale')).toBeUndefined();
    expect(refusalOf('fox --edit', 'reroll', { copyOf: 'another' })).toBeUndefined();
    expect(refusalOf('fox --edit', 'reroll')).toEqual(unpriced('--edit'));
  });

  it.each(['fox.png', 'my--car.png', 'a-fast-turbo.png', '{a}.png'])('a file called %s', (name) => {
    expect(refusalOf('a fox', 'imagine', { pictures: [{ url: `https://e.org/${name}`, name }] })).toBe(
      undefined,
    );
  });

  it("a file with any name if it isn't part of a prompt", () => {
    const pictures = [{ url: 'https://e.org/a--turbo.png', name: 'a--turbo.png', isLink: true }];
    for (const action of ['describe', 'edit', 'video', 'swap'] as const)
      expect(refusalOf('', action, { pictures })).toBeUndefined();
  });
});
