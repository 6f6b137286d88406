import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Account, type AccountOptions, createAccounts } from '../../src/accounts/accounts.ts';
import { ProviderError, type ProviderErrorKind } from '../../src/errors.ts';
import { listPrices } from '../../src/points/prices.ts';
import { mjProxyRows } from '../../src/providers/mj-proxy/gateways.ts';
import { createFakeClock, settle } from '../helpers/clock.ts';
import { createScriptedProvider } from '../helpers/relay.ts';
import { holdTimeLimits, never, type TimeLimits } from '../helpers/time-limits.ts';

let limits: TimeLimits;
beforeEach(() => {
  limits = holdTimeLimits();
});
afterEach(() => limits.restore());

function open(askFreely: AccountOptions['askFreely']): Account {
  const [account] = createAccounts(
    [
      {
        name: 'main',
        kind: 'mjproxy',
        provider: createScriptedProvider(),
        traits: mjProxyRows.mjproxy.traits,
        prices: listPrices('mjproxy'),
        askFreely,
      },
    ],
    { clock: createFakeClock(), log: pino({ level: 'silent' }) },
  ).all;
  if (account === undefined) throw new Error('there is no account');
  return account;
}

/** One person's task meets what closes an account, if it's the account's. */
async function meetTrouble({ breaker }: Account): Promise<void> {
  const attempt = await breaker.enter();
  attempt?.failed('auth', { isOwn: false, userId: 'max' });
  await settle();
}

describe('what one person’s tasks say of an account', () => {
  it.each<ProviderErrorKind>(['auth', 'balance', 'unavailable', 'malformed', 'blocked', 'moved'])(
    'closes it where a free call says so, too: %s',
    async (kind) => {
      const account = open(() => Promise.reject(new ProviderError(kind, 'no')));
      await meetTrouble(account);
      expect(account.breaker.outage()).toMatchObject({ trouble: 'auth' });
    },
  );

  it.each<[string, AccountOptions['askFreely']]>([
    ['works', () => Promise.resolve(7)],
    ['is to be made later', () => Promise.reject(new ProviderError('busy', 'later'))],
    ['is refused by itself', () => Promise.reject(new ProviderError('rejected', 'no'))],
    ['fails for a fault of ours', () => Promise.reject(new TypeError('undefined is not a function'))],
    ['cannot be made', undefined],
  ])('closes nothing where a free call %s', async (_what, askFreely) => {
    const account = open(askFreely);
    await meetTrouble(account);
    expect(account.breaker.outage()).toBeUndefined();
  });

  it('is asked for again after a free call that never ended', async () => {
    let asked = 0;
    const account = open((signal) => {
      asked += 1;
      return never(signal);
    });
    await meetTrouble(account);
    await meetTrouble(account);
    expect(asked).toBe(1);
    const [limit] = await limits.take();
    expect(limit?.ms).toBe(10_000);
    await limit?.end();
    await meetTrouble(account);
    expect(asked).toBe(2);
  });
});
