import { describe, expect, it } from 'vitest';
import type { FindingDetails } from '../../src/errors.ts';
import { normalizePrompt } from '../../src/prompt/compose.ts';
import { type LintContext, lint } from '../../src/prompt/lint.ts';
import { models, unnumbered } from '../../src/prompt/models.ts';

/** How each version is written, and the column of Midjourney's tables that it's in. */
const versions = [
  ['--v 1', 'old'],
  ['--v 2', 'old'],
  ['--v 3', 'old'],
  ['--v 4', '4'],
  ['--niji 4', '4'],
  ['--v 5', '5'],
  ['--v 5.1', '5.1'],
  ['--v 5.2', '5.2'],
  ['--niji 5', 'niji 5'],
  ['--v 6', '6'],
  ['--v 6.1', '6'],
  ['--niji 6', '6'],
  ['--v 7', '7'],
  ['--niji 7', 'niji 7'],
  ['--v 8.1', '8'],
  ['--v 8.2', '8'],
] as const;
type Column = (typeof versions)[number][1];

const columns = ['old', '4', '5', '5.1', '5.2', 'niji 5', '6', '7', 'niji 7', '8'] as const;
/** In the order of {@link columns}. */
type Row = readonly [text: string, ...found: readonly string[]];

const picture = 'https://e.org/a.png';
const [fine, none, maybe] = ['', 'not-in-version', '?maybe-not-in-version'];
const [range, choice, ratio] = ['out-of-range', 'not-a-choice', 'too-wide'];

/**
 * Midjourney's tables (docs.midjourney.com, Parameter List, Version, Legacy Features and the pages of the parameters, read
 * 2026-11), line by line: what is found in a prompt with this in each version. A question mark is a doubt.
 */
const documented: readonly Row[] = [
  //                          old    4      5      5.1    5.2    niji 5 6      7      niji 7 8
  ['--ar 14:1', ...[fine, fine, fine, fine, fine, fine, fine, fine, fine, fine]],
  ['--ar 15:1', ...[fine, fine, fine, fine, fine, fine, ratio, ratio, ratio, ratio]],
  ['--ar 1.5:1', ...Array(10).fill('not-a-ratio')],
  ['--c 0', ...Array(10).fill(fine)],
  ['--chaos 100', ...Array(10).fill(fine)],
  ['--c 101', ...Array(10).fill(range)],
  ['--s 1000', ...Array(10).fill(fine)],
  ['--s 1001', ...[fine, range, range, range, range, range, range, range, range, range]],
  ['--w 3000', ...[maybe, maybe, fine, fine, fine, fine, fine, fine, fine, fine]],
  ['--weird 3001', ...[maybe, maybe, range, range, range, range, range, range, range, range]],
  ['--exp 100', ...[none, none, none, none, none, none, none, fine, maybe, fine]],
  ['--exp 101', ...[none, none, none, none, none, none, none, range, maybe, range]],
  ['--q .25', ...[maybe, fine, fine, fine, fine, fine, choice, choice, maybe, none]],
  ['--q .5', ...[maybe, fine, fine, fine, fine, fine, fine, choice, maybe, none]],
  ['--q 1', ...[maybe, fine, fine, fine, fine, fine, fine, fine, maybe, none]],
  ['--q 2', ...[maybe, choice, choice, choice, choice, choice, fine, fine, maybe, none]],
  ['--quality 4', ...[maybe, choice, choice, choice, choice, choice, choice, fine, maybe, none]],
  ['--seed 4294967295', ...Array(10).fill(fine)],
  ['--seed 4294967296', ...Array(10).fill(range)],
  ['--stop 10', ...[fine, fine, fine, fine, fine, fine, fine, none, none, none]],
  ['--stop 9', ...[range, range, range, range, range, range, range, none, none, none]],
  ['--tile', ...[maybe, maybe, fine, fine, fine, fine, fine, fine, maybe, fine]],
  [`${picture} --iw 0.2`, ...[fine, range, range, range, range, fine, fine, fine, fine, fine]],
  [`${picture} --iw 2`, ...Array(10).fill(fine)],
  [`${picture} --iw 3`, ...[fine, range, range, range, range, range, fine, fine, range, fine]],
  ['--iw 1', ...Array(10).fill('needs-picture')],
  ['--no a, b', ...Array(10).fill(fine)],
  ['--raw', ...[maybe, none, none, fine, fine, fine, fine, fine, maybe, fine]],
  ['--style raw', ...[maybe, `?${choice}`, none, fine, fine, fine, fine, fine, maybe, 'renamed']],
  [
    '--style cute',
    ...[maybe, `?${choice}`, none, `?${choice}`, fine, fine, `?${choice}`, `?${choice}`, maybe, none],
  ],
  ['hot::2 dog', ...[fine, fine, fine, fine, fine, fine, fine, 'no-weights', fine, 'no-weights']],
  ['--sref 1', ...[none, none, none, none, none, none, fine, fine, fine, fine]],
  ['--sref random --sw 1000', ...Array(6).fill(`${none} ${none}`), ...[fine, fine, fine, fine]],
  ['--sref 1 --sw 1001', ...Array(6).fill(`${none} ${none}`), ...[range, range, range, range]],
  ['--sref 1 --sv 4', ...Array(6).fill(`${none} ${none}`), ...[fine, fine, none, maybe]],
  ['--sref 1 --sv 6', ...Array(6).fill(`${none} ${none}`), ...[choice, fine, none, maybe]],
  ['--sref 1 --sv 5', ...Array(6).fill(`${none} ${none}`), ...[choice, 'style-version', none, maybe]],
  [`--sref ${picture} --sv 5`, ...Array(6).fill(`${none} ${none}`), ...[choice, fine, none, maybe]],
  [`--cref ${picture}`, ...[none, none, none, none, none, none, fine, 'renamed', none, 'use-command']],
  [`--oref ${picture}`, ...[none, none, none, none, none, none, none, fine, none, 'use-command']],
  [
    `--oref ${picture} --ow 1001`,
    ...[...Array(7).fill(`${none} ${none}`), range, `${none} ${none}`, 'use-command use-command'],
  ],
  [
    `--oref ${picture} --draft`,
    ...[...Array(7).fill(`${none} ${none}`), 'excluded', `${none} ${none}`, `use-command ${maybe}`],
  ],
  ['--edit', ...[none, none, none, none, none, none, none, none, none, fine]],
  ['--p', ...[none, none, none, none, none, none, fine, fine, fine, fine]],
  ['--profile abc m12', ...[none, none, none, none, none, none, fine, fine, fine, fine]],
  ['--draft', ...[none, none, none, none, none, none, none, fine, none, maybe]],
  ['--hd', ...[none, none, none, none, none, none, none, none, none, fine]],
  ['--sd', ...[none, none, none, none, none, none, none, none, none, fine]],
  ['--hd --ar 4:1', ...[none, none, none, none, none, none, none, none, none, fine]],
  ['--hd --ar 5:1', ...[none, none, none, none, none, none, none, none, none, 'too-wide-in-hd']],
  ['--stealth', ...Array(10).fill(fine)],
  ['--motion low', ...Array(10).fill('only-in-videos')],
  ['--zoom 2', ...Array(10).fill('?only-in-zooms')],
];

