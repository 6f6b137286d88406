import type { APIActionRowComponent, APIComponentInMessageActionRow, APIEmbed } from 'discord.js';

/** The body of a message edit, as Discord's API takes it. It names its files; their bytes travel separately. */
export interface RenderedMessage {
  content: string;
  embeds: APIEmbed[];
  components: APIActionRowComponent<APIComponentInMessageActionRow>[];
  /** `description` is what people hear who can't see the file. */
  attachments: { id: string; filename: string; description?: string; is_spoiler?: true }[];
  allowed_mentions: { parse: never[] };
}

/** How a message shows a result: as files, as links, not yet, or not at all. */
export type ShownResult =
  | {
      as: 'files';
      names: readonly string[];
      /** Which of the result's files are missing, or are just an empty tile, counted from 0. */
      missing?: readonly number[];
      /** The everyday name of a type of file that Discord can't show. */
      notShown?: string;
    }
  | { as: 'link' }
  /** The bot waits for its files: from the provider's file server, or until an operator lets it call that server. */
  | { as: 'awaited'; from: 'file-server' | 'operator' }
  | { as: 'nothing' };

/** What to expect of an unfinished task, beyond what's saved in it. */
export interface Outlook {
  readonly now: number;
  /** How many tasks are ahead of it in the queue. */
  readonly position?: number | undefined;
  /** How long tasks like this usually take, from the provider's acceptance, milliseconds. */
  readonly usualMs?: number | undefined;
  readonly canCancel: boolean;
  /** Whether its person would get the points back for canceling it now. */
  readonly isCancelRefunded: boolean;
}

/** Discord's limit for the text of a message, in UTF-16 code units. */
export const contentLimit = 2_000;

export const colors = { open: 0x5865f2, failed: 0xed4245, cancelled: 0x99aab5 } as const;
/** A task's message that no interaction asked for: a reply to the message whose button was pressed, if there is one. */
export interface PostedMessage extends RenderedMessage {
  nonce: string;
  enforce_nonce: true;
  message_reference?: { message_id: string; fail_if_not_exists: false };
}

/** Shows a message of another channel as it is now (Discord docs, message resource, "Message Reference Types"). */
export interface RenderedForward {
  message_reference: {
    type: 1;
    guild_id: string;
    channel_id: string;
    message_id: string;
    fail_if_not_exists: true;
  };
  nonce: string;
  enforce_nonce: true;
  allowed_mentions: { parse: never[] };
}

/** A line for a server's administrators, without a ping. */
export interface RenderedNote {
  content: string;
  flags: number;
  allowed_mentions: { parse: never[] };
}

/** A short message that tells a task's owner it's done: the only one that pings anyone. */
export interface RenderedMention {
  content: string;
  nonce: string;
  enforce_nonce: true;
  message_reference: { message_id: string; fail_if_not_exists: false };
  allowed_mentions: { parse: never[]; users: string[]; replied_user: false };
}
