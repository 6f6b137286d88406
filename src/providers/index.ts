import type { ProviderConfig, ProviderKind } from '../config.ts';
import { acedataTraits, createAcedata } from './acedata/index.ts';
import { aigc2dTraits, createAigc2d } from './aigc2d/index.ts';
import { apixoTraits, createApixo } from './apixo/index.ts';
import { createAccountHttp } from './front-door.ts';
import type { Http } from './http.ts';
import { createMjProxy } from './mj-proxy/index.ts';
import { mjProxyRows } from './mj-proxy/rows.ts';
import type { Provider, ProviderTraits } from './provider.ts';

export interface ProviderEntry {
  readonly provider: Provider;
  readonly traits: ProviderTraits;
}

type Factory = (config: ProviderConfig, http: Http) => ProviderEntry;

const factories: Record<ProviderKind, Factory> = {
  '4allapi': mjProxy('4allapi'),
  yutoai: mjProxy('yutoai'),
  mjproxy: mjProxy('mjproxy'),
  acedata: ({ apiKey, baseUrl }, http) => ({
    provider: createAcedata({ http, apiKey, baseUrl }),
    traits: acedataTraits,
  }),
  apixo: ({ apiKey, baseUrl, apiGeneration }, http) => ({
    provider: createApixo({ http, apiKey, baseUrl, generation: apiGeneration }),
    traits: apixoTraits,
  }),
  aigc2d: ({ name, apiKey, baseUrl, routes }, http) => ({
    provider: createAigc2d({ http, account: name, apiKey, baseUrl, routes }),
    traits: aigc2dTraits,
  }),
};

function mjProxy(kind: keyof typeof mjProxyRows): Factory {
  const row = mjProxyRows[kind];
  return ({ apiKey, baseUrl, pathPrefix, auth }, http) => ({
    provider: createMjProxy({ row, http, apiKey, baseUrl, pathPrefix, auth }),
    traits: row.traits,
  });
}

/** The provider for a configured account. */
export function createProvider(config: ProviderConfig, http: Http): ProviderEntry {
  return factories[config.kind](config, createAccountHttp(http, config.name));
}
