import type {
  ContextMenuCommandBuilder,
  SlashCommandBuilder,
  SlashCommandOptionsOnlyBuilder,
  SlashCommandSubcommandsOnlyBuilder,
} from '@discordjs/builders';
import type {
  APIModalInteractionResponseCallbackData,
  AutocompleteInteraction,
  ChatInputCommandInteraction,
  RawFile,
} from 'discord.js';
import type { AccountSettings } from '../accounts/administration.ts';
import type { Words } from '../locales/index.ts';
import type { Administration } from '../points/administration.ts';
import type { PriceList } from '../points/prices.ts';
import type { Blocks } from '../service/blocks.ts';
import type { BookReports } from '../service/book-reports.ts';
import type { DrawnStyles } from '../service/drawn-styles.ts';
import type { Extensions } from '../service/extensions.ts';
import type { Favorites } from '../service/favorites.ts';
import type { Keeping } from '../service/keeping.ts';
import type { MenuWork } from '../service/menu-work.ts';
import type { OwnCancels } from '../service/own-cancels.ts';
import type { PersonalData } from '../service/personal-data.ts';
import type { Preferences } from '../service/preferences.ts';
import type { TaskService } from '../service/presses.ts';
import type { Prices } from '../service/price-view.ts';
import type { Proposals } from '../service/proposals.ts';
import type { Queue } from '../service/queue-view.ts';
import type { RegionPages } from '../service/region-pages.ts';
import type { Regions } from '../service/regions.ts';
import type { Resume } from '../service/resume.ts';
import type { Seeds } from '../service/seeds.ts';
import type { ServerSettings } from '../service/server-settings.ts';
import type { Shares } from '../service/shares.ts';
import type { Opened } from '../service/start.ts';
import type { TaskCards } from '../service/task-cards.ts';
import type { TaskLists } from '../service/task-lists.ts';
import type { Translations } from '../service/translations.ts';
import type { Action } from '../task.ts';
import type { Caller } from './caller.ts';
import type { DirectResults } from './direct-results.ts';
import type { Removals } from './removals.ts';
import type { PrivateMessage, Responder, Suggestion } from './respond.ts';
import type { TargetMessage } from './target-message.ts';

/** What commands and buttons may do. */
export interface UseCases {
  readonly service: TaskService;
  readonly proposals: Proposals;
  readonly administration: Administration;
  readonly bookReports: BookReports;
  readonly prices: Prices;
  readonly queue: Queue;
  readonly personalData: PersonalData;
  readonly keeping: Keeping;
  readonly preferences: Preferences;
  readonly drawnStyles: DrawnStyles;
  readonly ownCancels: OwnCancels;
  readonly seeds: Seeds;
  readonly taskCards: TaskCards;
  readonly taskLists: TaskLists;
  readonly favorites: Favorites;
  readonly translations: Translations;
  readonly resume: Resume;
  readonly regions: Regions;
  readonly regionPages: Pick<RegionPages, 'begin'>;
  readonly accountSettings: AccountSettings;
  readonly serverSettings: ServerSettings;
  readonly blocks: Blocks;
  readonly menuWork: MenuWork;
  readonly shares: Shares;
  readonly extensions: Extensions;
}

/** What a command gets: the use cases, who asks, and the ways to answer. */
export interface CommandContext extends UseCases {
  readonly caller: Caller;
  readonly words: Words;
  /** The message whose component was used. */
  readonly pressed: Pick<TargetMessage, 'listPictures'>;
  /** Acknowledges the interaction for a saved task; from then on its message belongs to the publisher. */
  acknowledge(opened: Opened): Promise<void>;
  /**
   * The same if it takes seconds to start the task: acknowledges first, with `isPrivate` so that only this person sees it, and
   * takes that back if nothing starts.
   */
  acknowledgeFirst(isPrivate: boolean, start: () => Promise<Opened>): Promise<void>;
  /** Answers so that only this person sees it. */
  replyPrivately(message: PrivateMessage): Promise<void>;
  /**
   * The same for an answer that takes a while to make, with files. An answer to a component replaces the message that it's on,
   * unless that one has to stay.
   */
  replyPrivatelyWith(
    make: () => Promise<{ message: PrivateMessage; files: RawFile[] }>,
    options?: { isNewMessage?: boolean },
  ): Promise<void>;
  /** Answers with a modal, as a command or a component can. */
  openModal(modal: APIModalInteractionResponseCallbackData): Promise<void>;
  /** The other ways to answer, for components. */
  readonly responder: Responder;
  /** Questions whether a result is to be deleted. */
  readonly removals: Removals;
  /** Sends private results to their owner. */
  readonly directResults: DirectResults;
}

/** An account, as far as descriptions of commands are about it. */
export interface PricedAccount {
  readonly kind: string;
  readonly actions: ReadonlySet<Action>;
  readonly prices: PriceList;
}

/** One slash command. It throws a `UserError` to refuse; the router puts it into words. */
export interface Command {
  readonly data: SlashCommandBuilder | SlashCommandOptionsOnlyBuilder | SlashCommandSubcommandsOnlyBuilder;
  /** The same with what it costs at those accounts, if that has to be known before somebody runs it. */
  describe?(accounts: readonly PricedAccount[]): Command['data'];
  execute(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void>;
  /** What to suggest for the option being typed. */
  complete?(interaction: AutocompleteInteraction, context: CommandContext): Promise<Suggestion[]>;
}

/** A command in the menu of each message. It throws a `UserError` to refuse, as a {@link Command} does. */
export interface MessageCommand {
  readonly data: ContextMenuCommandBuilder;
  execute(target: TargetMessage, context: CommandContext): Promise<void>;
}
