import { describe, expect, it } from 'vitest';
import { createBreaker, type Trouble } from '../../src/accounts/breaker.ts';
import {
  listAccountConditions,
  toDiskCondition,
  toLedgerCondition,
  toTokenCondition,
} from '../../src/alerts/conditions.ts';
import { createFakeClock } from '../helpers/clock.ts';

function anAccount() {
  const clock = createFakeClock();
  const breaker = createBreaker({ clock, atOnce: 3, onOpen: () => {}, onClose: () => {} });
  return {
    clock,
    async fail(trouble: Trouble) {
      (await breaker.enter())?.failed(trouble, { isOwn: true, userId: 'somebody' });
    },
    async work() {
      (await breaker.enter())?.answered();
    },
    /** What is bad, and what is good, of `balance`, `auth` and `down`. */
    states() {
      const conditions = listAccountConditions({ name: 'main-one', breaker }, clock.now());
      return Object.fromEntries(conditions.map(({ id, state }) => [id.split(':').at(-1), state]));
    },
    conditions: () => listAccountConditions({ name: 'main-one', breaker }, clock.now()),
  };
}

describe('an account', () => {
  it("isn't known to work before a task has shown it", async () => {
    const account = anAccount();
    expect(account.states()).toEqual({ balance: 'unknown', auth: 'unknown', down: 'unknown' });
    await account.work();
    expect(account.states()).toEqual({ balance: 'good', auth: 'good', down: 'good' });
  });

  it.each(['balance', 'auth'] as const)(
    'has the trouble %s from the first refusal until it works',
    async (kind) => {
      const account = anAccount();
      await account.fail(kind);
      expect(account.states()).toMatchObject({ [kind]: 'bad', down: 'unknown' });
      await account.clock.pass(3_600_000); // it may be tried again, but nobody has
      expect(account.states()).toMatchObject({ [kind]: 'bad', down: 'unknown' });
      await account.work();
      expect(account.states()).toEqual({ balance: 'good', auth: 'good', down: 'good' });
    },
  );

  it('is down once it has failed for ten minutes, however often it was tried in between', async () => {
    const account = anAccount();
    for (let count = 0; count < 3; count += 1) await account.fail('unavailable');
    expect(account.states().down).toBe('unknown');
    await account.clock.pass(9 * 60_000);
    await account.fail('unavailable');
    expect(account.states().down).toBe('unknown');
    await account.clock.pass(61_000);
    expect(account.states()).toEqual({ balance: 'unknown', auth: 'unknown', down: 'bad' });
    await account.clock.pass(300_000);
    await account.work();
    expect(account.states().down).toBe('good');
  });

  it('names its variable, never its key', () => {
    expect(
      anAccount()
        .conditions()
        .find(({ id }) => id.endsWith('auth'))?.cure,
    ).toContain('PROVIDER_MAIN_ONE_API_KEY');
  });
});

describe('the rest', () => {
  const gibibyte = 1024 ** 3;
  it.each([
    [0, 'bad'],
    [gibibyte - 1, 'bad'],
    [gibibyte, 'unknown'],
    [1.25 * gibibyte, 'good'],
    [undefined, 'unknown'],
  ])('a disk with %s bytes left is %s', (bytes, state) => expect(toDiskCondition(bytes).state).toBe(state));

  it('a ledger is good once it was read and adds up', () => {
    expect(toLedgerCondition(undefined).state).toBe('unknown');
    expect(toLedgerCondition({ findings: [] }).state).toBe('good');
    expect(toLedgerCondition({ findings: [{ what: 'charges', ids: ['x'] }] }).state).toBe('bad');
  });

  it('a token is bad once Discord refuses it', () => {
    expect(toTokenCondition('refused').state).toBe('bad');
    expect(toTokenCondition('works').state).toBe('good');
    expect(toTokenCondition('unknown').state).toBe('unknown');
  });
});
