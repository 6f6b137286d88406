import { isPluralElement } from '@formatjs/icu-messageformat-parser';
import { describe, expect, it } from 'vitest';
import en from '../../src/locales/en.json' with { type: 'json' };
import { argumentsOf } from '../../src/locales/generate.ts';
import { translations } from '../../src/locales/index.ts';
import { listBranches, listRenderings, sampleText } from './renderings.ts';

type Patterns = Readonly<Record<string, string>>;

const english: Patterns = en;
const languages: readonly [string, Patterns][] = [
  ['en-US', english],
  ...[...translations].map(([locale, catalog]): [string, Patterns] => [locale, { ...catalog }]),
];

/** How long Discord lets each kind of text be, in UTF-16 code units, for what doesn't hold others' words. */
const limits: readonly [RegExp, number][] = [
  [/^command\.[a-z-]+\.name$/, 32],
  [/^command\./, 100],
  [/^button\.keep-style$/, 45],
  [/^button\./, 80],
  [/^window\.(?:(?:answer|change)-title|prompt|region|mask|pictures?|change|edit-mask)$/, 45],
  [/^window\./, 100],
  [/^action\./, 45],
  [/^preferences\.(?:title|options|hint\.name)$/, 45],
  [/^preference\.(?:version|aspect|speed|suffix)$/, 45],
  [/^(?:preferences\.(?:hint|option)|preference|speed|aspect)\./, 100],
  [/^list\.remove$/, 150],
  [/^(?:account|history|quota|queue|accounts|help)\.title$/, 256],
  [/^(?:list\.title\..*|words\.corrected|preferences\.(?:presets|codes))$/, 256],
  [/^(?:card\..*|help\.(?:menu|buttons|points|more))$/, 256],
  [/^help\./, 1_024],
];

/** Arguments that stand between backticks, where nothing of others' words is formatted. */
function quotedArguments(pattern: string): string[] {
  const quotes = pattern.split('`').filter((_, index) => index % 2 === 1);
  return quotes.flatMap((quote) => [...quote.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name)).sort();
}

/** Everything that's wrong with a message: a translator reads it. */
function listProblems(locale: string, key: string, pattern: string): string[] {
  const original = english[key];
  if (original === undefined) return ['English has no such key'];
  if (/'(?=['{}<>#|])/.test(pattern)) return ["an apostrophe before {, }, <, >, #, | or ' hides it: use ’"];
  const problems: string[] = [];
  const [expected, found] = [argumentsOf(original), argumentsOf(pattern)].map((one) => [...one].join(' '));
  if (found !== expected) problems.push(`its arguments are ${found}, not ${expected}`);
  if (String(quotedArguments(pattern)) !== String(quotedArguments(original)))
    problems.push('other arguments stand between backticks than in English');
  for (const branch of listBranches(pattern).filter(isPluralElement)) {
    const type = branch.pluralType ?? 'cardinal';
    const forms = new Intl.PluralRules(locale, { type }).resolvedOptions().pluralCategories;
    const missing = forms.filter((form) => branch.options[form] === undefined);
    if (missing.length > 0) problems.push(`{${branch.value}} lacks the plural forms ${missing.join(', ')}`);
  }
  const limit = limits.find(([keys]) => keys.test(key))?.[1] ?? 2_000;
  for (const text of listRenderings(locale, pattern)) {
    const own = text.replaceAll(sampleText, '');
    if (text !== text.trim() || text === '' || /\s\s/.test(text)) problems.push(`blanks: "${text}"`);
    if (/[{}]|undefined|NaN|\[object/.test(own)) problems.push(`leftovers: "${text}"`);
    if (own.length > limit) problems.push(`longer than ${limit}: "${text}"`);
  }
  return problems;
}

describe.each(languages)('%s', (locale, catalog) => {
  it('has every message', () => {
    expect(Object.keys(english).filter((key) => catalog[key] === undefined)).toEqual([]);
  });

  it.each(Object.entries(catalog))('says with every branch what Discord can show: %s', (key, pattern) => {
    expect(listProblems(locale, key, pattern)).toEqual([]);
  });
});

describe('a translation with a mistake', () => {
  it.each([
    ['a key that nobody uses', 'error.none', 'x', 'English has no such key'],
    ['an argument less', 'task.from', 'Von hier', 'its arguments are , not message,string'],
    [
      'another argument',
      'task.from',
      'Von {nachricht}',
      'its arguments are nachricht,string, not message,string',
    ],
    ['a number that is text', 'more', 'und {count} mehr', 'its arguments are count,string, not count,number'],
    ['words of others without a quote', 'seed', '{seed} `{seed}`', 'other arguments stand between backticks'],
    ['a French apostrophe', 'task.from', "De l'{message}", 'use ’'],
    ['a blank too many', 'speed.fast', 'Schnell ', 'blanks'],
    ['nothing', 'speed.fast', '', 'blanks'],
    ['too long a label', 'button.check', 'x'.repeat(81), 'longer than 80'],
    ["too long a name in a message's menu", 'command.edit-image.name', 'x'.repeat(33), 'longer than 32'],
    ['too long a label in a window', 'window.edit-mask', 'x'.repeat(46), 'longer than 45'],
    ['too long a hint in a window', 'window.edit-mask-hint', 'x'.repeat(101), 'longer than 100'],
    [
      "too long a button that is a window's title, too",
      'button.keep-style',
      'x'.repeat(46),
      'longer than 45',
    ],
    ['too long a label of a preference', 'preference.aspect', 'x'.repeat(46), 'longer than 45'],
    ['too long a title', 'list.title.mine', 'x'.repeat(257), 'longer than 256'],
  ])('is found: %s', (_what, key, pattern, problem) => {
    expect(String(listProblems('de', key, pattern))).toContain(problem);
  });

  it('is found: a plural form too few', () => {
    const pattern = '{count, plural, one {# punkt} other {# punktów}}';
    expect(listProblems('pl', 'points', pattern)).toEqual(['{count} lacks the plural forms few, many']);
    const whole = '{count, plural, one {# punkt} few {# punkty} many {# punktów} other {# punktu}}';
    expect(listProblems('pl', 'points', whole)).toEqual([]);
  });
});

describe('the renderings of a message', () => {
  it('go through every branch', () => {
    const pattern = '{count, plural, =0 {none} one {#} other {many}} {what, select, a {A} other {B}}';
    expect(listRenderings('en-US', pattern)).toEqual([
      'none A',
      'none B',
      '1 A',
      '1 B',
      'many A',
      'many B',
      'many A',
      'many B',
    ]);
  });
});
