import type { ProviderConfig, ProviderKind } from '../config.ts';
import type { Http } from './http.ts';
import { createMjProxy, mjProxyRows } from './mj-proxy/index.ts';
import type { Provider, ProviderTraits } from './provider.ts';

export interface ProviderEntry {
  readonly provider: Provider;
  readonly traits: ProviderTraits;
}

const factories: Record<ProviderKind, (config: ProviderConfig, http: Http) => ProviderEntry> = {
  '4allapi': ({ apiKey, baseUrl }, http) => ({
    provider: createMjProxy({ row: mjProxyRows['4allapi'], http, apiKey, baseUrl }),
    traits: mjProxyRows['4allapi'].traits,
  }),
};

/** The provider for a configured account. */
export function createProvider(config: ProviderConfig, http: Http): ProviderEntry {
  return factories[config.kind](config, http);
}
