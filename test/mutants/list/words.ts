import type { Mutant } from '../mutant.ts';

const words = { file: 'src/locales/words.ts', tests: ['test/locales/words.test.ts'] };
const error = { file: 'src/discord/render/error.ts', tests: ['test/discord/render/error.test.ts'] };

/** What people read, in their language. */
export const sentences: readonly Mutant[] = [
  {
    ...words,
    name: 'words: a message that is missing has no English',
    find: 'return english?.say(key, ...values) ?? key;',
    replace: 'return key;',
    breaks: 'People read keys wherever a translation lags behind.',
  },
  {
    ...words,
    name: 'words: timestamps are read as tags',
    find: 'ignoreTag: true',
    replace: 'ignoreTag: false',
    breaks: 'A message with a timestamp in it fails.',
  },
  {
    ...words,
    name: 'words: every language writes numbers as English does',
    find: 'new Intl.NumberFormat(locale, options as',
    replace: "new Intl.NumberFormat('en-US', options as",
    breaks: 'A German reads 1,234 as hardly more than one.',
  },
  {
    ...words,
    name: 'words: no time at all is nothing',
    find: 'all === 0 ? formats.nothing() : formats.usual()',
    replace: 'formats.usual()',
    breaks: 'A queue says that a task has been waiting for, and stops there.',
  },
  {
    ...words,
    name: 'words: percentages share the format of other numbers',
    find: 'const key = JSON.stringify(options ?? {});',
    replace: "const key = '';",
    breaks: 'Progress is shown as 0.5.',
  },
  {
    ...error,
    name: 'error: what people typed is shown as it is',
    find: 'const escaped = escapeDetails(details);',
    replace: 'const escaped = details;',
    breaks: 'A refusal shows links and mentions that somebody has typed.',
  },
  {
    ...error,
    name: 'error: a list of accounts has no end',
    find: 'names.slice(0, mostListed)',
    replace: 'names',
    breaks: 'An operator with many accounts reads a sentence that is cut off.',
    tests: ['test/discord/render/accounts.test.ts'],
  },
];
