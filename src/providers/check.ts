import type { ProviderConfig } from '../config.ts';
import { ProviderError } from '../errors.ts';
import type { Ref } from '../task.ts';
import { createAccountHttp } from './front-door.ts';
import type { Http } from './http.ts';
import { createProvider } from './index.ts';
import { findSettings, ignoresPrefix, refsOfNoTask, type Settings } from './mj-proxy/find-settings.ts';
import { type MjProxyGateway, mjProxyGateways } from './mj-proxy/gateways.ts';
import type { Balance } from './provider.ts';

export type { Settings } from './mj-proxy/find-settings.ts';

interface Ask {
  readonly http: Http;
  readonly signal: AbortSignal;
}

/**
 * Asks an account's API something that is free and needs the key. Returns what's left there, if the API tells. Throws a
 * `ProviderError` if there's no usable answer.
 */
export async function askAccount(account: ProviderConfig, ask: Ask): Promise<Balance | undefined> {
  const { provider } = createProvider(account, ask.http);
  try {
    if (provider.balance !== undefined) return await provider.balance(ask.signal);
  } catch (error) {
    if (!(account.kind === 'aigc2d' && isMissing(error))) throw error;
  }
  await provider.look(refsOf(account), ask.signal);
  return undefined;
}

/** AIGC2D doesn't document where it tells its balance, so a deployment may well work without it. */
function isMissing(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === 'malformed' || error.kind === 'rejected');
}

/** Finds variables that would make a failing account work; `undefined` if none are known to. */
export async function findSettingsFor(account: ProviderConfig, ask: Ask): Promise<Settings | undefined> {
  const gateway = gatewayOf(account);
  return gateway === undefined ? undefined : findSettings(gateway, account, toAccountAsk(ask, account));
}

/** Whether the account answers looks with any prefix, so that only a submit, which may be paid, would prove its own. */
export async function isPrefixUnchecked(account: ProviderConfig, ask: Ask): Promise<boolean> {
  const gateway = gatewayOf(account);
  if (gateway === undefined) return false;
  try {
    return await ignoresPrefix(gateway, account, toAccountAsk(ask, account));
  } catch (error) {
    if (error instanceof ProviderError) return false; // the account itself has just answered
    throw error;
  }
}

function toAccountAsk(ask: Ask, { name }: ProviderConfig): Ask {
  return { ...ask, http: createAccountHttp(ask.http, name) };
}

function refsOf(account: ProviderConfig): Ref[] {
  const gateway = gatewayOf(account);
  if (gateway !== undefined) return refsOfNoTask(account.pathPrefix ?? gateway.pathPrefix);
  return [{ id: account.kind === 'aigc2d' ? '100000000000000000' : '00000000-0000-4000-8000-000000000000' }];
}

function gatewayOf({ kind }: ProviderConfig): MjProxyGateway | undefined {
  return kind in mjProxyGateways ? mjProxyGateways[kind as keyof typeof mjProxyGateways] : undefined;
}
