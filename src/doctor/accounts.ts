import { type ProviderConfig, variablesOf } from '../config.ts';
import { ProviderError } from '../errors.ts';
import { askAccount, findSettingsFor, isPrefixUnchecked, type Settings } from '../providers/check.ts';
import type { Http } from '../providers/http.ts';
import type { Balance } from '../providers/provider.ts';
import { callTimeoutMs, explainCode } from './connection.ts';
import type { Line } from './line.ts';

/** Failures after which the account may still work if it's asked in another way. */
const mayNeedOtherSettings: ReadonlySet<ProviderError['kind']> = new Set([
  'auth',
  'malformed',
  'rejected',
  'moved',
]);

/** Makes one free call; if it fails, tries the other ways to ask such an API. */
export async function checkAccount(account: ProviderConfig, http: Http): Promise<Line> {
  const what = `account ${account.name} (${account.kind})`;
  try {
    const ask = { http, signal: AbortSignal.timeout(callTimeoutMs) };
    const balance = await askAccount(account, ask);
    if (await isPrefixUnchecked(account, ask))
      return { verdict: 'warn', what, text: describeUnchecked(account) };
    return { what, ...describeBalance(balance) };
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const settings = mayNeedOtherSettings.has(error.kind) ? await findOther(account, http) : undefined;
    if (settings === undefined) return { what, ...explain(error, account) };
    const cure = toVariables(settings, account);
    return { verdict: 'FAIL', what, text: `${error.message}; it works with ${spell(cure)}`, cure };
  }
}

function describeBalance(balance: Balance | undefined): Pick<Line, 'verdict' | 'text'> {
  if (balance === undefined)
    return { verdict: 'ok', text: 'the key works; this API does not tell the balance' };
  const { amount, unit } = balance;
  const shown = amount.toLocaleString('en-US', { maximumFractionDigits: 2 });
  return amount > 0
    ? { verdict: 'ok', text: `the key works; ${shown} ${unit} left` }
    : { verdict: 'warn', text: `the key works, but nothing is left (${shown} ${unit}): top up` };
}

function describeUnchecked({ name }: ProviderConfig): string {
  const variables = variablesOf(name);
  return (
    'the key works, but this API answers free calls with any prefix before /mj/; if tasks fail, leave out ' +
    `${variables}PATH_PREFIX and the path of ${variables}BASE_URL`
  );
}

/** Finds a way that works; `undefined` if there's none, so that the first answer is reported. */
async function findOther(account: ProviderConfig, http: Http): Promise<Settings | undefined> {
  try {
    return await findSettingsFor(account, { http, signal: AbortSignal.timeout(2 * callTimeoutMs) });
  } catch (error) {
    if (error instanceof ProviderError) return undefined;
    throw error;
  }
}

function toVariables(settings: Settings, { name }: ProviderConfig): Record<string, string> {
  const prefix = variablesOf(name);
  return Object.fromEntries(Object.entries(settings).map(([part, value]) => [prefix + part, value]));
}

/** As it would be written in `.env`. */
function spell(variables: Readonly<Record<string, string>>): string {
  const lines = Object.entries(variables).map(
    ([name, value]) => `${name}=${value}${value === '' ? ' (empty)' : ''}`,
  );
  return lines.length === 0 ? 'the same variables when it is asked again' : lines.join(' and ');
}

function explain(error: ProviderError, account: ProviderConfig): Pick<Line, 'verdict' | 'text'> {
  const { message, reason, code, status } = error;
  const variables = variablesOf(account.name);
  const said = reason === undefined ? message : `${message}: "${reason}"`;
  switch (error.kind) {
    case 'auth':
      return { verdict: 'FAIL', text: `${message} (${status}): look at ${variables}API_KEY` };
    case 'balance':
      return { verdict: 'FAIL', text: `${message}: top up` };
    case 'busy':
      return { verdict: 'warn', text: `${message}; so the key could not be checked` };
    case 'unavailable':
      if (code?.startsWith('PROXY_')) return { verdict: 'FAIL', text: explainCode(code) };
      if (account.kind === 'aigc2d' && code !== undefined) return { verdict: 'FAIL', text: message };
      if (code === undefined)
        return {
          verdict: 'FAIL',
          text: `${message}: the API is in trouble, unless ${variables}BASE_URL is wrong`,
        };
      if (code === 'BLOCKED_ADDRESS')
        return { verdict: 'FAIL', text: `${message}: look at ${variables}BASE_URL` };
      return { verdict: 'FAIL', text: `${explainCode(code)}: look at ${variables}BASE_URL` };
    case 'blocked':
    case 'moved':
      return { verdict: 'FAIL', text: message };
    case 'faulty':
      return { verdict: 'warn', text: `${said}: the API is in trouble, so the key could not be checked` };
    case 'rejected':
    case 'malformed':
      return { verdict: 'FAIL', text: `${said}${adviceFor(error, account)}` };
  }
}

/** Where to look. AIGC2D's errors already say it. */
function adviceFor({ kind: fault, status }: ProviderError, { kind, name }: ProviderConfig): string {
  const variables = variablesOf(name);
  if (kind === 'aigc2d') return '';
  const isMisplaced = status === 404 || status === 405;
  if (fault === 'rejected' && !isMisplaced) return ': the address is right, ask whoever runs this API';
  if (kind === 'acedata' || kind === 'apixo') return `: look at ${variables}BASE_URL`;
  return `: look at ${variables}BASE_URL and ${variables}PATH_PREFIX`;
}
