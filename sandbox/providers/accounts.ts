import type { Money } from './stand-in.ts';

/** The keys that are accepted, and their money. */
export interface Accounts {
  /** The number of the account that a bare key belongs to. */
  find(key: string): number | undefined;
  money(account: number): Money;
  canPay(account: number, usd: number): boolean;
  charge(account: number, usd: number): void;
  refund(account: number, usd: number): void;
}

export function createAccounts(keys: readonly string[], creditUsd: number): Accounts {
  const moneys: Money[] = keys.map(() => ({ creditUsd, chargedUsd: 0, refundedUsd: 0 }));

  function money(account: number): Money {
    const found = moneys[account];
    if (found === undefined) throw new Error(`There is no account ${account}`);
    return found;
  }

  function move(account: number, usd: number, total: 'chargedUsd' | 'refundedUsd'): void {
    const purse = money(account);
    const sign = total === 'chargedUsd' ? -1 : 1;
    purse.creditUsd = round(purse.creditUsd + sign * usd);
    purse[total] = round(purse[total] + usd);
  }

  return {
    find(key) {
      const index = keys.indexOf(key);
      return index === -1 ? undefined : index;
    },
    money,
    canPay: (account, usd) => money(account).creditUsd >= usd,
    charge: (account, usd) => move(account, usd, 'chargedUsd'),
    refund: (account, usd) => move(account, usd, 'refundedUsd'),
  };
}

function round(usd: number): number {
  return Math.round(usd * 1e6) / 1e6;
}
