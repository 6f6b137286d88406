import { describe, expect, it } from 'vitest';
import { drawsStyle, readStyleCodes } from '../../src/prompt/style-codes.ts';

describe('a prompt', () => {
  it.each([
    'a fox --sref random',
    'a fox --SREF Random --ar 16:9',
    'a fox --sref 12 random::2',
    'a fox --v 7 --sref random',
  ])('draws a style: %s', (prompt) => expect(drawsStyle(prompt)).toBe(true));

  it.each([
    'a fox',
    'a random fox',
    'a fox --sref 12',
    'a fox --no random',
    'a fox --sref 12 --no random',
    '',
  ])('draws no style: %s', (prompt) => expect(drawsStyle(prompt)).toBe(false));

  it.each([
    ['a fox --sref 2213253170', '2213253170'],
    ['a fox --sref 12 34::2 --ar 16:9', '12 34::2'],
    ['a fox --v 7 --sref 12', '12'],
    ['a fox --sref random', undefined],
    ['a fox --sref https://e.org/1.png 12', undefined],
    ['a fox --sref', undefined],
    ['a fox --sref 1234567890123', undefined],
    [`a fox --sref ${Array(50).fill('1234').join(' ')}`, undefined],
    ['a fox 12', undefined],
  ])('has the style codes: %s', (prompt, codes) => expect(readStyleCodes(prompt)).toBe(codes));
});
