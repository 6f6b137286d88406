import type { Mutant } from '../mutant.ts';

const scan = { file: 'src/prompt/scan.ts', tests: ['test/prompt/scan.test.ts'] };
const spelling = { file: 'src/prompt/spelling.ts', tests: ['test/prompt/compose.test.ts'] };
const compose = { file: 'src/prompt/compose.ts', tests: ['test/prompt/compose.test.ts'] };

/** What is sent, and what it costs. */
export const prompts: readonly Mutant[] = [
  {
    ...scan,
    name: 'scan: the answer is not read',
    find: "new Set([prompt, answer ?? ''])",
    replace: 'new Set([prompt])',
    breaks: 'A window’s text brings flags that nobody priced.',
  },
  {
    ...scan,
    name: 'scan: invisible characters hide a flag',
    find: "new Set([plain.replace(unseen, ''), plain.replace(unseen, ' ')])",
    replace: 'new Set([plain])',
    breaks: 'A soft hyphen in `--re­peat` buys four jobs for one.',
  },
  {
    ...scan,
    name: 'scan: braces are closed by the first one',
    find: 'depth += 1;',
    replace: 'depth = 1;',
    breaks: 'What stands behind an inner brace is not a permutation.',
  },
  {
    ...scan,
    name: 'scan: flags need a space before them',
    find: '(?<![${dash}])(?<dashes>',
    replace: '(?<=^|\\\\s)(?<dashes>',
    breaks: '`fox,--repeat 4` is four jobs for the price of one.',
  },
  {
    ...scan,
    name: 'scan: a long dash is no flag',
    find: '{2,}|[${longDash}])(?<name>',
    replace: '{2,})(?<name>',
    breaks: '`fox —turbo` is turbo for the price of fast.',
  },
  {
    ...scan,
    name: 'scan: any quality is the usual one',
    find: 'return /^(?:0?\\.\\d+|1(?:\\.0+)?|\\.*)$/.test(number);',
    replace: 'return number.length < 4;',
    breaks: '`--q 4` takes four times the GPU for one price.',
  },
  {
    ...scan,
    name: 'scan: the default quality is refused',
    find: '|1(?:\\.0+)?|',
    replace: '|',
    breaks: '`--q 1` is refused although it costs nothing more.',
  },
  {
    ...scan,
    name: 'scan: a video flag passes with pictures',
    find: "return action === 'video' || /^(?:animate",
    replace: "return action === 'imagine' || action === 'video' || /^(?:animate",
    breaks: 'A video for the price of a picture.',
  },
  {
    ...scan,
    name: 'scan: names of files are not read',
    find: 'for (const { url, name } of named) requirePlainAddress(url, name);',
    replace: '',
    breaks: 'A file called `x--repeat 4.png` brings four jobs.',
  },
  {
    ...scan,
    name: 'scan: flags that nobody knows are let through',
    find: 'isPlain && !knownFlags.has(name)',
    replace: 'false && !knownFlags.has(name)',
    breaks: 'A flag that Midjourney adds tomorrow costs what it likes.',
  },
  {
    ...spelling,
    name: 'spelling: full-width letters stay',
    find: 'return ` --${spelled} `;',
    replace: 'return ` --${name} `;',
    breaks: '`－－ａｒ` is not taken for a flag.',
  },
  {
    ...spelling,
    name: 'spelling: digits of other scripts stay',
    find: '.replace(/\\p{Nd}/gu, toDigit)',
    replace: '',
    breaks: '`--ar ۱۶:۹` is refused.',
  },
  {
    ...compose,
    name: 'compose: of two speeds the first counts',
    find: "if (other !== undefined) throw new UserError('speed-twice'",
    replace: "if (false) throw new UserError('speed-twice'",
    breaks: 'Who types two speeds is not asked which one they mean.',
  },
  {
    ...compose,
    name: 'compose: the largest value of an option is refused',
    find: 'value <= most;',
    replace: 'value < most;',
    breaks: '`stylize: 1000`, which Discord offers, is refused.',
  },
  {
    ...compose,
    name: 'compose: a prompt of exactly the limit is too long',
    find: 'if (prompt.length > maxPromptLength) {',
    replace: 'if (prompt.length >= maxPromptLength) {',
    breaks: 'What the command lets people type is refused.',
  },
  {
    ...compose,
    name: 'zoom: a zoom of 2 is none',
    file: 'src/prompt/zoom.ts',
    find: 'value <= 2',
    replace: 'value < 2',
    breaks: 'The largest zoom that Midjourney takes is refused.',
  },
  {
    ...compose,
    name: 'zoom: a zoom of 1 is none',
    file: 'src/prompt/zoom.ts',
    find: 'value >= 1 &&',
    replace: 'value > 1 &&',
    breaks: 'The smallest zoom that Midjourney takes is refused.',
  },
];
