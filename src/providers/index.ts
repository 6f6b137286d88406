import type { ProviderConfig, ProviderKind } from '../config.ts';
import { createHiding, type Hiding } from '../hiding.ts';
import { acedataBaseUrl, acedataTraits, createAcedata } from './acedata/index.ts';
import { aigc2dBaseUrl, aigc2dTraits, createAigc2d } from './aigc2d/index.ts';
import { apixoBaseUrl, apixoTraitsOf, createApixo } from './apixo/index.ts';
import { createAccountHttp } from './front-door.ts';
import { hideWords } from './hidden-words.ts';
import type { Http } from './http.ts';
import { mjProxyGateways } from './mj-proxy/gateways.ts';
import { createMjProxy } from './mj-proxy/index.ts';
import type { Provider, ProviderTraits } from './provider.ts';

export interface ProviderEntry {
  readonly provider: Provider;
  readonly traits: ProviderTraits;
  /** The address of its API: the account's own, or the kind's. */
  readonly baseUrl: string;
}

type Factory = (config: ProviderConfig, http: Http) => Omit<ProviderEntry, 'baseUrl'>;

const factories: Record<ProviderKind, Factory> = {
  '4allapi': mjProxy('4allapi'),
  yutoai: mjProxy('yutoai'),
  mjproxy: mjProxy('mjproxy'),
  acedata: ({ apiKey, baseUrl }, http) => ({
    provider: createAcedata({ http, apiKey, baseUrl }),
    traits: acedataTraits,
  }),
  apixo: ({ apiKey, baseUrl, apiGeneration, watermark, translation }, http) => ({
    provider: createApixo({ http, apiKey, baseUrl, generation: apiGeneration, watermark, translation }),
    traits: apixoTraitsOf(apiGeneration),
  }),
  aigc2d: ({ name, apiKey, baseUrl, routes }, http) => ({
    provider: createAigc2d({ http, account: name, apiKey, baseUrl, routes }),
    traits: aigc2dTraits,
  }),
};

function mjProxy(kind: keyof typeof mjProxyGateways): Factory {
  const gateway = mjProxyGateways[kind];
  return ({ apiKey, baseUrl, pathPrefix, auth, speeds, filter, uploads }, http) => ({
    provider: createMjProxy({ gateway, http, apiKey, baseUrl, pathPrefix, auth, speeds, filter, uploads }),
    traits: uploads === true ? withUploads(gateway.traits) : gateway.traits,
  });
}

/** Pictures that are uploaded first are sent as bytes. */
function withUploads(traits: ProviderTraits): ProviderTraits {
  return traits.editModelInputs === undefined ? traits : { ...traits, editModelInputs: traits.inputs };
}

/** Where each kind's API is; `undefined` if every operator has one of their own. */
const baseUrls: Readonly<Record<ProviderKind, string | undefined>> = {
  '4allapi': mjProxyGateways['4allapi'].baseUrl,
  acedata: acedataBaseUrl,
  apixo: apixoBaseUrl,
  aigc2d: aigc2dBaseUrl,
  yutoai: undefined,
  mjproxy: undefined,
};

/** The address of a configured account's API. Throws if neither its kind nor the account has one. */
export function baseUrlOf({ kind, baseUrl = baseUrls[kind] }: ProviderConfig): string {
  if (baseUrl === undefined) throw new Error(`an account of ${kind} needs a base URL`);
  return baseUrl;
}

/** The provider for a configured account. Its own key, and everything `hiding` knows, is hidden in all that it says. */
export function createProvider(
  config: ProviderConfig,
  http: Http,
  hiding: Hiding = createHiding([config.apiKey]),
): ProviderEntry {
  const baseUrl = baseUrlOf(config);
  const entry = factories[config.kind]({ ...config, baseUrl }, createAccountHttp(http, config.name));
  return { ...entry, provider: hideWords(entry.provider, hiding), baseUrl };
}
