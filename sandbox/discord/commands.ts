import type { APIApplicationCommand, APIApplicationCommandOption } from 'discord-api-types/v10';
import { ApplicationCommandType } from 'discord-api-types/v10';
import type { NextId } from './snowflakes.ts';

/** A command as the bot's deploy script registered it, with what Discord adds. */
export interface RegisteredCommand {
  readonly id: string;
  readonly application_id: string;
  readonly guild_id?: string;
  readonly version: string;
  readonly type: ApplicationCommandType;
  readonly name: string;
  readonly description: string;
  readonly options?: APIApplicationCommandOption[];
  readonly default_member_permissions: string | null;
  readonly nsfw: boolean;
  readonly contexts?: number[] | null;
  readonly integration_types?: number[];
  readonly dm_permission?: boolean;
  readonly name_localizations?: APIApplicationCommand['name_localizations'];
  readonly description_localizations?: APIApplicationCommand['description_localizations'];
}

export type NewCommand = Partial<RegisteredCommand> & { name: string };

export interface Commands {
  list(guildId?: string): RegisteredCommand[];
  /** Replaces the whole set, as the PUT routes do; a command that keeps its name keeps its id. */
  replace(commands: readonly NewCommand[], guildId?: string): RegisteredCommand[];
  /** The server's own command goes before the global one of the same name. */
  find(name: string, type: ApplicationCommandType, guildId?: string): RegisteredCommand | undefined;
}

export function createCommands(applicationId: string, nextId: NextId): Commands {
  const sets = new Map<string | undefined, RegisteredCommand[]>();

  const list = (guildId?: string) => sets.get(guildId) ?? [];

  function replace(commands: readonly NewCommand[], guildId?: string): RegisteredCommand[] {
    const before = list(guildId);
    const set = commands.map((command): RegisteredCommand => {
      const type = command.type ?? ApplicationCommandType.ChatInput;
      const known = before.find((candidate) => candidate.name === command.name && candidate.type === type);
      const isGlobal = guildId === undefined;
      return {
        description: '',
        default_member_permissions: null,
        nsfw: false,
        ...(isGlobal && { contexts: null, integration_types: [0, 1] }),
        ...command,
        type,
        id: known?.id ?? nextId(),
        version: nextId(),
        application_id: applicationId,
        ...(guildId !== undefined && { guild_id: guildId }),
      };
    });
    sets.set(guildId, set);
    return set;
  }

  return {
    list,
    replace,
    find: (name, type, guildId) =>
      [...(guildId === undefined ? [] : list(guildId)), ...list()].find(
        (command) => command.name === name && command.type === type,
      ),
  };
}
