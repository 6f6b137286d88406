import {
  ApplicationCommandType,
  ApplicationIntegrationType,
  DiscordAPIError,
  InteractionContextType,
  REST,
  type RESTOptions,
  Routes,
} from 'discord.js';
import { z } from 'zod';
import type { DeployConfig } from '../config.ts';

export interface RegistrationDependencies {
  readonly config: Pick<DeployConfig, 'discord' | 'allowsDirect'>;
  /** What to register, as Discord takes it. */
  readonly bodies: readonly { readonly name: string }[];
  readonly makeRequest: RESTOptions['makeRequest'];
}

/** What was done. */
export interface Registered {
  readonly commands: readonly string[];
  /** The server's id, or {@link everywhere}. */
  readonly scope: string;
  /** Where commands were removed, since people see those twice that are registered in two places. */
  readonly emptied: readonly string[];
  readonly left: readonly Leftover[];
}

/** A place that couldn't be emptied. */
export interface Leftover {
  readonly scope: string;
  readonly error: unknown;
}

export interface Registration {
  /** Registers every command in one scope, and empties the other. Rejects if nothing was registered. */
  register(): Promise<Registered>;
  /** Whether no command of this application is registered anywhere that it works, as before its first start. */
  hasNone(): Promise<boolean>;
}

export const everywhere = 'all servers';

/** How many servers to look into before the commands count as registered nowhere. */
const mostServersLookedInto = 20;

/** Registers commands in all servers, or in the one of `DISCORD_GUILD_ID`. */
export function createRegistration({ config, bodies, makeRequest }: RegistrationDependencies): Registration {
  const { token, apiUrl, guildId } = config.discord;
  const rest = new REST({ api: apiUrl, makeRequest }).setToken(token);

  async function findApplication(): Promise<string> {
    return read(applicationSchema, await rest.get(Routes.currentApplication())).id;
  }

  async function listCommands(route: `/${string}`): Promise<z.infer<typeof commandsSchema>> {
    const query = new URLSearchParams({ with_localizations: 'true' });
    return read(commandsSchema, await rest.get(route, { query }));
  }

  /**
   * What starts an application's activity, as it can be sent back: Discord refuses to replace all commands without it
   * (50240), and makes it by itself where activities are turned on. It is for all servers only.
   */
  async function listEntryPoints(id: string): Promise<object[]> {
    const registered = await listCommands(Routes.applicationCommands(id));
    return registered
      .filter(isEntryPoint)
      .map((command) => Object.fromEntries(Object.entries(command).filter(([field]) => !added.has(field))));
  }

  async function emptyEverywhere(id: string): Promise<Pick<Registered, 'emptied' | 'left'>> {
    try {
      await rest.put(Routes.applicationCommands(id), { body: await listEntryPoints(id) });
      return { emptied: [everywhere], left: [] };
    } catch (error) {
      return { emptied: [], left: [{ scope: everywhere, error }] };
    }
  }

  /** A server that refuses keeps no other from being emptied. */
  async function emptyServers(id: string): Promise<Pick<Registered, 'emptied' | 'left'>> {
    const emptied: string[] = [];
    const left: Leftover[] = [];
    try {
      for (const server of await listServers()) {
        try {
          const route = Routes.applicationGuildCommands(id, server);
          if ((await listCommands(route)).length === 0) continue;
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

  /** The servers that the bot is in, of those that are allowed. */
  async function listServers(): Promise<string[]> {
    const { allowedGuilds } = config.discord;
    const servers: string[] = [];
    for (let after: string | undefined = '0'; after !== undefined; ) {
      const query = new URLSearchParams({ limit: '200', after });
      const page = read(serversSchema, await rest.get(Routes.userGuilds(), { query }));
      servers.push(...page.map(({ id }) => id));
      after = page.length < 200 ? undefined : page.at(-1)?.id;
    }
    return servers.filter((id) => allowedGuilds === '*' || allowedGuilds.has(id));
  }

  /** A server that added the bot without its commands (no `applications.commands`) answers 403. */
  async function hasCommandsIn(id: string, server: string): Promise<boolean> {
    try {
      return (await listCommands(Routes.applicationGuildCommands(id, server))).length > 0;
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 403) return false;
      throw error;
    }
  }

  return {
    async register() {
      const id = await findApplication();
      if (guildId === undefined) {
        const scoped = bodies.map((command) => ({ ...command, ...toScope(config) }));
        await rest.put(Routes.applicationCommands(id), { body: [...scoped, ...(await listEntryPoints(id))] });
      } else await rest.put(Routes.applicationGuildCommands(id, guildId), { body: bodies });
      const others = guildId === undefined ? await emptyServers(id) : await emptyEverywhere(id);
      return { commands: bodies.map(({ name }) => name), scope: guildId ?? everywhere, ...others };
    },
    async hasNone() {
      const id = await findApplication();
      const inAll = await listCommands(Routes.applicationCommands(id));
      if (inAll.some((command) => !isEntryPoint(command))) return false;
      for (const server of (await listServers()).slice(0, mostServersLookedInto))
        if (await hasCommandsIn(id, server)) return false;
      return true;
    },
  };
}

/** What Discord adds to a command by itself. */
const added: ReadonlySet<string> = new Set(['application_id', 'version', 'dm_permission']);

const applicationSchema = z.object({ id: z.string().regex(/^\d+$/) });
const commandsSchema = z.array(z.looseObject({ type: z.number().optional() }));
const serversSchema = z.array(applicationSchema);

function isEntryPoint({ type }: { type?: number | undefined }): boolean {
  return type === ApplicationCommandType.PrimaryEntryPoint;
}

/** An answer of that form. What is not Discord may answer anything with 200. */
function read<Value>(schema: z.ZodType<Value>, answer: unknown): Value {
  const { success, data } = schema.safeParse(answer);
  if (!success) throw new Error("this isn't an answer from Discord: look at DISCORD_API_URL");
  return data;
}

/** Where Discord offers a command. Both can be said only of commands for all servers. */
function toScope({ allowsDirect }: Pick<DeployConfig, 'allowsDirect'>) {
  const { Guild, BotDM, PrivateChannel } = InteractionContextType;
  const { GuildInstall, UserInstall } = ApplicationIntegrationType;
  return allowsDirect
    ? { contexts: [Guild, BotDM, PrivateChannel], integration_types: [GuildInstall, UserInstall] }
    : { contexts: [Guild], integration_types: [GuildInstall] };
}
