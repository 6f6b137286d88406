import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toLabel, toPlain, toPromptQuote, toQuote } from '../../../src/discord/render/foreign-text.ts';

const family = '👨\u200d👩\u200d👧\u200d👦';
/** From its first isolate to its end, as it may appear among our words. */
const isolated = (text: string) => `\u2068${text}\u2069`;

describe('toQuote', () => {
  it.each([
    'a fox in snow, <b>“quoted”</b> **bold** [x](y) @everyone',
    'हिन्दी में क्\u200dष',
    'সাদা শিয়াল',
    'ශ්\u200dරී ලංකා',
    'สุนัขจิ้งจอก',
    'cafe\u0301',
    '눈 속의 여우',
    '一只狐狸，在雪中：「红」——１６：９',
    '雪の中の狐。〜ー',
    `${family} 🏳️\u200d🌈 🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} 🇩🇪 1️⃣ 👍🏽 ❤︎`,
  ])('shows unchanged: %s', (text) => {
    expect(toQuote(text, 100)).toBe(text);
  });

  it.each(['می\u200cخواهم یک روباه', 'שועל אדום', 'ثَعْلَبٌ أحمر 3 foxes', 'ܬܥܠܐ', '𞤀𞤣𞤤𞤢𞤥', 'fox ثعلب'])(
    'shows unchanged, without reversing the text around it: %s',
    (text) => {
      expect(toQuote(text, 100)).toBe(isolated(text));
    },
  );

  it.each([
    ['ends of the quote', '`@everyone` ```', 'ˋ@everyoneˋ ˋˋˋ'],
    ['other lines', 'a\n# fox\r\n> b', 'a # fox > b'],
    ['another direction', 'fox\u202egnp.exe', 'foxgnp.exe'],
    ['an end of an isolate', '\u2069שועל\u2069\u202c', isolated('שועל')],
    ['hidden words', 'a\u{e0068}\u{e0069}\u200bb', 'ab'],
    ['control characters', 'a\u0000\u001bb', 'a b'],
    ['halves of characters', 'a\ud83d', 'a'],
  ])('shows nothing that deceives: %s', (_what, text, shown) => {
    expect(toQuote(text, 100)).toBe(shown);
  });

  it('cuts between characters', () => {
    expect(toQuote('👩👩👩', 5)).toBe('👩👩…');
    expect(toQuote(family.repeat(3), 30)).toBe(`${family.repeat(2)}…`);
    expect(toQuote('हिन्दी', 5)).toBe('हि…');
    expect(toQuote('שועל אדום', 8)).toBe(isolated('שועל …'));
  });

  it('stays within its limit, and closes every isolate', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom(...'aש`\u2068🦊') })),
        fc.integer({ min: 3, max: 40 }),
        (text, limit) => {
          for (const show of [toQuote, toLabel]) {
            const shown = show(text, limit);
            expect(shown.length).toBeLessThanOrEqual(limit);
            expect(shown).toMatch(/^(\u2068[^\u2066-\u2069]*\u2069|[^\u2066-\u2069]*)$/u);
          }
        },
      ),
    );
  });
});

describe('toPromptQuote', () => {
  it.each([
    ['ثعلب أحمر --ar 16:9 --v 7', `${isolated('ثعلب أحمر')} --ar 16:9 --v 7`],
    ['شועל', isolated('شועל')],
    ['--ar 16:9', '--ar 16:9'],
    ['a fox --no ثعلب', 'a fox --no ثعلب'],
    ['a fox --ar 16:9', 'a fox --ar 16:9'],
  ])('keeps the flags of %s from left to right', (prompt, shown) => {
    expect(toPromptQuote(prompt, 100)).toBe(shown);
  });

  it.each([
    ['a `fox`', 'a ˋfoxˋ'],
    ['``` # heading', 'ˋˋˋ # heading'],
    ['a fox --no ```', 'a fox --no ˋˋˋ'],
    ['```\n@everyone\n```', 'ˋˋˋ @everyone ˋˋˋ'],
  ])("can't be ended by backticks: %j", (prompt, shown) => {
    expect(toPromptQuote(prompt, 100)).toBe(shown);
  });

  it('is as long as allowed, and no longer', () => {
    for (const length of [99, 100, 101]) {
      const shown = toPromptQuote('x'.repeat(length), 100);
      expect(shown).toBe(length > 100 ? `${'x'.repeat(99)}…` : 'x'.repeat(length));
    }
  });
});

describe('toLabel', () => {
  it('keeps backticks, which mean nothing there', () => {
    expect(toLabel('a `fox`', 100)).toBe('a `fox`');
  });
});

describe('toPlain', () => {
  it('escapes what Discord would format, link or ping', () => {
    expect(toPlain('**a** [x](https://e.example) <@1> @here ||b||', 100)).toBe(
      '\\*\\*a\\*\\* \\[x\\]\\(https\\://e\\.example\\) \\<\\@1\\> \\@here \\|\\|b\\|\\|',
    );
  });

  it.each(['狐，雪：红！', 'क्\u200dष', family])('leaves %s', (text) => {
    expect(toPlain(text, 100)).toBe(text);
  });
});
