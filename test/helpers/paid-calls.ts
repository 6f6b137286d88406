import type { ProviderConfig, ProviderKind } from '../../src/config.ts';
import type { ProviderError } from '../../src/errors.ts';
import type { Http, HttpAnswer } from '../../src/providers/http.ts';
import { createProvider } from '../../src/providers/index.ts';
import { parseJson } from '../../src/providers/json.ts';
import { mjProxyGateways } from '../../src/providers/mj-proxy/gateways.ts';
import { anImagine } from './requests.ts';

/** The kinds that speak midjourney-proxy. */
export const mjProxyKinds = Object.keys(mjProxyGateways) as (keyof typeof mjProxyGateways)[];

export type RawAnswer = Pick<HttpAnswer, 'status'> & { text: string };

/** The error of a submit at an account of that kind that gets this answer, and how often it was sent. */
export async function submitTo(kind: ProviderKind, { status, text }: RawAnswer, changes = {}) {
  let sent = 0;
  const http: Http = {
    async request() {
      sent += 1;
      return { status, retryAfterMs: undefined, text, json: parseJson(text) };
    },
  };
  const account = { name: 'main', kind, apiKey: 'sk-canary', baseUrl: 'https://gateway.example' };
  const { provider } = createProvider(account as ProviderConfig, http);
  const error = await provider.submit({ ...anImagine, ...changes }, AbortSignal.timeout(60_000)).then(
    () => undefined,
    (failure: unknown) => failure as ProviderError,
  );
  return { error, sent };
}
