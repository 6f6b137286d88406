import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Account, type AccountOptions, createAccounts } from '../../src/accounts/accounts.ts';
import { ProviderError, type ProviderErrorKind } from '../../src/errors.ts';
import { listPrices } from '../../src/points/prices.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { createFakeClock, settle } from '../helpers/clock.ts';
import { createRelay, createScriptedProvider, type Relay } from '../helpers/relay.ts';
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
        traits: mjProxyGateways.mjproxy.traits,
        prices: listPrices('mjproxy'),
        askFreely,
      },
    ],
    { clock: createFakeClock(), log: pino({ level: 'silent' }) },
  ).all;
  if (account === undefined) throw new Error('there is no account');
  return account;
}

/** One person's task meets something that closes an account if it is the account's trouble. */
async function meetTrouble({ breaker }: Account): Promise<void> {
  const attempt = await breaker.enter();
  attempt?.failed('auth', { isOwn: false, userId: 'max' });
  await settle();
}

describe("what one person's tasks say about an account", () => {
  it.each<ProviderErrorKind>(['auth', 'balance', 'unavailable', 'malformed', 'blocked', 'moved', 'faulty'])(
    'closes it if a free call meets it, too: %s',
    async (kind) => {
      const account = open(() => Promise.reject(new ProviderError(kind, 'no')));
      await meetTrouble(account);
      expect(account.breaker.outage()).toMatchObject({ trouble: kind });
    },
  );

  it.each<[string, AccountOptions['askFreely']]>([
    ['works', () => Promise.resolve(7)],
    ['must be made later', () => Promise.reject(new ProviderError('busy', 'later'))],
    ['is itself refused', () => Promise.reject(new ProviderError('rejected', 'no'))],
    ['fails because of a bug of ours', () => Promise.reject(new TypeError('undefined is not a function'))],
    ["can't be made", undefined],
  ])('closes nothing if a free call %s', async (_what, askFreely) => {
    const account = open(askFreely);
    await meetTrouble(account);
    expect(account.breaker.outage()).toBeUndefined();
  });

  it('asks again after a free call that never ended', async () => {
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

describe('a refusal of one task', () => {
  let relay: Relay;
  beforeEach(async () => {
    limits.restore();
    relay = await createRelay({ maxInFlight: 10 });
  });
  afterEach(() => relay.remove());

  /** Each of them sends a task that is refused like that. */
  async function refuse(people: readonly string[], error: ProviderError): Promise<void> {
    relay.provider.onSubmit = () => Promise.reject(error);
    for (const person of people) {
      await relay.imagine(person, `a fox for ${person}`);
      await relay.clock.pass(1_000);
    }
  }

  const isClosed = () => relay.accounts.all[0]?.breaker.outage() !== undefined;

  it.each([400, 414, 415, 422, 451])('closes no account with %i, no matter who gets it', async (status) => {
    await refuse(['max', 'mei', 'ada'], new ProviderError('malformed', 'no', { status, definite: true }));
    expect(isClosed()).toBe(false);
  });

  it('closes the account if only the API itself can have said it', async () => {
    await refuse(['max'], new ProviderError('auth', 'no', { status: 403, hasOwnMarks: true }));
    expect(isClosed()).toBe(true);
  });

  it('closes no account if anybody may have said it, until two people get it', async () => {
    const error = new ProviderError('auth', 'no', { status: 403 });
    await refuse(['max', 'max'], error);
    expect(isClosed()).toBe(false);
    await refuse(['mei'], error);
    expect(isClosed()).toBe(true);
  });
});
