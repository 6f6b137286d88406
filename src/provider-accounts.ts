import { resolve } from 'node:path';
import type { AccountOptions } from './accounts/accounts.ts';
import { type Config, secretsOf } from './config.ts';
import { createHiding } from './hiding.ts';
import { listPrices } from './points/prices.ts';
import type { Agents } from './providers/agents.ts';
import { askAccount } from './providers/check.ts';
import { createHttp } from './providers/http.ts';
import { createProvider } from './providers/index.ts';

/** The configured accounts, each with its provider and its own way out. */
export function toAccounts(config: Config, agents: Agents): AccountOptions[] {
  // Secrets of all accounts, since several may share a gateway.
  const hiding = createHiding(secretsOf(config), {
    publicUrl: config.callbacks?.publicUrl,
    dataDirectory: resolve(config.dataDirectory),
  });
  return config.providers.map((provider) => {
    const http = createHttp({ dispatcher: agents.account(provider) });
    return {
      ...createProvider(provider, http, hiding),
      name: provider.name,
      askFreely: (signal: AbortSignal) => askAccount(provider, { http, signal }),
      kind: provider.kind,
      prices: listPrices(provider.kind, provider.prices),
      maxInFlight: provider.maxInFlight,
      dailyPoints: provider.dailyPoints,
      hours: provider.hours,
      taskTimeoutMs: provider.taskTimeoutMs,
      takesCallbacks: provider.takesCallbacks,
      poll: provider.poll,
    };
  });
}
