import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  InteractionContextType,
  REST,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import { listBodies } from './commands/index.ts';
import { ConfigError, type DeployConfig, readConfig, readDeployConfig, secretsOf } from './src/config.ts';
import type { PricedAccount } from './src/discord/command.ts';
import { createTransport } from './src/discord/transport.ts';
import { createLog, type Logger } from './src/log.ts';
import { listPrices } from './src/points/prices.ts';
import { createOpenAgent } from './src/providers/agents.ts';
import { createHttp } from './src/providers/http.ts';
import { createProvider } from './src/providers/index.ts';

/** Something that failed after the commands were registered. */
interface Leftover {
  readonly scope: string;
  readonly error: unknown;
}

const everywhere = 'all servers';

/**
 * Registers every command in one scope (all servers, or the one in `DISCORD_GUILD_ID`) and empties the other,
 * since people see a command twice that is registered in both. Throws if nothing was registered; what could not be
 * emptied is told, and makes it false.
 */
async function deploy(config: DeployConfig, log: Logger): Promise<boolean> {
  const { token, apiUrl, guildId } = config.discord;
  const makeRequest = createTransport(createOpenAgent(config.proxies));
  const rest = new REST({ api: apiUrl, makeRequest }).setToken(token);
  const { id } = read(applicationSchema, await rest.get(Routes.currentApplication()));
  const body = listBodies(listAccounts());
  const names = body.map(({ name }) => name);

  if (guildId === undefined) {
    const scoped = body.map((command) => ({ ...command, ...toScope(config) }));
    await rest.put(Routes.applicationCommands(id), {
      body: [...scoped, ...(await listEntryPoints(rest, id))],
    });
  } else await rest.put(Routes.applicationGuildCommands(id, guildId), { body });
  const { emptied, left } =
    guildId === undefined ? await emptyServers(config, rest, id) : await emptyEverywhere(rest, id);
  log.info({ commands: names, scope: guildId ?? everywhere, emptied }, 'commands registered');
  for (const { scope, error } of left) {
    const sentence = 'what is registered here as well could not be removed, so people may see commands twice';
    log.error({ scope, error }, `${sentence}; run npm run deploy again`);
  }
  return left.length === 0;
}

/** The accounts whose prices are told. None of their variables is needed to register commands: without, no price is told. */
function listAccounts(): PricedAccount[] {
  try {
    const http = createHttp({ dispatcher: createOpenAgent() });
    return readConfig().providers.map((provider) => ({
      actions: createProvider(provider, http).provider.actions,
      prices: listPrices(provider.kind, provider.prices),
    }));
  } catch (error) {
    if (error instanceof ConfigError) return [];
    throw error;
  }
}

/** What Discord adds to a command by itself. */
const added: ReadonlySet<string> = new Set(['application_id', 'version', 'dm_permission']);

/**
 * What starts an application's activity, as it can be sent back: Discord refuses to replace all commands without it
 * (50240), and makes it by itself where activities are turned on. It is for all servers only.
 */
async function listEntryPoints(rest: REST, id: string): Promise<object[]> {
  const query = new URLSearchParams({ with_localizations: 'true' });
  const registered = read(commandsSchema, await rest.get(Routes.applicationCommands(id), { query }));
  return registered
    .filter(({ type }) => type === ApplicationCommandType.PrimaryEntryPoint)
    .map((command) => Object.fromEntries(Object.entries(command).filter(([field]) => !added.has(field))));
}

async function emptyEverywhere(rest: REST, id: string): Promise<{ emptied: string[]; left: Leftover[] }> {
  try {
    await rest.put(Routes.applicationCommands(id), { body: await listEntryPoints(rest, id) });
    return { emptied: [everywhere], left: [] };
  } catch (error) {
    return { emptied: [], left: [{ scope: everywhere, error }] };
  }
}

/** A server that refuses keeps no other from being emptied. */
async function emptyServers(
  config: DeployConfig,
  rest: REST,
  id: string,
): Promise<{ emptied: string[]; left: Leftover[] }> {
  const emptied: string[] = [];
  const left: Leftover[] = [];
  try {
    for (const server of await listServers(config, rest)) {
      try {
        const route = Routes.applicationGuildCommands(id, server);
        if (read(listSchema, await rest.get(route)).length === 0) continue;
        await rest.put(route, { body: [] });
        emptied.push(server);
      } catch (error) {
        left.push({ scope: server, error });
      }
    }
  } catch (error) {
    left.push({ scope: 'every server', error });
  }
  return { emptied, left };
}

const applicationSchema = z.object({ id: z.string().regex(/^\d+$/) });
const listSchema = z.array(z.unknown());
const commandsSchema = z.array(z.looseObject({ type: z.number().optional() }));
const serversSchema = z.array(applicationSchema);

/** An answer of that form. What is not Discord may answer anything with 200. */
function read<Value>(schema: z.ZodType<Value>, answer: unknown): Value {
  const { success, data } = schema.safeParse(answer);
  if (!success) throw new Error("this isn't an answer from Discord: look at DISCORD_API_URL");
  return data;
}

/** Where Discord offers a command. Both can be said only of commands for all servers. */
function toScope({ allowsDirect }: DeployConfig) {
  const { Guild, BotDM, PrivateChannel } = InteractionContextType;
  const { GuildInstall, UserInstall } = ApplicationIntegrationType;
  return allowsDirect
    ? { contexts: [Guild, BotDM, PrivateChannel], integration_types: [GuildInstall, UserInstall] }
    : { contexts: [Guild], integration_types: [GuildInstall] };
}

/** The servers that the bot is in, of those that are allowed. */
async function listServers({ discord }: DeployConfig, rest: REST): Promise<string[]> {
  const servers: string[] = [];
  for (let after: string | undefined = '0'; after !== undefined; ) {
    const query = new URLSearchParams({ limit: '200', after });
    const page = read(serversSchema, await rest.get(Routes.userGuilds(), { query }));
    servers.push(...page.map(({ id }) => id));
    after = page.length < 200 ? undefined : page.at(-1)?.id;
  }
  return servers.filter((id) => discord.allowedGuilds === '*' || discord.allowedGuilds.has(id));
}

try {
  const config = readDeployConfig();
  const log = createLog({ level: config.logLevel, secrets: secretsOf({ ...config, providers: [] }) });
  const isComplete = await deploy(config, log).catch((error: unknown) => {
    log.fatal({ error }, 'the commands were not registered');
    return false;
  });
  if (!isComplete) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(
    `${[`the commands were not registered: ${error.message}`, ...error.problems].join('\n  ')}\n`,
  );
  process.exitCode = 1;
}
