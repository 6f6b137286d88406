import { describe, expect, it } from 'vitest';
import { takeFitting } from '../../../src/discord/render/embed.ts';

describe('lines that are taken as long as they fit', () => {
  it.each([
    [[], 5, ''],
    [['ab'], 5, 'ab'],
    [['ab', 'cd'], 5, 'ab\ncd'],
    [['ab', 'cd'], 4, 'ab'],
    [['ab', 'cde', 'f'], 5, 'ab'],
  ])('are those of %j within %i characters', (lines, limit, text) => {
    expect(takeFitting(lines, limit)).toBe(text);
  });
});
