/** What the page's server and its code in the browser send each other. Types only: the two run in different worlds. */
import type {
  APIApplicationCommandOption,
  APIApplicationCommandOptionChoice,
  APIEmbed,
  APIMessageTopLevelComponent,
  APIModalInteractionResponseCallbackData,
} from 'discord-api-types/v10';

export interface PagePerson {
  readonly id: string;
  readonly name: string;
  /** Their role here: "Administrator", "Member". */
  readonly standing: string;
  /** Their Discord's language. */
  readonly locale: string;
}

export interface PageChannel {
  readonly id: string;
  readonly name: string;
  readonly kind: 'text' | 'thread' | 'direct';
  /** The channel that a thread belongs to. */
  readonly parentId?: string;
  readonly ageRestricted: boolean;
  /** Who sees it. */
  readonly personIds: readonly string[];
}

export interface PageRole {
  readonly id: string;
  readonly name: string;
}

export type Localizations = Readonly<Record<string, string | null>>;

export interface PageCommand {
  readonly id: string;
  /** 1 slash, 2 on a person, 3 on a message. */
  readonly type: number;
  readonly name: string;
  readonly description: string;
  readonly nameLocalizations: Localizations;
  readonly descriptionLocalizations: Localizations;
  readonly options: readonly APIApplicationCommandOption[];
  /** Who sees it, by channel. */
  readonly visibleTo: Readonly<Record<string, readonly string[]>>;
}

export interface PageAttachment {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly bytes: number;
  readonly contentType: string;
  readonly width?: number;
  readonly height?: number;
  readonly description?: string;
  readonly spoiler: boolean;
}

/** The command or button that a message answers, even if that opened a modal first. */
export interface PageOrigin {
  readonly personId: string;
  /** `/account show`, or `button "U2"`. */
  readonly name: string;
  readonly isCommand: boolean;
  /** The message whose button was pressed. */
  readonly messageId?: string;
}

export interface PageMessage {
  readonly id: string;
  readonly channelId: string;
  /** Absent for the bot's own. */
  readonly personId?: string;
  readonly createdAt: number;
  readonly isEdited: boolean;
  /** How often it was edited. */
  readonly edits: number;
  readonly content: string;
  readonly embeds: readonly APIEmbed[];
  readonly components: readonly APIMessageTopLevelComponent[];
  readonly attachments: readonly PageAttachment[];
  readonly flags: number;
  /** Set for ephemeral messages: the one person who sees it. */
  readonly visibleTo?: string;
  readonly origin?: PageOrigin;
}

/** Something that a person did, and the state of its first answer. */
export interface PageInteraction {
  readonly id: string;
  readonly personId: string;
  readonly channelId: string;
  readonly name: string;
  readonly isCommand: boolean;
  readonly at: number;
  readonly state: 'pending' | 'answered' | 'failed';
  /** The message whose component was used. */
  readonly messageId?: string;
  readonly modal?: APIModalInteractionResponseCallbackData;
}

export interface TrafficLine {
  readonly id: number;
  readonly at: number;
  readonly who: 'person' | 'bot' | 'discord' | 'provider' | 'sandbox';
  readonly tone: 'plain' | 'good' | 'bad' | 'quiet';
  readonly text: string;
  /** Milliseconds to the answer. */
  readonly tookMs?: number;
  /** How many lines of the same kind came in a row. */
  readonly count: number;
  /** What was sent and answered. */
  readonly detail?: string;
}

export interface LogLine {
  readonly id: number;
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly text: string;
  readonly detail?: string;
}

export interface SwitchOption {
  readonly value: string;
  readonly label: string;
  /** What it does, in a sentence. */
  readonly says: string;
}

export interface Switch {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly SwitchOption[];
}

export interface BotState {
  readonly is: 'starting' | 'ready' | 'stopping' | 'ended';
  /** For people: "ready", "ended with 1". */
  readonly says: string;
}

