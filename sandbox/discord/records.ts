import type {
  APIApplicationCommandOptionChoice,
  APIEmbed,
  APIMessageTopLevelComponent,
  APIModalInteractionResponseCallbackData,
  InteractionType,
} from 'discord-api-types/v10';
import type { Attachment } from './attachments.ts';
import type { Channel, Person } from './world.ts';

/** A message's current state. The object stays the same across edits. */
export interface Message {
  readonly id: string;
  readonly channel: Channel;
  /** Absent for the bot's own. */
  readonly person?: Person;
  readonly createdAt: number;
  /** The interaction that this answers. */
  readonly interaction?: Interaction;
  /** Whether it answers first (`@original`) or follows. */
  readonly isFollowUp: boolean;
  /** Set for ephemeral messages: neither other people nor the channel routes see them. */
  readonly visibleTo?: Person;
  readonly replyTo?: Message;
  /** What it shows of another channel, as that was when it was forwarded. */
  readonly forwarded?: Forwarded;
  content: string;
  embeds: APIEmbed[];
  components: APIMessageTopLevelComponent[];
  attachments: Attachment[];
  flags: number;
  nonce?: string | number;
  editedAt?: number;
  /** How often it was edited. */
  edits: number;
  deleted: boolean;
}

/** Discord docs, resources/message, "Message Snapshot Structure". */
export interface Forwarded {
  readonly message: Message;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly attachments: readonly Attachment[];
}

/** The fields of a create or edit that change a message. The same on all routes and in callbacks 4 and 7. */
export interface MessageBody {
  content?: string | null;
  embeds?: APIEmbed[] | null;
  components?: APIMessageTopLevelComponent[] | null;
  attachments?: { id: string | number; description?: string | null; is_spoiler?: boolean | null }[] | null;
  flags?: number | null;
  nonce?: string | number | null;
  enforce_nonce?: boolean | null;
  message_reference?: { type?: number | null; channel_id?: string | null; message_id?: string } | null;
}

export interface Acknowledgement {
  /** The callback type: 4 message, 5 thinking, 6 deferred update, 7 update, 8 choices, 9 modal. */
  readonly type: number;
  readonly afterMs: number;
}

/** Something a person did, and what the bot has done about it so far. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly type: InteractionType;
  readonly at: number;
  readonly person: Person;
  readonly channel: Channel;
  /** For people: `/imagine prompt: a cat`, `button "U1"`. */
  readonly summary: string;
  /** The message whose component was used, also for the modal that followed. */
  readonly source?: Message;
  /** For a modal: what opened it. */
  readonly opener?: Interaction;
  /** Only the person installed the bot, the server didn't: no channel routes, five follow-ups. */
  readonly personOnly: boolean;
  /** Discord makes every answer ephemeral, even if the bot doesn't ask for it. */
  readonly forcedEphemeral: boolean;
  readonly attachmentSizeLimit: number;
  /** The `d` of INTERACTION_CREATE. */
  payload: object;
  acknowledgement?: Acknowledgement;
  /** What `@original` means: the reply, or for callbacks 6 and 7 the message that was clicked. */
  message?: Message;
  readonly followUps: Message[];
  modal?: APIModalInteractionResponseCallbackData;
  /** A modal can be sent once. */
  modalSubmitted: boolean;
  choices?: APIApplicationCommandOptionChoice[];
  expired: boolean;
  /** Rejects when the deadline passes without an acknowledgement. */
  readonly acknowledged: Promise<Acknowledgement>;
}
