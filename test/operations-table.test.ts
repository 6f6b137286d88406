import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { providerKinds } from '../src/config.ts';
import { followUpActions, startActions } from '../src/task.ts';
import {
  type Facts,
  isOffered,
  needsWordsForVideo,
  type Operation,
  type OperationName,
  operationNames,
  operations,
  readFacts,
  runsRelaxedAsFast,
} from './helpers/operations/table.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const section = readme.split('## What each API can do\n')[1]?.split('\n## ')[0] ?? '';
const [head = [], , ...rows] = section
  .split('\n')
  .filter((line) => line.startsWith('|'))
  .map((line) => line.split('|').slice(1, -1));

/** The footnotes under the table, by their marks. */
const notes = new Map(
  [...section.matchAll(/^([¹²³⁴⁵⁶⁷⁸⁹]) ([^¹²³⁴⁵⁶⁷⁸⁹]*)/gmu)].map(([, mark = '', text = '']) => [mark, text]),
);

/** For operators rather than for people. */
const services = { callbacks: 'callback', balance: 'balance' } as const;

function toCell(name: OperationName, facts: Facts): string {
  if (!isOffered(name, facts)) return '–';
  const { actions = [] }: Operation = operations[name];
  if (name === 'relax' && runsRelaxedAsFast(facts)) return '✓³';
  if (actions.some((action) => facts.local.has(action))) return '✓⁴';
  return name === 'video' && needsWordsForVideo(facts) ? '✓⁵' : '✓';
}

describe("the README's table of what each API can do", () => {
  it('says for every kind what its factory declares', async () => {
    const all = await Promise.all(providerKinds.map((kind) => readFacts(kind)));
    const expected = [
      ...operationNames.map((name) => [operations[name].label, ...all.map((facts) => toCell(name, facts))]),
      ...Object.entries(services).map(([label, method]) => [
        label,
        ...all.map(({ provider }) => (provider[method] === undefined ? '–' : '✓')),
      ]),
    ];
    expect(head.map((cell) => cell.replace(/[¹²]/u, '').trim())).toEqual([
      '',
      ...providerKinds.map((kind) => `\`${kind}\``),
    ]);
    expect(rows.map((cells) => cells.map((cell) => cell.trim()))).toEqual(expected);
  });

  it('has a row for every action', () => {
    const named = operationNames.flatMap((name) => {
      const { actions = [] }: Operation = operations[name];
      return actions;
    });
    expect(named.toSorted()).toEqual([...startActions, ...followUpActions].toSorted());
  });

  it('explains every mark that it uses, and no other', () => {
    const used = new Set([head, ...rows].flat().flatMap((cell) => cell.match(/[¹²³⁴⁵⁶⁷⁸⁹]/gu) ?? []));
    expect([...notes.keys()]).toEqual([...used]);
  });

  it('lists everything that the first generation of APIXO has', async () => {
    const facts = await readFacts('apixo', { apiGeneration: 'seed' });
    const offered = operationNames.filter((name) => isOffered(name, facts));
    const labels = offered.map((name) => operations[name].label);
    expect(notes.get('²')).toContain(
      `\`PROVIDER_<NAME>_API_GENERATION=seed\`: ${[...labels, 'callbacks', 'balance'].join(', ')}`,
    );
  });
});
