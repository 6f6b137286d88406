import { describe, it } from 'vitest';
import { providerKinds } from '../../src/config.ts';
import { commandTests } from '../helpers/operations/commands.ts';
import { pictureTests } from '../helpers/operations/pictures.ts';
import { expectNotOffered } from '../helpers/operations/refusals.ts';
import { type Stage, useStage } from '../helpers/operations/stage.ts';
import {
  isOffered,
  type OperationName,
  operationNames,
  operations,
  readFacts,
} from '../helpers/operations/table.ts';

/** What shows that an operation works: done as people do it, seen by what becomes of it and what it costs. */
const tests: Readonly<Record<OperationName, (stage: Stage) => Promise<void>>> = {
  ...pictureTests,
  ...commandTests,
};

const kinds = await Promise.all(providerKinds.map((kind) => readFacts(kind)));

describe.each(kinds)('$kind', (facts) => {
  const stage = useStage(facts);

  // At once, but for an API that takes one submit a second: people would wait for each other.
  const test = facts.traits.submitEveryMs === undefined ? it.concurrent : it;
  const offered = operationNames.filter((name) => isOffered(name, facts));
  const others = operationNames.filter((name) => !offered.includes(name));

  for (const name of offered) test(`✓ ${operations[name].label}`, () => tests[name](stage));

  // One after another: what another test submits would count.
  for (const name of others) it(`– ${operations[name].label}`, () => expectNotOffered(name, stage));
});
