import type { Config, ProviderConfig } from '../config.ts';
import { listPrices } from '../points/prices.ts';
import { type PriceFactor, priceFamilies } from '../price-table.ts';
import type { Provider } from '../providers/provider.ts';
import { hasOwnSpeed } from '../providers/speeds.ts';
import { type Action, followUpActions, startActions } from '../task.ts';
import { count, type Line } from './line.ts';

/** What an account charges for everything it can do: `100: imagine, blend; 50: upscale; relax 40 %`. */
export function checkPrices(
  account: ProviderConfig,
  provider: Pick<Provider, 'actions' | 'speeds' | 'review'>,
): Line {
  const { points, percents } = listPrices(account.kind, account.prices);
  const actions = [...startActions, ...followUpActions].filter((action) => provider.actions.has(action));
  const names = new Map(actions.map((action) => [nameOf(action, actions, points), points[action]]));
  const byPrice = Map.groupBy(names, ([, price]) => price);
  const shown = [...byPrice].map(
    ([price, entries]) => `${price}: ${entries.map(([name]) => name).join(', ')}`,
  );
  const factors: PriceFactor[] = [
    ...(['relax', 'turbo'] as const).filter((speed) => hasOwnSpeed(provider, speed)),
    ...(['720p', '2-clips', '1-clip'] as const).filter(
      (factor) => provider.actions.has('video') && percents[factor] !== 100,
    ),
    ...(percents['v8-references'] === 100 ? [] : (['v8-references'] as const)),
    ...(percents['omni-reference'] === 100 ? [] : (['omni-reference'] as const)),
    ...(percents.hd === 100 ? [] : (['hd'] as const)),
  ];
  const percent = factors.map((name) => `${name} ${percents[name]} %`);
  return {
    verdict: 'ok',
    what: `prices of ${account.name} (${account.kind})`,
    text: [...shown, ...percent].join('; '),
  };
}

/** The family's name, if the account charges the same for all of it. */
function nameOf(action: Action, all: readonly Action[], points: Readonly<Record<Action, number>>): string {
  const families = Object.entries<readonly Action[]>(priceFamilies).toSorted(
    ([, one], [, other]) => other.length - one.length,
  );
  const family = families.find(
    ([, members]) =>
      members.includes(action) &&
      members.every((member) => !all.includes(member) || points[member] === points[action]),
  );
  return family?.[0] ?? action;
}

/** Whether strangers could spend without a limit: anybody may add the bot to a server, and grant points there. */
export function checkBudget({ discord, serverBudget }: Pick<Config, 'discord' | 'serverBudget'>): Line {
  const what = 'server budget';
  if (serverBudget !== undefined)
    return { verdict: 'ok', what, text: `a server may spend ${count(serverBudget, 'point')} a month` };
  const { allowedGuilds } = discord;
  if (allowedGuilds !== '*')
    return {
      verdict: 'ok',
      what,
      text: `no monthly limit for ${count(allowedGuilds.size, 'allowed server')}`,
    };
  const text =
    'ALLOWED_GUILDS=* lets everybody who adds the bot spend without a limit: set SERVER_BUDGET_POINTS';
  return { verdict: 'FAIL', what, text };
}
