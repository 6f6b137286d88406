import { describe, expect, it } from 'vitest';
import { toCsvLine } from '../../src/storage/csv.ts';

describe('a text in a table', () => {
  it.each([
    '=1+1',
    '=HYPERLINK("https://example.com","click")',
    '+1',
    '-1+2',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '\n=1',
    '  =1',
    '\u00a0=1',
    '\u200b=1',
    '\ufeff=1',
    '＝1+1',
    '＋1',
    '－1',
    '＠SUM(A1)',
  ])('is never a formula: %j', (text) => {
    const [field = ''] = toCsvLine([text]).split('\r\n,');
    expect(field.replace(/^"/u, '')).toMatch(/^'/u);
  });

  it.each([
    ['for the poster', 'for the poster'],
    ['100 = a fast imagine', '100 = a fast imagine'],
    ['a-b', 'a-b'],
    ['海报', '海报'],
    ['2026-11', '2026-11'],
    ['444444444444444444', '444444444444444444'],
    ['one, two', '"one, two"'],
    ['one; two', '"one; two"'],
    ['say "hi"', '"say ""hi"""'],
    ['two\nlines', '"two\nlines"'],
    ['', ''],
  ])('stays as it is: %j', (text, field) => {
    expect(toCsvLine([text])).toBe(`${field}\r\n`);
  });

  it('leaves numbers below 0 numbers, and shows nothing for nothing', () => {
    expect(toCsvLine([-100, 0, null, 'x'])).toBe('-100,0,,x\r\n');
  });
});
