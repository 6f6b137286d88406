import type { Account, Accounts } from '../accounts/accounts.ts';
import { listChosen } from '../accounts/choose.ts';
import type { Policies } from '../points/policies.ts';
import type { PriceFactor, PriceList } from '../points/prices.ts';
import { hasOwnSpeed } from '../providers/speeds.ts';
import { type Action, followUpActions, startActions } from '../task.ts';

/** What some accounts charge for everything that they can do. */
export interface PriceSheet {
  /** Their names, in the server's order. */
  readonly accounts: readonly string[];
  /** Points at fast speed. */
  readonly points: readonly (readonly [Action, number])[];
  /** By what those are multiplied, in percent, if that happens there and isn't 100. */
  readonly percents: readonly (readonly [PriceFactor, number])[];
}

/** What everything costs in a book, before anybody asks for it. */
export interface Prices {
  /** One sheet for each different list of the accounts that new tasks may go to. */
  read(book: string): Promise<readonly PriceSheet[]>;
}

export function createPrices({
  accounts,
  policies,
}: {
  accounts: Accounts;
  policies: Pick<Policies, 'read'>;
}): Prices {
  return {
    async read(book) {
      const { accounts: names } = (await policies.read(book)).book;
      const sheets = listChosen(accounts, names).map(toSheet);
      const alike = Map.groupBy(sheets, ({ points, percents }) => JSON.stringify([points, percents]));
      return [...alike.values()].flatMap(([first, ...others]) =>
        first === undefined
          ? []
          : [{ ...first, accounts: [first, ...others].flatMap(({ accounts }) => accounts) }],
      );
    },
  };
}

function toSheet({ name, provider, traits, prices }: Account): PriceSheet {
  const can = (action: Action) => provider.actions.has(action);
  const points = [...startActions, ...followUpActions]
    .filter(can)
    .map((action) => [action, prices.points[action]] as const);
  // An API that returns separate pictures has no U1–U4: the bot shows one of them again.
  const picks = can('imagine') && !can('upscale') ? [['upscale', 0] as const] : [];
  const factors: readonly (readonly [PriceFactor, boolean])[] = [
    ['relax', hasOwnSpeed(provider, 'relax')],
    ['turbo', hasOwnSpeed(provider, 'turbo')],
    ['720p', can('video') && (traits.videos?.resolutions.includes('720p') ?? false)],
    ['2-clips', can('video') && (traits.videos?.clips.includes(2) ?? false)],
    ['1-clip', can('video') && (traits.videos?.clips.includes(1) ?? false)],
    ['v8-references', can('imagine')],
    ['omni-reference', can('imagine')],
    ['hd', can('imagine')],
  ];
  return { accounts: [name], points: [...points, ...picks], percents: toPercents(factors, prices) };
}

function toPercents(factors: readonly (readonly [PriceFactor, boolean])[], { percents }: PriceList) {
  return factors
    .filter(([factor, happens]) => happens && percents[factor] !== 100)
    .map(([factor]) => [factor, percents[factor]] as const);
}
