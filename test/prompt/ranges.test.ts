import { describe, expect, it } from 'vitest';
import { lint } from '../../src/prompt/lint.ts';

/** What is certainly wrong with a number in it. */
function refusal(prompt: string): string | undefined {
  const { findings } = lint(prompt, { action: 'imagine', speed: 'fast', pictures: 1 });
  return findings.find(({ code, isCertain }) => code === 'out-of-range' && isCertain)?.code;
}

describe('numbers in a prompt', () => {
  it.each([
    'a fox --s 1001',
    'a fox --stylize 5000',
    'a fox --c 101',
    'a fox --chaos 1000 --v 7',
    'a fox --w 3001',
    'a fox --weird 9999',
    'a fox --seed 4294967296',
    'a fox --iw 4',
    'a fox --iw 2.5 --v 5.2',
    'a fox --iw 0.1 --niji 5',
    'a fox --niji 7 --iw 2.1',
    'a fox --sw 1001',
    'a fox --exp 101',
    'a fox --stop 5 --v 6',
    'a fox --stop 101',
    'a fox --cw 101 --v 6',
    'a fox --ow 0 --v 7',
    'a fox --iw 2.5 --v 5',
    'a fox --iw 0.1 --v 5.1',
    'a fox --s 1001 --v 4',
    'a fox --s 60001 --v 3',
    'a fox --c 101 --v 3',
  ])('are refused before anything is charged: %s', (prompt) => {
    expect(refusal(prompt)).toBe('out-of-range');
  });

  it.each([
    'a fox',
    'a fox --s 0 --c 0 --w 0 --seed 0',
    'a fox --s 1000 --c 100 --w 3000 --seed 4294967295',
    'a fox --iw 3',
    'a fox --iw 3 --v 6.1',
    'a fox --iw 3 --v 8.2',
    'a fox --iw 2 --v 5.2',
    'a fox --niji 6 --iw 2.5',
    'a fox --iw 0.2 --niji 5',
    'a fox --s',
    'a fox --s high',
    'a fox --seed 1.2.3',
    'a fox --ar 5000:1000',
    'from 1001 to 9999 foxes',
    'a fox with 5000 friends --no 2000',
    'https://e.org/a--s-5000.png a fox',
    'a fox — stop 5 times',
  ])('are left to Midjourney: %s', (prompt) => {
    expect(refusal(prompt)).toBeUndefined();
  });

  /** The ends of each documented range: docs.midjourney.com, Parameter List and Legacy Features. */
  const everyVersion = ['--chaos 0', '--c 100', '--seed 0', '--seed 4294967295', '--stop 10', '--stop 100'];
  const since5 = [...everyVersion, '--stylize 0', '--s 1000', '--weird 0', '--w 3000'];
  const since6 = [...since5, '--sw 0', '--sw 1000', '--cw 0', '--cw 100', '--iw 0', '--iw 3'];
  const since7 = [...since6, '--exp 0', '--exp 100', '--ow 1', '--ow 1000'];
  const documented: readonly (readonly [version: string, numbers: readonly string[]])[] = [
    ['', [...since7, '--iw .5']],
    ...['--v 8.2', '--v 8.1', '--version 7', '--v 7'].map((version) => [version, since7] as const),
    ...['--v 6.1', '--v 6', '--niji 6'].map((version) => [version, since6] as const),
    ['--niji 7', [...since5, '--sw 0', '--sw 1000', '--iw 0', '--iw 2']],
    ...['--v 5.2', '--v 5.1', '--v 5'].map(
      (version) => [version, [...since5, '--iw 0.5', '--iw .5', '--iw 2']] as const,
    ),
    ['--niji 5', [...since5, '--iw 0.2', '--iw 2']],
    ...['--v 4', '--niji 4'].map((version) => [version, [...everyVersion, '--s 0', '--s 1000']] as const),
    ...['--v 3', '--v 2', '--v 1'].map(
      (version) =>
        [
          version,
          [...everyVersion, '--s 625', '--stylize 2500', '--s 60000', '--iw 10000', '--iw -10000'],
        ] as const,
    ),
    ...['--test', '--testp'].map((version) => [version, [...everyVersion, '--s 1250', '--s 5000']] as const),
  ];

  it.each(documented)('pass up to both ends of the ranges of %j', (version, numbers) => {
    for (const number of numbers) {
      const prompts = [`a fox ${version} ${number}`, `a fox ${number} ${version}`];
      expect(prompts.map(refusal), number).toEqual([undefined, undefined]);
    }
  });
});
