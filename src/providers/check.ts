import type { ProviderConfig } from '../config.ts';
import { ProviderError } from '../errors.ts';
import type { Ref } from '../task.ts';
import { createAccountHttp } from './front-door.ts';
import type { Http } from './http.ts';
import { createProvider } from './index.ts';
import { findSettings, isPrefixUntold, refsOfNothing, type Settings } from './mj-proxy/find-settings.ts';
import { type MjProxyRow, mjProxyRows } from './mj-proxy/gateways.ts';
import type { Balance } from './provider.ts';

export type { Settings } from './mj-proxy/find-settings.ts';

interface Ask {
  readonly http: Http;
  readonly signal: AbortSignal;
}

/**
 * Asks an account's API something that is free and needs the key. Gives what is left there, where the API tells.
 * Throws a `ProviderError` where there is no usable answer.
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

/** Where a deployment of AIGC2D tells its balance is not public, so that it may well work without. */
function isMissing(error: unknown): boolean {
  return error instanceof ProviderError && (error.kind === 'malformed' || error.kind === 'rejected');
}

/** Which variables make an account work that did not; `undefined` where none do, or none are known. */
export async function findSettingsFor(account: ProviderConfig, ask: Ask): Promise<Settings | undefined> {
  const row = rowOf(account);
  return row === undefined ? undefined : findSettings(row, account, toAccountAsk(ask, account));
}

/** Whether the account works in whatever way it is asked until it comes to submits, which may be paid. */
export async function isAddressUntold(account: ProviderConfig, ask: Ask): Promise<boolean> {
  const row = rowOf(account);
  if (row === undefined) return false;
  try {
    return await isPrefixUntold(row, account, toAccountAsk(ask, account));
  } catch (error) {
    if (error instanceof ProviderError) return false; // the account itself has just answered
    throw error;
  }
}

function toAccountAsk(ask: Ask, { name }: ProviderConfig): Ask {
  return { ...ask, http: createAccountHttp(ask.http, name) };
}

function refsOf(account: ProviderConfig): Ref[] {
  const row = rowOf(account);
  if (row !== undefined) return refsOfNothing(account.pathPrefix ?? row.pathPrefix);
  return [{ id: account.kind === 'aigc2d' ? '100000000000000000' : '00000000-0000-4000-8000-000000000000' }];
}

function rowOf({ kind }: ProviderConfig): MjProxyRow | undefined {
  return kind in mjProxyRows ? mjProxyRows[kind as keyof typeof mjProxyRows] : undefined;
}
