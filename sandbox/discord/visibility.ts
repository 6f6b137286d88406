import { ApplicationIntegrationType, PermissionFlagsBits } from 'discord-api-types/v10';
import type { RegisteredCommand } from './commands.ts';
import { toContext } from './interaction-payload.ts';
import type { Channel, Person } from './world.ts';
import { canSee, toPermissions } from './world.ts';

/** Whether the client lists the command here. */
export function isVisible(command: RegisteredCommand, person: Person, channel: Channel): boolean {
  try {
    requireVisible(command, person, channel);
    return true;
  } catch {
    return false;
  }
}

/** Throws unless the client would list the command here (Discord docs, application-commands, "Contexts" and "Permissions"). */
export function requireVisible(command: RegisteredCommand, person: Person, channel: Channel): void {
  const { guild } = channel;
  const refusal = (why: string) => new Error(`${person.name} does not see "${command.name}" here: ${why}`);
  if (!canSee(person, channel)) throw new Error(`${person.name} cannot see #${channel.name}`);
  if (command.nsfw && guild && !(channel.parent ?? channel).ageRestricted) {
    throw refusal('the channel is not age-restricted');
  }
  const context = toContext(channel);
  if (command.contexts && !command.contexts.includes(context)) throw refusal(`context ${context}`);
  if (command.dm_permission === false && !guild) throw refusal('not in direct messages');
  const installs = command.integration_types ?? [ApplicationIntegrationType.GuildInstall];
  const byGuild = guild
    ? guild.hasApp && installs.includes(ApplicationIntegrationType.GuildInstall)
    : channel.withBot;
  const byPerson = person.hasApp && installs.includes(ApplicationIntegrationType.UserInstall);
  if (!byGuild && !byPerson) throw refusal('the bot is not installed for it');
  if (!guild) return;
  const permissions = toPermissions(person, guild);
  const needed = command.default_member_permissions;
  const isAdministrator = (permissions & PermissionFlagsBits.Administrator) !== 0n;
  if (needed === null || isAdministrator) return;
  const isOpen = needed !== '0' && (permissions & BigInt(needed)) === BigInt(needed);
  if (!isOpen) throw refusal('permissions');
}
