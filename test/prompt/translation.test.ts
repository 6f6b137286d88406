import { describe, expect, it } from 'vitest';
import { joinTranslation, splitForTranslation } from '../../src/prompt/translation.ts';

describe('the parts of a prompt', () => {
  it.each([
    ['words', '一只狐狸', '', '一只狐狸', ''],
    ['words and flags', '一只狐狸 --ar 16:9 --no 树', '', '一只狐狸', '--ar 16:9 --no 树'],
    ['flags', '--ar 16:9', '', '', '--ar 16:9'],
    ['an address', 'https://a.example/1.png', 'https://a.example/1.png', '', ''],
    [
      'addresses, words and flags',
      'https://a.example/1.png http://b.example/2.png 狐狸 --iw 2',
      'https://a.example/1.png http://b.example/2.png',
      '狐狸',
      '--iw 2',
    ],
    ['an address in the words', '狐狸 https://a.example/x', '', '狐狸 https://a.example/x', ''],
    ['dashes in the words', 'ein Fuchs--Bau -- hier', '', 'ein Fuchs--Bau -- hier', ''],
    ['nothing', '', '', '', ''],
  ])('are found: %s', (_, prompt, links, words, flags) => {
    expect(splitForTranslation(prompt)).toEqual({ links, words, flags });
  });
});

describe('a translation', () => {
  const parts = splitForTranslation('https://a.example/1.png 一只狐狸 --ar 16:9');
  const whole = (words: string) => `https://a.example/1.png ${words} --ar 16:9`;

  it.each([
    ['words', 'a fox'],
    ['a dash', 'a fox — red, in the snow - quiet'],
    ['a dash without spaces', 'a fox—red as fire'],
    ['weights', 'a fox::2 snow::1'],
    ['braces', 'a {red} fox'],
    ['other letters', 'ein Fuchs, 狐狸'],
    ['a number of dashes', 'rows of ----- and 1--2'],
  ])('is put in place of the words: %s', (_, words) => {
    expect(joinTranslation(parts, words)).toBe(whole(words));
  });

  it('is one clean line', () => {
    expect(joinTranslation(parts, ' a\u202e fox\n\nin\tsnow\u200b ')).toBe(whole('a fox in snow'));
  });

  it.each([
    ['nothing', ' \n'],
    ['a speed', 'a fox --turbo'],
    ['a speed in front', '--turbo a fox'],
    ['a speed after another dash', 'a fox —turbo'],
    ['a speed in full-width letters', 'a fox －－ｔｕｒｂｏ'],
    ['a speed with something invisible in it', 'a fox --tur\u200bbo'],
    ['several jobs', 'a fox --repeat 4'],
    ['a permutation', 'a {red, green} fox'],
    ['another version', 'a fox --v 5'],
    ['a style that costs more', 'a fox --sref 123'],
    ['a flag without a value', 'a fox --tile'],
    ['a flag that nobody knows', 'a fox --sparkle'],
    ['a large picture', 'a fox --hd'],
    ['too much', 'fox '.repeat(1_000)],
  ])('is not used if it asks for something else: %s', (_, words) => {
    expect(joinTranslation(parts, words)).toBeUndefined();
  });
});
