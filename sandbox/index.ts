import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BotProcess, type Environment, startProgram } from './bot.ts';
import { createDiscord, type Discord, type DiscordOptions } from './discord/index.ts';
import { standIns } from './providers/index.ts';
import type { ProviderOptions, StandIn } from './providers/stand-in.ts';

export type { BotProcess, Environment } from './bot.ts';

export interface SandboxOptions {
  discord?: DiscordOptions;
  /** Which API stands behind the bot. */
  kind?: keyof typeof standIns;
  provider?: ProviderOptions;
  /** Where the bot keeps its data; a temporary folder, removed at the end, where absent. */
  dataDirectory?: string;
}

/** A Discord, a provider and a bot between them, all on this machine and with no account anywhere. */
export interface Sandbox {
  readonly discord: Discord;
  readonly provider: StandIn;
  readonly dataDirectory: string;
  /** What the bot is configured with. */
  readonly environment: Environment;
  /** Registers the commands, as `npm run deploy` does. */
  deploy(): Promise<void>;
  /** Starts the real bot and resolves once it takes interactions. */
  startBot(overrides?: Environment): Promise<BotProcess>;
  /** Starts it without waiting for anything: for configurations that cannot work. */
  launchBot(overrides?: Environment): BotProcess;
  close(): Promise<void>;
}

/** Builds the sandbox; the bot is not started yet. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const discord = await createDiscord(options.discord);
  const kind = options.kind ?? '4allapi';
  const provider = await standIns[kind](options.provider ?? {});
  const dataDirectory = options.dataDirectory ?? (await mkdtemp(join(tmpdir(), 'relay-sandbox-')));
  const bots = new Set<BotProcess>();
  const environment: Environment = {
    DISCORD_TOKEN: discord.token,
    DISCORD_API_URL: discord.url,
    ALLOWED_GUILDS: discord.world.guild.id,
    PROVIDERS: `main=${kind}`,
    PROVIDER_MAIN_API_KEY: provider.key,
    PROVIDER_MAIN_BASE_URL: provider.url,
    TRUSTED_HOSTS: [new URL(discord.url).host, new URL(provider.url).host].join(','),
    DATA_DIR: dataDirectory,
    ADMIN_PORT: '0',
  };

  function launchBot(overrides: Environment = {}): BotProcess {
    const bot = startProgram('src/main.ts', { ...environment, ...overrides });
    bots.add(bot);
    void bot.exited.then(() => bots.delete(bot));
    return bot;
  }

  return {
    discord,
    provider,
    dataDirectory,
    environment,
    launchBot,
    async deploy() {
      const deployment = startProgram('deploy-commands.ts', environment);
      if ((await deployment.exited) !== 0) throw new Error(deployment.lines.join('\n'));
    },
    async startBot(overrides) {
      const bot = launchBot(overrides);
      await bot.line('"msg":"ready"');
      return bot;
    },
    async close() {
      await Promise.all([...bots].map((bot) => bot.end('SIGKILL')));
      await Promise.all([discord.close(), provider.close()]);
      if (options.dataDirectory === undefined) await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
