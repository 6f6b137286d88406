import type {
  SlashCommandBuilder,
  SlashCommandOptionsOnlyBuilder,
  SlashCommandSubcommandsOnlyBuilder,
} from '@discordjs/builders';
import type { AutocompleteInteraction, ChatInputCommandInteraction, RawFile } from 'discord.js';
import type { AccountSettings } from '../accounts/administration.ts';
import type { Words } from '../locales/index.ts';
import type { Administration } from '../points/administration.ts';
import type { PersonalData } from '../service/personal-data.ts';
import type { TaskService } from '../service/presses.ts';
import type { Proposals } from '../service/proposals.ts';
import type { Queue } from '../service/queue-view.ts';
import type { Seeds } from '../service/seeds.ts';
import type { Opened } from '../service/start.ts';
import type { Caller } from './caller.ts';
import type { PrivateMessage, Responder, Suggestion } from './respond.ts';

/** What people can do with the bot, beside starting tasks. */
export interface Desk {
  readonly service: TaskService;
  readonly proposals: Proposals;
  readonly administration: Administration;
  readonly queue: Queue;
  readonly personalData: PersonalData;
  readonly seeds: Seeds;
  readonly accountSettings: AccountSettings;
}

/** What a command may use: what decides, and the ways to answer. */
export interface CommandContext extends Desk {
  readonly caller: Caller;
  readonly words: Words;
  /** Acknowledges the interaction for a saved task; from then on its message is the publisher's. */
  handOver(opened: Opened): Promise<void>;
  /** Answers so that only the person sees it. */
  replyPrivately(message: PrivateMessage): Promise<void>;
  /** The same for an answer that takes a while to make, with files. */
  replyPrivatelyWith(make: () => Promise<{ message: PrivateMessage; files: RawFile[] }>): Promise<void>;
  /** For components: the other ways to answer. */
  readonly responder: Responder;
}

/** One slash command. It throws a `UserError` to refuse; the router puts it into words. */
export interface Command {
  readonly data: SlashCommandBuilder | SlashCommandOptionsOnlyBuilder | SlashCommandSubcommandsOnlyBuilder;
  execute(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void>;
  /** What to propose for the option that is being typed. */
  complete?(interaction: AutocompleteInteraction, context: CommandContext): Promise<Suggestion[]>;
}
