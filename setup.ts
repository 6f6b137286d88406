import { resolve } from 'node:path';
import { listBodies } from './commands/index.ts';
import { ConfigError, readConfig, readDeployConfig } from './src/config.ts';
import { createRegistration } from './src/discord/registration.ts';
import { createTransport } from './src/discord/transport.ts';
import { checkAccount } from './src/doctor/accounts.ts';
import { explainDiscord, identify, listServers } from './src/doctor/discord.ts';
import { toInvitation } from './src/doctor/invitation.ts';
import { listPricedAccounts } from './src/priced-accounts.ts';
import { createAgents, createOpenAgent } from './src/providers/agents.ts';
import { createHttp } from './src/providers/http.ts';
import {
  readEnvFile,
  UnwritableError,
  type Values,
  valuesOf,
  withValues,
  writeEnvFile,
} from './src/setup/env-file.ts';
import { askForSettings, type Inquiries, SetupError } from './src/setup/setup.ts';
import { createTerminal, NoAnswerError, type Terminal } from './src/setup/terminal.ts';

const file = resolve('.env');

/** Before servers are known, every server is allowed. */
function toDiscord(environment: Values) {
  const config = readDeployConfig({ ...environment, ALLOWED_GUILDS: environment['ALLOWED_GUILDS'] || '*' });
  return { config, discord: config.discord, makeRequest: createTransport(createOpenAgent(config.proxies)) };
}

const inquiries: Inquiries = {
  checkToken: async (environment) => (await identify(toDiscord(environment))).line,
  listServers: (environment) => listServers(toDiscord(environment)).catch(() => []),
  async invitation(environment) {
    const { application } = await identify(toDiscord(environment));
    return toInvitation(application?.id ?? 'YOUR_APPLICATION_ID');
  },
  async checkAccount(environment) {
    const config = readConfig(environment);
    const [account] = config.providers;
    if (account === undefined) throw new SetupError('PROVIDERS names no account');
    return checkAccount(account, createHttp({ dispatcher: createAgents(config).account(account) }));
  },
};

/** Writes what is new; what `.env` says already is only replaced if that is wanted. */
async function save(settings: Values, terminal: Terminal): Promise<void> {
  const text = readEnvFile(file);
  const old = valuesOf(text);
  const differing = Object.keys(settings).filter((name) => old[name] && old[name] !== settings[name]);
  if (differing.length > 0 && !process.argv.includes('--yes')) {
    const answer = await terminal
      .ask(`${file} has another ${differing.join(', ')}. Replace it? [y/N]: `)
      .catch((error: unknown) => {
        if (!(error instanceof NoAnswerError)) throw error;
        throw new SetupError('nobody answered: npm run setup -- --yes replaces it');
      });
    if (!answer.toLowerCase().startsWith('y')) throw new SetupError(`${file} was left as it is`);
  }
  writeEnvFile(file, withValues(text, settings));
  terminal.say(`${file} is written, and only you can read it.`);
}

async function register(environment: Values, terminal: Terminal): Promise<void> {
  const { config, makeRequest } = toDiscord(environment);
  try {
    const bodies = listBodies(listPricedAccounts(readConfig(environment)));
    const { commands, scope, left } = await createRegistration({ config, bodies, makeRequest }).register();
    terminal.say(`${commands.length} commands are registered in ${scope}.`);
    if (left.length === 0) return;
    const places = left.map((leftover) => leftover.scope).join(', ');
    terminal.say(
      `Older ones could not be removed, so people may see commands twice in ${places}. Run npm run deploy.`,
    );
    process.exitCode = 1;
  } catch (error) {
    terminal.say(
      `The commands could not be registered: ${explainDiscord(error).text}. Then run npm run deploy.`,
    );
    process.exitCode = 1;
  }
}

/** What the operator can do something about, as a sentence; anything else is thrown again. */
function explain(error: unknown): string {
  const { code, syscall, message } = error as NodeJS.ErrnoException;
  if ([SetupError, NoAnswerError, ConfigError, UnwritableError].some((kind) => error instanceof kind))
    return message;
  if (syscall !== undefined) return `${file} can't be read or written (${code})`;
  throw error;
}

async function main(): Promise<void> {
  const terminal = createTerminal({ input: process.stdin, output: process.stdout });
  try {
    const known = Object.fromEntries(
      Object.entries({ ...valuesOf(readEnvFile(file)), ...process.env }).filter(([, value]) => value?.trim()),
    ) as Values;
    const settings = await askForSettings({ terminal, inquiries, known });
    await save(settings, terminal);
    await register({ ...known, ...settings }, terminal);
    terminal.say(
      `To add the bot to another server: ${await inquiries.invitation({ ...known, ...settings })}`,
    );
    terminal.say('Start it with npm start.');
  } catch (error) {
    const lines = error instanceof ConfigError ? error.problems : [];
    process.stderr.write(`${[`setup ended: ${explain(error)}`, ...lines].join('\n  ')}\n`);
    process.exitCode = 1;
  } finally {
    terminal.close();
  }
}

await main();
