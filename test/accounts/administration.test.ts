import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AccountSettings, createAccountSettings, toNames } from '../../src/accounts/administration.ts';
import { codeOf } from '../helpers/errors.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const operator = aCaller({ userId: 'operator' }).asker;
const administrator = { ...aCaller({ userId: 'administrator' }).asker, isAdministrator: true };
const { asker: person } = aCaller();

const wrongPrice = { action: 'imagine', charged: 100, taken: 130 } as const;

let relay: Relay;
let settings: AccountSettings;
beforeEach(async () => {
  relay = await createRelay({
    accounts: ['main', 'spare', 'old'],
    operator: { operatorIds: new Set(['operator']) },
  });
  settings = createAccountSettings({
    ...relay,
    receipts: { differences: (account) => (account === 'spare' ? [wrongPrice] : []) },
    log: pino({ level: 'silent' }),
  });
});
afterEach(() => relay.remove());

describe('accounts', () => {
  it.each([
    ['an operator', operator, undefined, ['main', 'spare', 'old']],
    ['an administrator', administrator, 'operators-only', []],
    ['anybody', person, 'operators-only', []],
  ])(
    'are shown to, chosen by and suggested to operators alone: %s',
    async (_who, asker, code, suggestions) => {
      expect(await codeOf(settings.read(asker))).toBe(code);
      expect(await codeOf(settings.choose(asker, ['spare']))).toBe(code);
      expect(await settings.suggest(asker, '')).toEqual(suggestions);
      const { book } = await relay.policies.read(asker.book);
      expect(book.accounts).toEqual(code === undefined ? ['spare'] : undefined);
    },
  );

  it("are shown in the server's order, with those it didn't choose last", async () => {
    await settings.choose(operator, ['old', 'main', 'old']);
    const states = await settings.read(operator);
    expect(states.map(({ name, isChosen }) => [name, isChosen])).toEqual([
      ['old', true],
      ['main', true],
      ['spare', false],
    ]);
    await settings.choose(operator, undefined);
    expect((await settings.read(operator)).map(({ isChosen }) => isChosen)).toEqual([true, true, true]);
  });

  it('are shown with prices that their receipts contradict', async () => {
    const states = await settings.read(operator);
    expect(states.map(({ name, differences }) => [name, differences])).toEqual([
      ['main', []],
      ['spare', [wrongPrice]],
      ['old', []],
    ]);
  });

  it.each([[[]], [['main', 'nobody']]])("that don't exist can't be chosen: %j", async (names) => {
    expect(await codeOf(settings.choose(operator, names))).toBe('account-unknown');
    expect((await relay.policies.read(operator.book)).book.accounts).toBeUndefined();
  });

  it.each([
    ['m', ['main']],
    ['main', ['main']],
    ['main,', ['main, spare', 'main, old']],
    ['main, s', ['main, spare']],
    ['main，spare、', ['main, spare, old']],
    ['main, main', []],
    ['x', []],
  ])('go on from what is typed: %j', async (typed, suggestions) => {
    expect(await settings.suggest(operator, typed)).toEqual(suggestions);
  });

  it('are no longer than Discord allows in total', async () => {
    const fits = `${'x'.repeat(94)}, main`;
    expect(fits).toHaveLength(100);
    expect(await settings.suggest(operator, `${'x'.repeat(94)}, m`)).toEqual([fits]);
    expect(await settings.suggest(operator, `${'x'.repeat(95)}, m`)).toEqual([]);
  });

  it('are named the way people type them', () => {
    expect(toNames(' Main，spare、 OLD,,')).toEqual(['main', 'spare', 'old']);
  });
});
