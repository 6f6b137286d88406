import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { mutants } from './list.ts';
import { applyMutant, type Mutant, MutantError, mutate } from './mutant.ts';
import { isFine, judge, type Verdict } from './report.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('the list of mutants', () => {
  it.each(mutants.map((mutant) => [mutant.name, mutant] as const))('still fits: %s', (_, mutant) => {
    expect(mutate(root, mutant)).toContain(mutant.replace);
    expect(mutant.find).not.toBe(mutant.replace);
    expect(mutant.tests).not.toEqual([]);
    if (mutant.meansNothing === undefined)
      for (const file of mutant.tests) expect(existsSync(join(root, file)), file).toBe(true);
  });

  it('names each of them once', () => {
    const names = mutants.map(({ name }) => name);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});

describe('a mutant', () => {
  const mutant: Mutant = {
    name: 'a name',
    file: 'a.ts',
    find: 'a < b',
    replace: '$& a > b',
    breaks: 'The order.',
    tests: ['a.test.ts'],
  };

  it('is put in as it is written', () => {
    expect(applyMutant('if (a < b) go();', mutant)).toBe('if ($& a > b) go();');
  });

  it.each([
    ['nowhere', 'if (a > b) go();'],
    ['in two places', 'if (a < b || a < b) go();'],
  ])('is refused if its place is found %s', (_, text) => {
    expect(() => applyMutant(text, mutant)).toThrow(MutantError);
  });

  it('is refused if its file is gone', () => {
    expect(() => mutate(root, mutant)).toThrow(MutantError);
  });
});

describe('what a run says', () => {
  const reportOf = (...files: string[][]) => ({
    numPassedTests: files.flat().filter((status) => status === 'passed').length,
    testResults: files.map((statuses) => ({
      assertionResults: statuses.map((status, index) => ({ status, fullName: `test ${index}` })),
    })),
  });

  it.each<[string, Parameters<typeof judge>[0], Verdict, boolean]>([
    ['a test that fails', reportOf(['passed'], ['passed', 'failed']), 'caught', true],
    ['tests that never end', undefined, 'caught', true],
    ['tests that all pass', reportOf(['passed'], ['passed', 'skipped']), 'SURVIVED', false],
    ['a file that cannot be loaded', reportOf(['passed'], []), 'BROKEN', false],
    ['tests that are all skipped', reportOf(['skipped']), 'BROKEN', false],
    ['no file at all', reportOf(), 'BROKEN', false],
  ])('of %s', (_, report, verdict, isGood) => {
    expect(judge(report).verdict).toBe(verdict);
    expect(isFine(judge(report))).toBe(isGood);
  });
});
