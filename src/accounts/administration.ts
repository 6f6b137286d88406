import type { Clock } from '../clock.ts';
import { ProviderError, type ProviderErrorKind, UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Policies } from '../points/policies.ts';
import { type Asker, isOperator } from '../points/policy.ts';
import type { Balance } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { Account, Accounts } from './accounts.ts';
import type { Outage } from './breaker.ts';
import { listChosen } from './choose.ts';
import type { Closing, Limits } from './limits.ts';
import type { PriceDifference, Receipts } from './receipts.ts';

/** How an account is doing, for those who pay for it. */
export interface AccountState {
  readonly name: string;
  readonly kind: string;
  /** Whether fresh work of this server may go there. */
  readonly isChosen: boolean;
  readonly outage: Outage | undefined;
  /** When its pause ends, epoch milliseconds; absent if it isn't paused. */
  readonly pausedUntil: number | undefined;
  /** Why it may not do anything now, as the operator set it. */
  readonly closing: Closing | undefined;
  readonly limits: Pick<Limits, 'dailyPoints' | 'hours' | 'timeZone'>;
  /** What it has spent of its daily limit. */
  readonly spentToday: number;
  readonly running: number;
  readonly slots: number;
  readonly waiting: number;
  readonly callsBack: boolean;
  /** What is left there, or why that couldn't be read; absent if the API doesn't say. */
  readonly balance: Balance | ProviderErrorKind | undefined;
  /** The prices that its receipts contradict. */
  readonly differences: readonly PriceDifference[];
}

/** The accounts as operators see them, and which of them work for a server. Each call checks the asker's right again. */
export interface AccountSettings {
  /** Returns this server's accounts first, in its order of preference. Waits a few seconds at most for each API's balance. */
  read(asker: Asker): Promise<AccountState[]>;
  /** Sets the server's accounts in order of preference; `undefined` goes back to all of them, in the operator's order. */
  choose(asker: Asker, names: readonly string[] | undefined): Promise<void>;
  /** Returns what could complete the typed names; nothing if the asker isn't an operator. */
  suggest(asker: Asker, typed: string): Promise<string[]>;
}

/** The longest value of a choice (Discord docs, application commands). */
const longestSuggestion = 100;
const balanceTimeoutMs = 5_000;

export interface AccountSettingsDependencies {
  accounts: Accounts;
  receipts: Pick<Receipts, 'differences'>;
  policies: Policies;
  database: Database;
  clock: Clock;
  log: Logger;
}

export function createAccountSettings(dependencies: AccountSettingsDependencies): AccountSettings {
  const { accounts, receipts, policies, database, clock, log } = dependencies;

  async function readBalance({ name, provider }: Account): Promise<AccountState['balance']> {
    try {
      return await provider.balance?.(AbortSignal.timeout(balanceTimeoutMs));
    } catch (error) {
      log.warn({ error, account: name }, 'a balance could not be read');
      return error instanceof ProviderError ? error.kind : 'unavailable';
    }
  }

  async function toState(account: Account, isChosen: boolean): Promise<AccountState> {
    const { name, kind, breaker, limits, callsBack } = account;
    const now = clock.now();
    return {
      name,
      kind,
      isChosen,
      outage: breaker.outage(),
      pausedUntil: account.pausedUntil > now ? account.pausedUntil : undefined,
      // With nothing left for today, not even a single point can be spent.
      closing: limits.closing({ price: limits.dailyPoints === undefined ? 0 : 1 }, now),
      limits,
      spentToday: limits.spent(now),
      running: await database.tasks.countInFlight(name, now),
      slots: account.maxInFlight,
      waiting: (await database.tasks.listWaiting(name, now)).length,
      callsBack,
      balance: await readBalance(account),
      differences: receipts.differences(name),
    };
  }

  return {
    async read(asker) {
      const { book } = await policies.requireRight(asker, 'operate');
      const chosen = listChosen(accounts, book.accounts);
      const others = accounts.all.filter((account) => !chosen.includes(account));
      return Promise.all([...chosen, ...others].map((account) => toState(account, chosen.includes(account))));
    },

    async choose(asker, names) {
      await policies.requireRight(asker, 'operate');
      const wanted = names === undefined ? undefined : [...new Set(names)];
      const unknown = wanted?.find((name) => accounts.get(name) === undefined);
      const known = accounts.all.map(({ name }) => name);
      if (unknown !== undefined || wanted?.length === 0)
        throw new UserError('account-unknown', { name: unknown ?? '', known });
      await policies.update(asker.book, ({ accounts: _before, ...settings }) =>
        wanted === undefined ? settings : { ...settings, accounts: wanted },
      );
      log.info({ book: asker.book, actorId: asker.userId, accounts: wanted }, 'accounts were chosen');
    },

    async suggest(asker, typed) {
      if (!isOperator(await policies.read(asker.book), asker)) return [];
      const named = toNames(typed);
      const [last = ''] = /[,，、]\s*$/u.test(typed) ? [] : named.slice(-1);
      const before = last === '' ? named : named.slice(0, -1);
      return accounts.all
        .map(({ name }) => name)
        .filter((name) => !before.includes(name) && name.startsWith(last))
        .map((name) => [...before, name].join(', '))
        .filter((suggestion) => suggestion.length <= longestSuggestion);
    },
  };
}

/** Reads names as people type them: separated by commas of any keyboard, in upper or lower case. */
export function toNames(text: string): string[] {
  return text
    .split(/[,，、]/u)
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '');
}
