import { commands } from '../commands/index.ts';
import { type Config, ConfigError, readConfig, secretsOf } from './config.ts';
import { createTransport } from './discord/transport.ts';
import { checkAccount } from './doctor/accounts.ts';
import { checkDiscord } from './doctor/discord.ts';
import { count, enumerate, type Line, toText } from './doctor/line.ts';
import { checkBudget, checkPrices } from './doctor/prices.ts';
import { checkPublicAddress } from './doctor/public-address.ts';
import { checkDirectory, checkLedger } from './doctor/storage.ts';
import { checkWayOut, type Destination } from './doctor/way-out.ts';
import { createHiding } from './hiding.ts';
import { createAgents } from './providers/agents.ts';
import { createHttp } from './providers/http.ts';
import { baseUrlOf, createProvider } from './providers/index.ts';

/** A check, and what its line is about if it fails in an unexpected way. */
interface Check {
  readonly what: string;
  run(): Line | Promise<Line | readonly Line[]>;
}

function listChecks(config: Config): Check[] {
  const { discord, dataDirectory, providers, callbacks, proxies } = config;
  const agents = createAgents(config);
  const makeRequest = createTransport(agents.discord);
  const accounts = providers.map(
    (account) => [account, createHttp({ dispatcher: agents.account(account) })] as const,
  );
  const commandNames = commands.map(({ data }) => data.name);
  return [
    { what: 'Discord', run: () => checkDiscord({ discord, makeRequest, commandNames }) },
    { what: 'way out', run: () => checkWayOut(proxies, listDestinations(config)) },
    { what: 'storage', run: () => checkDirectory(dataDirectory) },
    { what: 'ledger', run: () => checkLedger(dataDirectory) },
    { what: 'server budget', run: () => checkBudget(config) },
    ...accounts.map(([account, http]) => ({
      what: `account ${account.name}`,
      run: () => checkAccount(account, http),
    })),
    ...accounts.map(([account, http]) => ({
      what: `prices of ${account.name}`,
      run: () => checkPrices(account, createProvider(account, http).provider),
    })),
    { what: 'public address', run: () => checkPublicAddress(callbacks) },
  ];
}

/** What the bot calls. With the real Discord, its socket and its files have their own hosts. */
function listDestinations({ discord: { apiUrl }, providers }: Config): Destination[] {
  const isDiscord = new URL(apiUrl).hostname === 'discord.com';
  return [
    { what: 'Discord', url: apiUrl },
    ...(isDiscord ? [{ what: "Discord's gateway", url: 'https://gateway.discord.gg' }] : []),
    ...(isDiscord ? [{ what: "Discord's files", url: 'https://cdn.discordapp.com' }] : []),
    ...providers.map((account) => ({ what: `account ${account.name}`, url: baseUrlOf(account) })),
  ];
}

/** The language's own error messages don't help anybody who runs a bot. */
function describe(error: unknown): string {
  const isOurs = [TypeError, RangeError, SyntaxError, ReferenceError].some((fault) => error instanceof fault);
  if (error instanceof Error && !isOurs) return error.message;
  return `a fault of the doctor itself, please report it (${error instanceof Error ? error.name : typeof error})`;
}

async function take({ what, run }: Check): Promise<readonly Line[]> {
  try {
    return [await run()].flat();
  } catch (error) {
    return [{ verdict: 'FAIL', what, text: `it could not be checked: ${describe(error)}` }];
  }
}

/** Runs all checks at once, and prints their lines in the order of the list. */
async function main(): Promise<void> {
  let hide = (text: string) => text;
  const tell = (line: Line) => {
    process.stdout.write(`${toText(line, hide)}\n`);
    if (line.verdict === 'FAIL') process.exitCode = 1;
  };
  try {
    const config = readConfig();
    ({ hide } = createHiding(secretsOf(config), { publicUrl: config.callbacks?.publicUrl }));
    const names = enumerate(
      config.providers.map(({ name }) => name),
      10,
    );
    const text = `it can be read; ${count(config.providers.length, 'account')} (${names})`;
    tell({ verdict: 'ok', what: 'configuration', text });
    for (const lines of listChecks(config).map(take)) for (const line of await lines) tell(line);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const text of error.problems) tell({ verdict: 'FAIL', what: 'configuration', text });
    tell({ verdict: 'skip', what: 'everything else', text: 'fix the configuration first' });
  }
}

await main();
