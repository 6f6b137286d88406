import {
  ApplicationIntegrationType,
  InteractionContextType,
  REST,
  type RESTGetAPICurrentUserGuildsResult,
  Routes,
} from 'discord.js';
import { commands } from './commands/index.ts';
import { ConfigError, type DeployConfig, readDeployConfig, secretsOf } from './src/config.ts';
import { createTransport } from './src/discord/transport.ts';
import { createLog, type Logger } from './src/log.ts';
import { createOpenAgent } from './src/providers/agents.ts';

/**
 * Registers every command in one scope (all servers, or the one in `DISCORD_GUILD_ID`) and empties the other,
 * since people see a command twice that is registered in both. Throws where Discord refuses.
 */
async function deploy(config: DeployConfig, log: Logger): Promise<void> {
  const { token, apiUrl, guildId } = config.discord;
  const makeRequest = createTransport(createOpenAgent(config.proxies));
  const rest = new REST({ api: apiUrl, makeRequest }).setToken(token);
  const { id } = (await rest.get(Routes.currentApplication())) as { id: string };
  const body = commands.map((command) => command.data.toJSON());
  const emptied: string[] = [];

  if (guildId === undefined) {
    await rest.put(Routes.applicationCommands(id), {
      body: body.map((command) => ({ ...command, ...toScope(config) })),
    });
    for (const server of await listServers(config, rest)) {
      const route = Routes.applicationGuildCommands(id, server);
      const left = (await rest.get(route)) as unknown[];
      if (left.length === 0) continue;
      await rest.put(route, { body: [] });
      emptied.push(server);
    }
  } else {
    await rest.put(Routes.applicationGuildCommands(id, guildId), { body });
    await rest.put(Routes.applicationCommands(id), { body: [] });
    emptied.push('all servers');
  }
  log.info(
    { commands: body.map(({ name }) => name), scope: guildId ?? 'all servers', emptied },
    'commands registered',
  );
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
    const page = (await rest.get(Routes.userGuilds(), { query })) as RESTGetAPICurrentUserGuildsResult;
    servers.push(...page.map(({ id }) => id));
    after = page.length < 200 ? undefined : page.at(-1)?.id;
  }
  return servers.filter((id) => discord.allowedGuilds === '*' || discord.allowedGuilds.has(id));
}

try {
  const config = readDeployConfig();
  const log = createLog({ level: config.logLevel, secrets: secretsOf({ ...config, providers: [] }) });
  await deploy(config, log).catch((error: unknown) => {
    log.fatal({ error }, 'the commands were not registered');
    process.exitCode = 1;
  });
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(
    `${[`the commands were not registered: ${error.message}`, ...error.problems].join('\n  ')}\n`,
  );
  process.exitCode = 1;
}
