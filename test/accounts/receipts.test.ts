import { describe, expect, it } from 'vitest';
import type { Account } from '../../src/accounts/accounts.ts';
import { createReceipts } from '../../src/accounts/receipts.ts';
import { listPrices } from '../../src/points/prices.ts';
import type { Task, TaskRequest } from '../../src/task.ts';
import { aTask } from '../helpers/tasks.ts';

function create(kind: 'aigc2d' | 'mjproxy' = 'aigc2d') {
  const warnings: unknown[] = [];
  const account = { name: 'main-one', prices: listPrices(kind) } as Account;
  const receipts = createReceipts({
    accounts: { get: (name) => (name === account.name ? account : undefined) },
    log: { warn: (facts: unknown) => void warnings.push(facts) },
  });
  let count = 0;
  const learn = (
    points: number | undefined,
    request: Partial<TaskRequest> = {},
    changes: Partial<Task> = {},
  ) => {
    count += 1;
    receipts.learn(
      aTask({
        id: `task-${count}`,
        account: account.name,
        state: 'done',
        request: { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [], ...request },
        result: { media: [], offers: [] },
        ...(points === undefined ? {} : { facts: { cost: { amount: points, unit: 'points' } } }),
        ...changes,
      }),
    );
  };
  return { warnings, learn, differences: () => receipts.differences(account.name) };
}

describe('a receipt', () => {
  it.each([
    ['the price', 100],
    ['a tenth more', 110],
    ['a tenth less', 90],
  ])('of %s is right', (_what, points) => {
    const { learn, warnings, differences } = create();
    for (let count = 0; count < 30; count += 1) learn(points);
    expect([differences(), warnings]).toEqual([[], []]);
  });

  it.each([120, 111, 89, 0, 1_000])(
    'of %i points for an imagine, again and again, is reported once',
    (points) => {
      const { learn, warnings, differences } = create();
      for (let count = 0; count < 4; count += 1) learn(points);
      expect([differences(), warnings]).toEqual([[], []]);
      for (let count = 0; count < 30; count += 1) learn(points);
      const difference = { action: 'imagine', charged: 100, taken: points };
      expect(differences()).toEqual([difference]);
      expect(warnings).toEqual([
        { account: 'main-one', variable: 'PROVIDER_MAIN_ONE_PRICES', ...difference },
      ]);
    },
  );

  it('that is odd now and then means nothing', () => {
    const { learn, warnings } = create();
    for (let count = 0; count < 40; count += 1) learn(count % 3 === 0 ? 900 : 100);
    expect(warnings).toEqual([]);
  });

  it('counts for its action, against its own price, and the latest twenty count', () => {
    const { learn, differences, warnings } = create('mjproxy');
    for (let count = 0; count < 12; count += 1) {
      learn(count % 2 === 0 ? 40 : 100, { speed: count % 2 === 0 ? 'relax' : 'fast' });
      learn(50, { action: 'upscale' });
    }
    expect(differences()).toEqual([{ action: 'upscale', charged: 10, taken: 50 }]);
    for (let count = 0; count < 20; count += 1) learn(10, { action: 'upscale' });
    expect(differences()).toEqual([]);
    for (let count = 0; count < 20; count += 1) learn(50, { action: 'upscale' });
    expect(warnings).toHaveLength(2);
  });

  it.each<[string, number | undefined, Partial<TaskRequest>, Partial<Task>]>([
    ['of a task that is reported twice', 900, {}, { id: 'the same' }],
    ['of a picture that is shown again', 900, { copyOf: 'another' }, {}],
    ['of an account that is gone', 900, {}, { account: 'gone' }],
    ['without points', undefined, {}, {}],
  ])("%s doesn't count", (_what, points, request, changes) => {
    const { learn, warnings, differences } = create();
    for (let count = 0; count < 10; count += 1) learn(points, request, changes);
    expect([differences(), warnings]).toEqual([[], []]);
  });
});
