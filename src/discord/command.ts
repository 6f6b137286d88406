import type { SlashCommandOptionsOnlyBuilder, SlashCommandSubcommandsOnlyBuilder } from '@discordjs/builders';
import type { ChatInputCommandInteraction } from 'discord.js';
import type { Words } from '../locales/index.ts';
import type { Opened } from '../tasks/opening.ts';
import type { TaskService } from '../tasks/service.ts';
import type { Caller } from './caller.ts';
import type { PrivateMessage, Responder } from './respond.ts';

/** What a command may use: the service to decide, and two ways to answer. */
export interface CommandContext {
  readonly service: TaskService;
  readonly caller: Caller;
  readonly words: Words;
  /** Acknowledges the interaction for a saved task; from then on its message is the publisher's. */
  handOver(opened: Opened): Promise<void>;
  /** Answers so that only the person sees it. */
  replyPrivately(message: PrivateMessage): Promise<void>;
  /** For components: the other ways to answer. */
  readonly responder: Responder;
}

/** One slash command. It throws a `UserError` to refuse; the router puts it into words. */
export interface Command {
  readonly data: SlashCommandOptionsOnlyBuilder | SlashCommandSubcommandsOnlyBuilder;
  execute(interaction: ChatInputCommandInteraction, context: CommandContext): Promise<void>;
}
