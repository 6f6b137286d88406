import { describe, expect, it } from 'vitest';
import { english, wordsFor } from '../../src/locales/index.ts';
import { createWords } from '../../src/locales/words.ts';

const german = createWords(
  'de',
  {
    points: '{count, plural, one {# Punkt} other {# Punkte}}',
    'task.progress': '{bar} {progress, number, percent}',
    'button.check': 'Prüfen',
  },
  english,
);

describe('words', () => {
  it('are English for a language that nobody has translated', () => {
    for (const locale of ['en-US', 'tlh', '', 'constructor']) expect(wordsFor(locale)).toBe(english);
  });

  it('are English, number by number, where a language lacks a message', () => {
    expect(german.say('button.check')).toBe('Prüfen');
    expect(german.say('button.answer')).toBe('Answer');
    expect(german.say('more', { count: 1_234 })).toBe('and 1,234 more');
  });

  it('write numbers as their language does', () => {
    expect(english.say('points', { count: 1 })).toBe('1 point');
    expect(english.say('points', { count: 1_234 })).toBe('1,234 points');
    expect(german.say('points', { count: 1_234 })).toBe('1.234 Punkte');
    expect(english.say('task.progress', { bar: '▰', progress: 0.5 })).toBe('▰ 50%');
    expect(german.say('task.progress', { bar: '▰', progress: 0.5 })).toBe('▰ 50\u00a0%');
    expect([english.number(1_234_567), german.number(1_234_567)]).toEqual(['1,234,567', '1.234.567']);
  });

  it('never read what others wrote as a part of a message', () => {
    const hostile = "{count} {other, plural, one {} other {}} '{' <b>#</b> ''";
    expect(english.say('error.unpriced', { part: hostile, charge: hostile })).toBe(
      `This bot has no price for \`${hostile}\`. ${hostile} Please leave it out.`,
    );
  });

  it("leave Discord's own forms alone, which look like tags", () => {
    const words = createWords('de', { 'task.from': '<t:123:R> {message}' }, english);
    expect(words.say('task.from', { message: '<b>x' })).toBe('<t:123:R> <b>x');
    expect(english.say('error.person-left', { userId: '123' })).toBe(
      "<@123> isn't on this server. Nothing was changed.",
    );
  });

  it.each([
    [-5, '0s'],
    [0, '0s'],
    [499, '0s'],
    [500, '1s'],
    [59_499, '59s'],
    [59_500, '1m'],
    [60_000, '1m'],
    [185_000, '3m 5s'],
    [3_599_499, '59m 59s'],
    [3_599_500, '1h'],
    [3_660_000, '1h 1m'],
    [100 * 3_600_000, '100h'],
  ])('say how long %i ms are: %s', (milliseconds, text) => {
    expect(english.duration(milliseconds)).toBe(text);
  });

  it.each([
    [[], '', ''],
    [['a'], 'a', 'a'],
    [['a', 'b'], 'a and b', 'a or b'],
    [['a', 'b', 'c'], 'a, b, and c', 'a, b, or c'],
  ])('list %j', (items, and, or) => {
    expect([english.and(items), english.or(items)]).toEqual([and, or]);
  });

  it('list as their language does', () => {
    expect([german.and(['a', 'b', 'c']), german.or(['a', 'b'])]).toEqual(['a, b und c', 'a oder b']);
  });
});
