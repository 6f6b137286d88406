import type { RESTOptions } from 'discord.js';
import type { Config, ProviderConfig } from '../config.ts';
import type { Http } from '../providers/http.ts';
import { baseUrlOf, createProvider } from '../providers/index.ts';
import { checkAccount } from './accounts.ts';
import { checkAlerts } from './alerts.ts';
import { checkDiscord } from './discord.ts';
import { checkLimits, hasLimits } from './limits.ts';
import type { Line } from './line.ts';
import { checkBudget, checkPrices } from './prices.ts';
import { checkPublicAddress } from './public-address.ts';
import { checkDirectory, checkLedger } from './storage.ts';
import { checkWayOut, type Destination } from './way-out.ts';

/** A check, and what its line is about if it fails in an unexpected way. */
export interface Check {
  readonly what: string;
  run(): Line | Promise<Line | readonly Line[]>;
}

export interface CheckDependencies {
  readonly config: Config;
  readonly makeRequest: RESTOptions['makeRequest'];
  readonly httpOf: (account: ProviderConfig) => Http;
  /** The names of all commands. */
  readonly commandNames: readonly string[];
}

/** Everything that the doctor checks, in the order of its lines. */
export function listChecks(dependencies: CheckDependencies): Check[] {
  const { config, httpOf } = dependencies;
  const { dataDirectory, providers, proxies } = config;
  return [
    discordCheck(dependencies),
    { what: 'way out', run: () => checkWayOut(proxies, listDestinations(config)) },
    { what: 'storage', run: () => checkDirectory(dataDirectory) },
    { what: 'ledger', run: () => checkLedger(dataDirectory) },
    { what: 'server budget', run: () => checkBudget(config) },
    ...accountChecks(dependencies),
    ...providers.map((account) => ({
      what: `prices of ${account.name}`,
      run: () => checkPrices(account, createProvider(account, httpOf(account)).provider),
    })),
    { what: 'alerts', run: () => checkAlerts(config) },
    ...providers.filter(hasLimits).map((account) => ({
      what: `limits of ${account.name}`,
      run: () => checkLimits(account, config.timeZone),
    })),
    publicAddressCheck(dependencies),
  ];
}

/** What only others can tell; the bot sees for itself whether it can write to its folder. */
export function listStartChecks(dependencies: CheckDependencies): Check[] {
  const { config } = dependencies;
  const budget: Check = { what: 'server budget', run: () => checkBudget(config) };
  if (!config.checkOnStart) return [budget];
  return [
    discordCheck(dependencies),
    budget,
    ...accountChecks(dependencies),
    publicAddressCheck(dependencies),
  ];
}

function discordCheck({ config: { discord }, makeRequest, commandNames }: CheckDependencies): Check {
  return { what: 'Discord', run: () => checkDiscord({ discord, makeRequest, commandNames }) };
}

function accountChecks({ config: { providers }, httpOf }: CheckDependencies): Check[] {
  return providers.map((account) => ({
    what: `account ${account.name}`,
    run: () => checkAccount(account, httpOf(account)),
  }));
}

function publicAddressCheck({ config: { callbacks } }: CheckDependencies): Check {
  return { what: 'public address', run: () => checkPublicAddress(callbacks) };
}

/** What the bot calls. With the real Discord, its socket and its files have their own hosts. */
function listDestinations({ discord: { apiUrl }, providers, alertWebhookUrl }: Config): Destination[] {
  const isDiscord = new URL(apiUrl).hostname === 'discord.com';
  return [
    { what: 'Discord', url: apiUrl },
    ...(isDiscord ? [{ what: "Discord's gateway", url: 'https://gateway.discord.gg' }] : []),
    ...(isDiscord ? [{ what: "Discord's files", url: 'https://cdn.discordapp.com' }] : []),
    ...providers.map((account) => ({ what: `account ${account.name}`, url: baseUrlOf(account) })),
    ...(alertWebhookUrl === undefined ? [] : [{ what: 'alerts', url: alertWebhookUrl }]),
  ];
}

/** The lines of a check, even if it fails in a way that it doesn't know. */
export async function takeCheck({ what, run }: Check): Promise<readonly Line[]> {
  try {
    return [await run()].flat();
  } catch (error) {
    return [{ verdict: 'FAIL', what, text: `it could not be checked: ${describe(error)}` }];
  }
}

/** The language's own error messages don't help anybody who runs a bot. */
function describe(error: unknown): string {
  const isOurs = [TypeError, RangeError, SyntaxError, ReferenceError].some((fault) => error instanceof fault);
  if (error instanceof Error && !isOurs) return error.message;
  return `a fault of the doctor itself, please report it (${error instanceof Error ? error.name : typeof error})`;
}
