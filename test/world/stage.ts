import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type BotProcess, type Environment, startProgram } from '../../sandbox/bot.ts';
import { createDiscord, type Discord } from '../../sandbox/discord/index.ts';
import type { Kind } from '../../sandbox/index.ts';
import { standIns } from '../../sandbox/providers/index.ts';
import type { StandIn } from '../../sandbox/providers/stand-in.ts';
import { createWhole } from '../helpers/whole.ts';
import { type Front, openFront } from './front.ts';
import { type Name, toHosts } from './names.ts';

/** Where each kind is. The first four are built into the bot; the operator sets the others. */
const apis: Readonly<Record<Kind, Name>> = {
  '4allapi': 'api.4allapi.com',
  acedata: 'api.acedata.cloud',
  apixo: 'api.apixo.ai',
  aigc2d: 'api.aigc2d.com',
  yutoai: 'yuto.example.com',
  mjproxy: 'proxy.mj.example.com',
};

/** Kinds for which the README requires a base URL. */
const withBaseUrl: ReadonlySet<Kind> = new Set(['yutoai', 'mjproxy']);

export interface WorldOptions {
  readonly kinds: readonly Kind[];
  /** The origin that providers name in the addresses of their pictures. */
  readonly pictures?: string;
}

/** A Discord, provider APIs and the bot, each at its production address. */
export interface World {
  readonly discord: Discord;
  readonly providers: ReadonlyMap<Kind, StandIn>;
  /** The first of those. */
  readonly provider: StandIn;
  readonly front: Front;
  /** The folder that the bot runs in, with its `.env`. */
  readonly directory: string;
  /** Runs a program like its npm script, in the folder of `.env`. */
  launch(file: string, nodeArguments?: readonly string[]): BotProcess;
  /** Starts the bot and resolves once it accepts interactions. */
  startBot(): Promise<BotProcess>;
  /** From now on programs run in a network that only resolves those names. */
  wallIn(...names: readonly Name[]): Promise<void>;
  /** Adds variables to `.env`. */
  set(variables: Environment): Promise<void>;
  close(): Promise<void>;
}

async function openWorld({ kinds, pictures = 'https://img.example.net' }: WorldOptions): Promise<World> {
  const front = await openFront();
  const discord = await createDiscord({
    addresses: { files: 'https://cdn.discordapp.com', gateway: 'wss://gateway.discord.gg' },
  });
  for (const name of ['discord.com', 'gateway.discord.gg', 'cdn.discordapp.com'] as const)
    front.routes.set(name, portOf(discord.url));
  const providers = new Map<Kind, StandIn>();
  for (const kind of kinds) {
    const provider = await standIns[kind]({
      pace: 0.001,
      taskTimeoutMs: 3_600_000,
      pictureHeight: 64,
      origins: { api: `https://${apis[kind]}`, pictures },
    });
    providers.set(kind, provider);
    front.routes.set(apis[kind], portOf(provider.url));
    front.routes.set('img.example.net', portOf(provider.url));
  }
  const [provider] = providers.values();
  if (provider === undefined) throw new Error('a world has a provider');
  const directory = await mkdtemp(join(tmpdir(), 'relay-operator-'));
  const bots = new Set<BotProcess>();
  let variables: Environment = {};
  let by: readonly string[] = [];

  async function set(more: Environment): Promise<void> {
    variables = { ...variables, ...more };
    const lines = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
    await writeFile(join(directory, '.env'), `${lines.join('\n')}\n`);
  }

  // The four required variables, and nothing else.
  await set({
    DISCORD_TOKEN: discord.token,
    ALLOWED_GUILDS: discord.world.guild.id,
    PROVIDERS: kinds.join(','),
  });
  for (const [kind, { key }] of providers) {
    const prefix = `PROVIDER_${kind.toUpperCase()}_`;
    await set({ [`${prefix}API_KEY`]: key });
    if (withBaseUrl.has(kind)) await set({ [`${prefix}BASE_URL`]: `https://${apis[kind]}` });
  }

  function launch(file: string, nodeArguments: readonly string[] = []): BotProcess {
    // The authority is up to the machine: in production the usual ones are built in.
    const environment = { NODE_EXTRA_CA_CERTS: process.env['NODE_EXTRA_CA_CERTS'] ?? '' };
    const words = [...nodeArguments, '--env-file-if-exists=.env'];
    const program = startProgram(file, environment, { by, directory, nodeArguments: words });
    bots.add(program);
    void program.exited.then(() => bots.delete(program));
    return program;
  }

  return {
    discord,
    providers,
    provider,
    front,
    directory,
    launch,
    set,
    async wallIn(...names) {
      const hosts = join(directory, 'hosts');
      await writeFile(hosts, toHosts(names));
      by = ['unshare', '--mount', 'sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hosts];
    },
    async startBot() {
      const bot = launch('src/start.ts', ['--max-semi-space-size=4']);
      await bot.line('"msg":"ready"');
      return bot;
    },
    async close() {
      await Promise.all([...bots].map((bot) => bot.end('SIGKILL')));
      await Promise.all([discord, ...providers.values(), front].map((one) => one.close()));
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

/** One world for all tests of a suite; each of the bot's requests must follow Discord's rules. */
export function useWorld(options: WorldOptions) {
  let world: World;
  beforeAll(async () => {
    world = await openWorld(options);
  });
  afterAll(async () => {
    await world.close();
    expect(world.discord.violations).toEqual([]);
  });
  const whole = createWhole(() => world);
  return Object.assign(whole, {
    /** What `npm run deploy` does. */
    async deploy(): Promise<void> {
      const deployment = world.launch('deploy-commands.ts');
      expect(await deployment.exited, deployment.lines.join('\n')).toBe(0);
    },
  });
}
