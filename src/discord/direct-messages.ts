import { REST, type RESTOptions, type RESTPostAPICurrentUserCreateDMChannelResult, Routes } from 'discord.js';
import { noMentions } from './respond.ts';

const options = { timeout: 10_000, retries: 0, rejectOnRateLimit: () => true };

/** Sends people messages of their own, without a gateway. Throws what Discord's client throws: they may not take any. */
export function createDirectMessages({
  apiUrl,
  token,
  makeRequest,
}: {
  apiUrl: string;
  token: string;
  makeRequest: RESTOptions['makeRequest'];
}) {
  const rest = new REST({ ...options, api: apiUrl, makeRequest }).setToken(token);
  return async (userId: string, content: string): Promise<void> => {
    const { id } = (await rest.post(Routes.userChannels(), {
      body: { recipient_id: userId },
    })) as RESTPostAPICurrentUserCreateDMChannelResult;
    await rest.post(Routes.channelMessages(id), { body: { content, allowed_mentions: noMentions } });
  };
}
