import { describe, it } from 'vitest';
import { providerKinds } from '../../src/config.ts';
import { commandTests } from '../helpers/operations/commands.ts';
import { pictureTests } from '../helpers/operations/pictures.ts';
import { expectNotOffered } from '../helpers/operations/refusals.ts';
import { type Stage, useStage } from '../helpers/operations/stage.ts';
import {
  type Facts,
  isOffered,
  type OperationName,
  operationNames,
  operations,
  readFacts,
} from '../helpers/operations/table.ts';

/** How we know that an operation works: it's done the way people do it, and its result and its cost are checked. */
const tests: Readonly<Record<OperationName, (stage: Stage) => Promise<void>>> = {
  ...pictureTests,
  ...commandTests,
};

const isSlow = ({ traits }: Facts) => traits.submitEveryMs !== undefined;
const kinds = await Promise.all(providerKinds.map((kind) => readFacts(kind)));

/** An API that takes one submit a second leaves the machine free for the others, which run one after another meanwhile. */
const groups = [
  { name: 'one submit a second', members: kinds.filter(isSlow) },
  { name: 'any number a second', members: kinds.filter((facts) => !isSlow(facts)) },
];

describe.concurrent.each(groups)('$name', ({ members }) => {
  describe.each(members)('$kind', { concurrent: false }, (facts) => {
    const stage = useStage(facts);
    // People don't wait for each other, unless the API makes them.
    const test = isSlow(facts) ? it : it.concurrent;
    const offered = operationNames.filter((name) => isOffered(name, facts));
    const others = operationNames.filter((name) => !offered.includes(name));

    for (const name of offered) test(`✓ ${operations[name].label}`, () => tests[name](stage));

    // One after another: anything that another test submits would be counted here.
    for (const name of others) it(`– ${operations[name].label}`, () => expectNotOffered(name, stage));
  });
});
