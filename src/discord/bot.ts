import { randomBytes } from 'node:crypto';
import { type Interaction, InteractionType } from 'discord.js';
import { UserError } from '../errors.ts';
import type { Words } from '../locales/index.ts';
import type { Policies } from '../points/policies.ts';
import { decide } from '../points/policy.ts';
import { isSpoilered } from '../points/server-rules.ts';
import type { OwnPreferences } from '../service/preferences.ts';
import { isMeantPrivately } from '../service/privacy.ts';
import type { Opened } from '../service/start.ts';
import type { Origin } from '../task.ts';
import type { Acknowledge } from './acknowledge.ts';
import { type Caller, inPrivate, localeOf, type RawInteraction, toCaller } from './caller.ts';
import type { Command, CommandContext, MessageCommand, UseCases } from './command.ts';
import { chooseInMenu, pressButton, submitModal } from './components.ts';
import type { DirectResults } from './direct-results.ts';
import { createGateway, type GatewayDependencies } from './gateway.ts';
import { isOpenToBlocked } from './open-to-blocked.ts';
import { privateOption } from './options.ts';
import { toOutdated } from './outdated.ts';
import { createRemovals } from './removals.ts';
import { renderError } from './render/error.ts';
import type { Responder } from './respond.ts';
import { readPressedMessage, readTargetMessage } from './target-message.ts';

export interface Bot {
  /** Logs in as soon as Discord can be reached. */
  start(): Promise<void>;
  /** From now on, answers each interaction with one sentence that it's stopping. */
  refuse(): void;
  /** Resolves once interactions under way are answered and the gateway connection is closed. */
  stop(): Promise<void>;
  isReady(): boolean;
}

export interface BotDependencies extends Omit<GatewayDependencies, 'listener'> {
  commands: readonly Command[];
  messageCommands: readonly MessageCommand[];
  /** Who may use the bot at all. */
  policies: Pick<Policies, 'admit' | 'read'>;
  useCases: UseCases;
  responder: Responder;
  acknowledge: Acknowledge;
  directResults: DirectResults;
  words: (locale: string) => Words;
  /** Hears of each interaction as it comes in. */
  onReceived?: ((interactionId: string) => void) | undefined;
}

/**
 * With more than this under way, the next one would be answered after Discord's three seconds, so it would be charged,
 * saved and cancelled for nothing.
 */
const mostUnderWay = 400;