export interface Snapshot {
  /** Changes when the sandbox is started again. */
  readonly sandboxId: string;
  readonly bot: { readonly id: string; readonly name: string };
  readonly guild: { readonly id: string; readonly name: string };
  readonly roles: readonly PageRole[];
  readonly people: readonly PagePerson[];
  readonly channels: readonly PageChannel[];
  readonly locales: readonly { readonly code: string; readonly name: string }[];
  readonly commands: readonly PageCommand[];
  readonly messages: readonly PageMessage[];
  /** Those without an answer. */
  readonly interactions: readonly PageInteraction[];
  readonly traffic: readonly TrafficLine[];
  readonly log: readonly LogLine[];
  readonly switches: readonly Switch[];
  readonly botState: BotState;
  /** How many bytes a person's file may have. */
  readonly fileLimitBytes: number;
  /** Where the local Discord keeps files; the page gets them through its own server. */
  readonly filesOrigin: string;
}

/** A change of the snapshot. The numbers have no gaps: a tab that misses one asks for a new snapshot. */
export type Change =
  | { readonly type: 'message'; readonly message: PageMessage }
  | { readonly type: 'message-removed'; readonly id: string }
  | { readonly type: 'interaction'; readonly interaction: PageInteraction }
  | { readonly type: 'interaction-removed'; readonly id: string }
  | { readonly type: 'traffic'; readonly line: TrafficLine }
  | { readonly type: 'traffic-cleared' }
  | { readonly type: 'log'; readonly line: LogLine }
  | { readonly type: 'commands'; readonly commands: readonly PageCommand[] }
  | { readonly type: 'people'; readonly people: readonly PagePerson[] }
  | { readonly type: 'switches'; readonly switches: readonly Switch[] }
  | { readonly type: 'bot'; readonly state: BotState };

export type StreamEvent =
  | { readonly type: 'snapshot'; readonly number: number; readonly snapshot: Snapshot }
  | { readonly type: 'change'; readonly number: number; readonly change: Change };

/** A file on its way to the sandbox. */
export interface SentFile {
  readonly name: string;
  readonly contentType: string;
  readonly base64: string;
}

export type SentValue = string | number | boolean | { readonly file: SentFile };

export interface SentCommand {
  readonly personId: string;
  readonly channelId: string;
  readonly command: string;
  readonly subcommand?: string;
  readonly options: Readonly<Record<string, SentValue>>;
}

export type ModalValue = string | boolean | readonly string[] | { readonly files: readonly SentFile[] };

/** What a person does on the page. */
export type Action =
  | ({ readonly do: 'run' } & SentCommand)
  | ({ readonly do: 'autocomplete'; readonly focused: string } & SentCommand)
  | { readonly do: 'say'; readonly personId: string; readonly channelId: string; readonly content: string }
  | {
      readonly do: 'click';
      readonly personId: string;
      readonly messageId: string;
      readonly customId: string;
    }
  | {
      readonly do: 'choose';
      readonly personId: string;
      readonly messageId: string;
      readonly customId: string;
      readonly values: readonly string[];
    }
  | {
      readonly do: 'submit';
      readonly personId: string;
      readonly interactionId: string;
      readonly values: Readonly<Record<string, ModalValue>>;
    }
  | {
      readonly do: 'run-on-message';
      readonly personId: string;
      readonly messageId: string;
      readonly command: string;
    }
  | {
      readonly do: 'run-on-person';
      readonly personId: string;
      readonly channelId: string;
      readonly targetId: string;
      readonly command: string;
    }
  | { readonly do: 'dismiss'; readonly messageId: string }
  | { readonly do: 'dismiss-failure'; readonly interactionId: string }
  | { readonly do: 'delete'; readonly personId: string; readonly messageId: string }
  | { readonly do: 'locale'; readonly personId: string; readonly locale: string }
  | { readonly do: 'switch'; readonly name: string; readonly value: string }
  | { readonly do: 'cut-gateway' }
  | { readonly do: 'clear-traffic' }
  | { readonly do: 'kill' }
  | { readonly do: 'start' }
  | { readonly do: 'restart' };

/** What the sandbox answers. A refusal is a sentence about what Discord's client wouldn't let a person do. */
export type Outcome =
  | {
      readonly done: true;
      readonly interactionId?: string;
      readonly choices?: readonly APIApplicationCommandOptionChoice[];
    }
  | { readonly done: false; readonly says: string };