/** What no version takes, whichever it is. */
const everywhere: Partial<Record<keyof FindingDetails, string>> = {
  'flag-misspelled': '--chaso 5',
  'flag-unknown': '--uhd',
  'words-behind': '--no a --c 5 in snow',
  quoted: '--c “5”',
  commas: '--seed 1,000',
  repeated: '--c 5 --chaos 6',
  'value-missing': '--ar',
  'not-a-number': '--c high',
};

const usual: LintContext = { action: 'imagine', speed: 'fast', pictures: 0 };
const codesOf = (prompt: string, context = usual) =>
  lint(prompt, context).findings.map(({ code, isCertain }) => (isCertain ? code : `?${code}`));

/** That nothing is left to find is what people pay for. */
function expectCorrected(prompt: string, context = usual): void {
  const { prompt: corrected, speed } = lint(prompt, context);
  expect(codesOf(corrected, { ...context, speed })).toEqual([]);
}

describe.each(versions)('%s', (version, column: Column) => {
  it.each(
    documented.map(([text, ...found]) => [text, found[columns.indexOf(column)] ?? 'no column'] as const),
  )('with %s has %j', (text, found) => {
    const isText = !text.startsWith('--');
    const typed = [
      isText ? text.replace(/ --.*/u, '') : 'a fox',
      version,
      isText ? / --.*/u.exec(text)?.[0] : text,
    ];
    const prompt = normalizePrompt(typed.join(' '));
    expect(codesOf(prompt).toSorted()).toEqual(found.split(' ').filter(Boolean).toSorted());
    expectCorrected(prompt);
  });

  it.each(Object.entries(everywhere))('finds %s', (code, text) => {
    const prompt = normalizePrompt(`a fox ${version} ${text}`);
    expect(codesOf(prompt).map((found) => found.replace('?', ''))).toContain(code);
    expectCorrected(prompt);
  });

  it('has turbo, unless it is version 8', () => {
    const context = { ...usual, speed: 'turbo' } as const;
    expect(codesOf(`a fox ${version}`, context)).toEqual(column === '8' ? ['no-turbo'] : []);
    expectCorrected(`a fox ${version}`, context);
  });

  it('is taken by APIXO only if it is version 7', () => {
    const context = { ...usual, kind: 'apixo' };
    expect(codesOf(`a fox ${version}`, context)).toEqual(column === '7' ? [] : ['not-at-provider']);
  });

  it('is no version of a video', () => {
    expect(codesOf(`it waves ${version}`, { ...usual, action: 'video' })).toEqual(['not-in-videos']);
  });
});

describe('the versions of these tests', () => {
  it('are all that there are', () => {
    const known = models.filter(({ goneSince }) => goneSince === undefined).map(({ flag }) => flag);
    expect(versions.map(([version]) => version as string).toSorted()).toEqual(known.toSorted());
    expect(documented.filter(([, ...found]) => found.length !== columns.length)).toEqual([]);
  });

  it.each(unnumbered)('$name is only told what no version takes', ({ flag }) => {
    for (const text of ['--q 2', '--hd', '--tile', '--draft', '--raw'])
      expect(
        codesOf(normalizePrompt(`a fox ${flag} ${text}`)).filter((code) => !code.startsWith('?')),
      ).toEqual(flag === '--preview' || !['--hd', '--draft'].includes(text) ? [] : [none]);
    expect(codesOf(normalizePrompt(`a fox ${flag} --c 101`))).toEqual([range]);
  });
});
