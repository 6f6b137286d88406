import { PermissionFlagsBits } from 'discord.js';

/** The permissions in the bot's invitation (README, "Run it"), by the names that Discord shows. */
export const neededPermissions: Readonly<Record<string, bigint>> = {
  'View Channels': PermissionFlagsBits.ViewChannel,
  'Send Messages': PermissionFlagsBits.SendMessages,
  'Send Messages in Threads': PermissionFlagsBits.SendMessagesInThreads,
  'Embed Links': PermissionFlagsBits.EmbedLinks,
  'Attach Files': PermissionFlagsBits.AttachFiles,
  'Read Message History': PermissionFlagsBits.ReadMessageHistory,
};

/** The address that adds the bot to a server, with its scopes and permissions (Discord docs, topics/oauth2, "Bot Authorization Flow"). */
export function toInvitation(applicationId: string, guildId?: string): string {
  const permissions = Object.values(neededPermissions).reduce((all, bit) => all | bit, 0n);
  const server = guildId === undefined ? '' : `&guild_id=${guildId}`;
  const query = `client_id=${applicationId}&scope=bot+applications.commands&permissions=${permissions}${server}`;
  return `https://discord.com/oauth2/authorize?${query}`;
}
