import { type APIChannel, type APIRole, REST, type RESTOptions, Routes } from 'discord.js';
import type { Logger } from '../log.ts';
import type { FindPlaces } from '../service/server-settings.ts';

const timeoutMs = 5_000;

export interface FindPlacesDependencies {
  apiUrl: string;
  token: string;
  makeRequest: RESTOptions['makeRequest'];
  log: Logger;
}

/** Asks with the bot's own token, since the client has no intents and so knows no channels and roles. */
export function createFindPlaces({ apiUrl, token, makeRequest, log }: FindPlacesDependencies): FindPlaces {
  const rest = new REST({ timeout: timeoutMs, retries: 0, makeRequest, api: apiUrl }).setToken(token);

  /** A thread isn't in the list of channels; one that the bot can't see isn't known. */
  async function isThreadOf(guildId: string, id: string): Promise<boolean> {
    try {
      const channel = (await rest.get(Routes.channel(id))) as APIChannel;
      return 'guild_id' in channel && channel.guild_id === guildId;
    } catch {
      return false; // whatever the reason, nobody can say that it's there
    }
  }

  return async (guildId, channelIds) => {
    try {
      const roles = (await rest.get(Routes.guildRoles(guildId))) as APIRole[];
      const listed = (await rest.get(Routes.guildChannels(guildId))) as APIChannel[];
      const channels = new Set(listed.map(({ id }) => id));
      for (const id of new Set(channelIds))
        if (!channels.has(id) && (await isThreadOf(guildId, id))) channels.add(id);
      return { channels, roles: new Set(roles.map(({ id }) => id)) };
    } catch (error) {
      log.warn({ error, guildId }, 'the channels and roles of a server could not be read');
      return undefined;
    }
  };
}
