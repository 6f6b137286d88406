import { MessageFlags } from 'discord.js';
import type { Words } from '../locales/index.ts';
import type { Logger } from '../log.ts';
import type { Policies } from '../points/policies.ts';
import type { Blocks } from '../service/blocks.ts';
import type { Edits } from './edits.ts';
import { renderBlockLine } from './render/blocks.ts';
import { renderSettingChanges } from './render/settings-log.ts';
import { noMentions } from './respond.ts';

/** Notes in a server's log channel what its administrators should know, without a ping. What isn't taken is in the log. */
export interface SettingsLog {
  tellUnwritable(book: string, channelId: string): void;
}

export function createSettingsLog({
  policies,
  blocks,
  edits,
  words,
  log,
}: {
  policies: Pick<Policies, 'read' | 'listen'>;
  blocks: Pick<Blocks, 'listen'>;
  edits: Pick<Edits, 'post'>;
  words: (locale: string) => Words;
  log: Logger;
}): SettingsLog {
  async function send(book: string, toContent: (words: Words) => string): Promise<void> {
    const { logChannel, language = 'en-US' } = (await policies.read(book)).book;
    if (logChannel === undefined) return;
    const { outcome, error } = await edits.post(logChannel, {
      content: toContent(words(language)),
      flags: MessageFlags.SuppressNotifications,
      allowed_mentions: noMentions as { parse: never[] },
    });
    if (outcome !== 'done') log.warn({ book, outcome, error }, 'a line of a log channel was not taken');
  }

  function tell(book: string, toContent: (words: Words) => string): void {
    send(book, toContent).catch((error: unknown) =>
      log.error({ error, book }, 'a line of a log channel could not be made'),
    );
  }

  policies.listen((all) => {
    const changes = all.filter(({ setting }) => setting !== 'blocked'); // these don't say who it is
    const [first] = changes;
    if (first !== undefined) tell(first.book, (spoken) => renderSettingChanges(changes, spoken));
  });

  blocks.listen((news) => tell(news.book, (spoken) => renderBlockLine(news, spoken)));

  return {
    tellUnwritable: (book, channelId) =>
      tell(book, ({ say }) => say('settings.star-channel.unwritable', { channel: `<#${channelId}>` })),
  };
}