/** The Discord client with its router and the one error boundary around every interaction. */
export function createBot(dependencies: BotDependencies): Bot {
  const { log, clock, words } = dependencies;
  const removals = createRemovals(dependencies);
  const commands = new Map(dependencies.commands.map((command) => [command.data.name, command]));
  const messageCommands = new Map(
    dependencies.messageCommands.map((command) => [command.data.name, command]),
  );
  const gateway = createGateway({
    ...dependencies,
    listener: {
      built: (interaction, raw) => {
        dependencies.onReceived?.(raw.id);
        keepUnderWay(handle(interaction, raw));
      },
      unbuilt: (raw, error) => keepUnderWay(apologize(raw, error)),
    },
  });
  const underWay = new Set<Promise<void>>();
  let isRefusing = false;

  function keepUnderWay(work: Promise<void>): void {
    const done = work.finally(() => underWay.delete(done));
    underWay.add(done);
  }

  async function handle(interaction: Interaction, raw: RawInteraction): Promise<void> {
    let caller: Caller | undefined;
    try {
      caller = toCaller(raw, clock.now());
      if (isRefusing) throw new UserError('stopping');
      if (underWay.size > mostUnderWay) throw new UserError('overloaded');
      const asker = await dependencies.policies.admit(caller.asker);
      caller = await applySettings({ ...caller, asker }, interaction);
      caller = await refuseBlocked(caller, interaction);
      await route(interaction, caller, raw);
    } catch (error) {
      await answerError(raw, caller, error);
    }
  }

  /**
   * What they start is told and shown as they want it, or as it's usual on the server. What they do with something private stays
   * private anyway.
   */
  async function applySettings(caller: Caller, interaction: Interaction): Promise<Caller> {
    const { asker, origin } = caller;
    const own = await dependencies.useCases.preferences.read(caller.userId);
    const { book } = await dependencies.policies.read(asker.book);
    const locale = book.language ?? caller.locale;
    const known: Caller = {
      ...caller,
      locale,
      origin: {
        ...origin,
        place: { ...origin.place, locale },
        ...toNotice(own.notify ?? book.notify),
        ...(isSpoilered(book) ? { isSpoiler: true } : {}),
        ...(asker.where?.isAgeRestricted === true ? { isAgeRestricted: true } : {}),
      },
    };
    const wishes = { chosen: readPrivacy(interaction), own: own.private, usual: book.private };
    return isMeantPrivately(wishes) ? inPrivate(known) : known;
  }

  /** Throws a `UserError` for people who are blocked, except for what is theirs: then they may do nothing about others'. */
  async function refuseBlocked(caller: Caller, interaction: Interaction): Promise<Caller> {
    const { asker } = caller;
    const decision = decide(await dependencies.policies.read(asker.book), asker, { to: 'use' });
    if (decision.isAllowed) return caller;
    if (!isOpenToBlocked(interaction)) throw decision.refusal;
    return { ...caller, canManageMessages: false };
  }

  /** Answers an interaction that discord.js couldn't build, or whose kind it doesn't know. */
  async function apologize(raw: RawInteraction, error: unknown): Promise<void> {
    const isCommand = raw.type === InteractionType.ApplicationCommand;
    const unknown = new UserError(isCommand ? 'unknown-command' : 'unknown-component');
    await answerError(raw, undefined, error ?? unknown);
  }

  async function route(interaction: Interaction, caller: Caller, raw: RawInteraction): Promise<void> {
    const context = { ...toContext(interaction, caller), pressed: readPressedMessage(raw) };
    if (interaction.isChatInputCommand()) {
      const command = commands.get(interaction.commandName);
      if (command === undefined) throw new UserError('unknown-command');
      return command.execute(interaction, context);
    }
    if (interaction.isMessageContextMenuCommand()) {
      const command = messageCommands.get(interaction.commandName);
      if (command === undefined) throw new UserError('unknown-command');
      return command.execute(readTargetMessage(raw), context);
    }
    if (interaction.isButton()) return pressButton(interaction, context);
    if (interaction.isStringSelectMenu()) return chooseInMenu(interaction, context);
    if (interaction.isModalSubmit()) return submitModal(interaction, context);
    if (interaction.isAutocomplete()) {
      const command = commands.get(interaction.commandName);
      const suggestions = (await command?.complete?.(interaction, context)) ?? [];
      return dependencies.responder.suggest(interaction, suggestions);
    }
    throw new UserError('unknown-component');
  }

  function toContext(interaction: Interaction, caller: Caller): Omit<CommandContext, 'pressed'> {
    const { responder } = dependencies;
    return {
      ...dependencies.useCases,
      caller,
      words: words(caller.locale),
      acknowledge: (opened) => dependencies.acknowledge(interaction, opened),
      acknowledgeFirst: (isPrivate, start) => startLater(interaction, caller, { isPrivate, start }),
      openModal: (modal) => responder.openModal(interaction, modal),
      responder,
      removals,
      directResults: dependencies.directResults,
      replyPrivately: (message) => responder.replyPrivately(interaction, message),
      replyPrivatelyWith: (make, options) => replyLater(interaction, caller, make, options),
    };
  }

  /** The channel doesn't keep an answer that nothing came of; only its person learns why. */
  async function startLater(
    interaction: Interaction,
    caller: Caller,
    { isPrivate, start }: { isPrivate: boolean; start: () => Promise<Opened> },
  ): Promise<void> {
    const { responder, acknowledge } = dependencies;
    try {
      await acknowledge.first(interaction, isPrivate, start);
    } catch (error) {
      const message = renderError(error, words(caller.locale), noteError(caller, error));
      await responder.removeOriginal(interaction);
      await responder.followUpPrivately(interaction, message);
    }
  }

  /** Once an answer is promised, it's filled even if making it fails. */
  async function replyLater(
    interaction: Interaction,
    caller: Caller,
    make: Parameters<CommandContext['replyPrivatelyWith']>[0],
    { isNewMessage = false } = {},
  ): Promise<void> {
    const { responder } = dependencies;
    if (interaction.isMessageComponent() && !isNewMessage) await responder.deferUpdate(interaction);
    else await responder.deferPrivately(interaction);
    try {
      const { message, files } = await make();
      await responder.editPrivately(interaction, message, files);
    } catch (error) {
      const id = noteError(caller, error);
      await responder.editPrivately(interaction, renderError(error, words(caller.locale), id));
    }
  }

  /** Logs an error; returns the id to find it by. */
  function noteError(caller: Caller | undefined, error: unknown): string {
    const id = randomBytes(4).toString('hex');
    if (error instanceof UserError) log.info({ code: error.code, userId: caller?.userId }, 'refused');
    else log.error({ error, errorId: id }, 'an interaction failed');
    return id;
  }

  async function answerError(
    raw: RawInteraction,
    caller: Caller | undefined,
    thrown: unknown,
  ): Promise<void> {
    const error = toOutdated(thrown);
    if (error !== thrown)
      log.warn({ error: thrown }, 'a command or modal is from another version: run npm run deploy');
    const id = noteError(caller, error);
    if (raw.type === InteractionType.Ping || raw.type === InteractionType.ApplicationCommandAutocomplete)
      return; // neither can show a sentence
    try {
      const message = renderError(error, words(caller?.locale ?? localeOf(raw)), id);
      await dependencies.responder.replyPrivately(toRepliable(raw), message);
    } catch (failure) {
      log.warn({ error: failure, errorId: id }, 'an error message did not reach the person');
    }
  }

  return {
    start: gateway.start,
    refuse() {
      isRefusing = true;
      gateway.expectEnd();
    },
    async stop() {
      isRefusing = true;
      gateway.expectEnd();
      await Promise.all(underWay);
      await gateway.leave();
    },
    isReady: () => !isRefusing && gateway.isConnected(),
  };
}

/** What a task remembers of how its person wants to be told. */
function toNotice(notify: OwnPreferences['notify']): Pick<Origin, 'isQuiet' | 'isToldDirectly'> {
  if (notify === 'direct') return { isToldDirectly: true };
  return notify === 'off' ? { isQuiet: true } : {};
}

/** Each command whose results can be private has an option of that name. */
function readPrivacy(interaction: Interaction): boolean | undefined {
  if (!interaction.isChatInputCommand()) return undefined;
  const value = interaction.options.get(privateOption)?.value;
  return typeof value === 'boolean' ? value : undefined;
}

function toRepliable({ id, token, application_id: applicationId }: RawInteraction) {
  return { id, token, applicationId };
}
