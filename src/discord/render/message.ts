import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from 'discord.js';

/** The body of a message edit, as Discord's API takes it; files are named, not held. */
export interface RenderedMessage {
  content: string;
  embeds: APIEmbed[];
  components: APIActionRowComponent<APIComponentInMessageActionRow>[];
  attachments: { id: string; filename: string }[];
  allowed_mentions: { parse: never[] };
}

/** A result as it is shown: as a file of the message, as an address, not yet, or not at all. */
export type ShownResult =
  | {
      as: 'files';
      names: readonly string[];
      /** Which of the result's files are not there, or only as an empty tile, from 0. */
      missing?: readonly number[];
      /** What a file is that Discord doesn't show, as people call it. */
      notShown?: string;
    }
  | { as: 'link' }
  /** Its files are awaited: from the provider's file server, or until an operator lets the bot call it. */
  | { as: 'awaited'; from: 'file-server' | 'operator' }
  | { as: 'nothing' };

/** What is expected of an unfinished task, beside what it says itself. */
export interface Outlook {
  readonly now: number;
  /** How many tasks stand before it in the queue. */
  readonly position?: number | undefined;
  /** How long tasks like this usually take, from the provider's acceptance, milliseconds. */
  readonly usualMs?: number | undefined;
  readonly canCancel: boolean;
  /** Whether the points would come back, if it were cancelled now. */
  readonly isCancelRefunded: boolean;
}

export const colors = { open: 0x5865f2, done: 0x57f287, failed: 0xed4245, cancelled: 0x99aab5 } as const;
/** A short message that tells a task's owner that it is there: the only one that pings anybody. */
export interface RenderedMention {
  content: string;
  nonce: string;
  enforce_nonce: true;
  message_reference: { message_id: string; fail_if_not_exists: false };
  allowed_mentions: { parse: never[]; users: string[]; replied_user: false };
}
