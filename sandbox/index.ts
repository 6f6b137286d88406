import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BotProcess, type Environment, startProgram } from './bot.ts';
import { createDiscord, type Discord, type DiscordOptions } from './discord/index.ts';
import { findFreePort } from './free-port.ts';
import { standIns } from './providers/index.ts';
import type { ProviderOptions, StandIn } from './providers/stand-in.ts';

export type { BotProcess, Environment } from './bot.ts';

export type Kind = keyof typeof standIns;

/** Every kind that has a stand-in, in the order of the table. */
export const kinds = Object.keys(standIns) as Kind[];

export interface SandboxOptions {
  discord?: DiscordOptions;
  /** Which API the bot uses, as its one account `main`. */
  kind?: Kind;
  /** Several of them instead, each as an account named after its kind; the first is preferred. */
  kinds?: readonly Kind[];
  provider?: ProviderOptions;
  /** Gives the bot a public address, so that the providers can call back. */
  callbacks?: boolean;
  /** Where the bot keeps its data; by default a temporary folder that is removed at the end. */
  dataDirectory?: string;
}

/** A Discord, a provider, and a bot between them, all on this machine and without any account. */
export interface Sandbox {
  readonly discord: Discord;
  /** The preferred one. */
  readonly provider: StandIn;
  readonly providers: readonly StandIn[];
  readonly dataDirectory: string;
  /** Where the bot accepts callbacks, the same across restarts; `undefined` unless `callbacks` is set. */
  readonly publicUrl: string | undefined;
  /** The bot's configuration. */
  readonly environment: Environment;
  /** Registers the commands, as `npm run deploy` does. */
  deploy(overrides?: Environment): Promise<void>;
  /** Starts the real bot and resolves once it accepts interactions. */
  startBot(overrides?: Environment): Promise<BotProcess>;
  /** Starts it without waiting for anything, for configurations that can't work. */
  launchBot(overrides?: Environment): BotProcess;
  close(): Promise<void>;
}

/** Builds the sandbox; the bot isn't started yet. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const discord = await createDiscord(options.discord);
  const accounts = await openAccounts(options);
  const providers = accounts.map(({ standIn }) => standIn);
  const provider = providers[0] as StandIn;
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'relay-sandbox-')));
  const callbacks = options.callbacks === true ? await chooseAddress() : undefined;
  const bots = new Set<BotProcess>();
  const environment: Environment = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    ALLOWED_GUILDS: discord.world.guild.id,
    PROVIDERS: accounts.map(({ name, standIn }) => `${name}=${standIn.kind}`).join(','),
    ...Object.assign({}, ...accounts.map(toEnvironment)),
    TRUSTED_HOSTS: [discord, ...providers].map(({ url }) => new URL(url).host).join(','),
    DATA_DIR: dataDirectory,
    ADMIN_PORT: '0',
    ...callbacks,
  };

  function launchBot(overrides: Environment = {}): BotProcess {
    const bot = startProgram('src/start.ts', { ...environment, ...overrides });
    bots.add(bot);
    void bot.exited.then(() => bots.delete(bot));
    return bot;
  }

  return {
    discord,
    provider,
    providers,
    dataDirectory,
    publicUrl: callbacks?.PUBLIC_URL,
    environment,
    launchBot,
    async deploy(overrides = {}) {
      const deployment = startProgram('deploy-commands.ts', { ...environment, ...overrides });
      if ((await deployment.exited) !== 0) throw new Error(deployment.lines.join('\n'));
    },
    async startBot(overrides) {
      const bot = launchBot(overrides);
      await bot.line('"msg":"ready"');
      return bot;
    },
    async close() {
      await Promise.all([...bots].map((bot) => bot.end('SIGKILL')));
      await Promise.all([discord.close(), ...providers.map((one) => one.close())]);
      if (options.dataDirectory === undefined) await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}

async function chooseAddress() {
  const port = String(await findFreePort());
  return { PUBLIC_URL: `http://127.0.0.1:${port}`, HTTP_HOST: '127.0.0.1', HTTP_PORT: port };
}

interface Account {
  name: string;
  standIn: StandIn;
}

function openAccounts({
  kind = '4allapi',
  kinds: several,
  provider = {},
}: SandboxOptions): Promise<Account[]> {
  const wanted = several?.map((one) => ({ name: one, kind: one })) ?? [{ name: 'main', kind }];
  return Promise.all(
    wanted.map(async (one) => ({ name: one.name, standIn: await standIns[one.kind](provider) })),
  );
}

function toEnvironment({ name, standIn }: Account): Environment {
  const prefix = `PROVIDER_${name.toUpperCase().replaceAll('-', '_')}`;
  return { [`${prefix}_API_KEY`]: standIn.key, [`${prefix}_BASE_URL`]: standIn.url };
}
