import type { Config } from './config.ts';
import type { PricedAccount } from './discord/command.ts';
import { listPrices } from './points/prices.ts';
import { createOpenAgent } from './providers/agents.ts';
import { createHttp } from './providers/http.ts';
import { createProvider } from './providers/index.ts';

/** What the configured accounts can do, and what they charge: commands name prices. Nothing is called. */
export function listPricedAccounts({ providers }: Pick<Config, 'providers'>): PricedAccount[] {
  const http = createHttp({ dispatcher: createOpenAgent() });
  return providers.map((provider) => ({
    kind: provider.kind,
    actions: createProvider(provider, http).provider.actions,
    prices: listPrices(provider.kind, provider.prices),
  }));
}
