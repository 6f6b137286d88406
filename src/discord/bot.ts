import { randomBytes } from 'node:crypto';
import {
  Client,
  DiscordAPIError,
  Events,
  type Interaction,
  REST,
  type RESTOptions,
  Routes,
  Status,
} from 'discord.js';
import type { Clock } from '../clock.ts';
import { UserError } from '../errors.ts';
import type { Words } from '../locales/index.ts';
import type { Logger } from '../log.ts';
import type { TaskService } from '../tasks/service.ts';
import { type Caller, toCaller } from './caller.ts';
import type { Command, CommandContext } from './command.ts';
import { pressButton, submitWindow } from './components.ts';
import type { HandOver } from './hand-over.ts';
import { renderError } from './render.ts';
import { noMentions, type Responder } from './respond.ts';

export interface Bot {
  /** Logs in, however long Discord cannot be reached. */
  start(): Promise<void>;
  /** Takes no more interactions: each gets one sentence. */
  refuse(): void;
  /** Resolves once interactions under way are answered and the gateway is left. */
  stop(): Promise<void>;
  isReady(): boolean;
}

export interface BotDependencies {
  token: string;
  apiUrl: string;
  makeRequest: RESTOptions['makeRequest'];
  allowedGuilds: ReadonlySet<string> | '*';
  commands: readonly Command[];
  service: TaskService;
  responder: Responder;
  handOver: HandOver;
  words: (locale: string) => Words;
  clock: Clock;
  log: Logger;
  /** Discord will not have this bot any more: its token was reset, or its session was refused. */
  onClosed: () => void;
}

/** Discord asks for a heartbeat every 41 seconds; after two without an answer the connection is dead. */
const heartbeatTooOldMs = 100_000;

/** Between two tries to log in while Discord cannot be reached. */
const loginAgainMs = 5_000;

/** The Discord client with its router and the one error boundary around every interaction. */
export function createBot(dependencies: BotDependencies): Bot {
  const { log, clock, words } = dependencies;
  const commands = new Map(dependencies.commands.map((command) => [command.data.name, command]));
  const client = new Client({
    intents: [],
    rest: { api: dependencies.apiUrl, makeRequest: dependencies.makeRequest },
    allowedMentions: noMentions,
  });
  const underWay = new Set<Promise<void>>();
  let isRefusing = false;
  let readyAt = 0;

  client.on(Events.InteractionCreate, (interaction) => {
    const work = handle(interaction).finally(() => underWay.delete(work));
    underWay.add(work);
  });
  client.on(Events.ShardReady, () => {
    readyAt = clock.now();
  });
  client.on(Events.ClientReady, () => log.info('ready'));
  // Without a listener for `error`, an error event would end the process.
  client.on(Events.Error, (error) => log.error({ error }, 'the Discord client had an error'));
  client.on(Events.ShardError, (error) => log.warn({ error }, 'the gateway connection had an error'));
  client.on(Events.ShardDisconnect, ({ code }) => {
    if (isRefusing) return;
    log.fatal({ code }, 'Discord closed the gateway for good: look at DISCORD_TOKEN');
    dependencies.onClosed();
  });
  client.on(Events.ShardReconnecting, () => {
    if (!isRefusing) log.warn('the gateway connection is made anew');
  });
  client.on(Events.ShardResume, () => log.info('the gateway connection is back'));

  async function handle(interaction: Interaction): Promise<void> {
    let caller: Caller | undefined;
    try {
      caller = toCaller(interaction, clock.now());
      if (isRefusing) throw new UserError('stopping');
      refuseElsewhere(caller, dependencies.allowedGuilds);
      await route(interaction, caller);
    } catch (error) {
      await answerError(interaction, caller, error);
    }
  }

  async function route(interaction: Interaction, caller: Caller): Promise<void> {
    const context = toContext(interaction, caller);
    if (interaction.isChatInputCommand()) {
      const command = commands.get(interaction.commandName);
      if (command === undefined) throw new UserError('unknown-command');
      return command.execute(interaction, context);
    }
    if (interaction.isButton()) return pressButton(interaction, context);
    if (interaction.isModalSubmit()) return submitWindow(interaction, context);
    if (interaction.isAutocomplete()) return;
    throw new UserError('unknown-component');
  }

  function toContext(interaction: Interaction, caller: Caller): CommandContext {
    return {
      service: dependencies.service,
      caller,
      words: words(caller.locale),
      handOver: (opened) => dependencies.handOver(interaction, opened),
      responder: dependencies.responder,
      replyPrivately: (message) => dependencies.responder.replyPrivately(interaction, message),
    };
  }

  async function answerError(
    interaction: Interaction,
    caller: Caller | undefined,
    error: unknown,
  ): Promise<void> {
    const id = randomBytes(4).toString('hex');
    const language = words(caller?.locale ?? 'en-US');
    if (error instanceof UserError) log.info({ code: error.code, userId: caller?.userId }, 'refused');
    else log.error({ error, errorId: id }, 'an interaction failed');
    try {
      if (interaction.isAutocomplete()) return;
      await dependencies.responder.replyPrivately(interaction, renderError(error, language, id));
    } catch (failure) {
      log.warn({ error: failure, errorId: id }, 'a sentence did not reach the person');
    }
  }

  /**
   * Waits until Discord can be reached, then logs in once: after a failed login a discord.js client stays
   * destroyed, and would neither be ready nor leave (14.28).
   */
  async function logIn(): Promise<void> {
    while (!(await canReachDiscord())) {
      await new Promise<void>((resolve) => clock.after(loginAgainMs, resolve));
    }
    if (isRefusing) return;
    try {
      await client.login(dependencies.token);
    } catch (error) {
      log.fatal({ error }, 'the login failed');
      dependencies.onClosed();
    }
  }

  /** True also where there is nothing to wait for: the bot is stopping, or the token is refused. */
  async function canReachDiscord(): Promise<boolean> {
    if (isRefusing) return true;
    const rest = new REST({ api: dependencies.apiUrl, makeRequest: dependencies.makeRequest, retries: 0 });
    try {
      await rest.setToken(dependencies.token).get(Routes.gatewayBot());
      return true;
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 401) {
        log.fatal('Discord refuses the token: look at DISCORD_TOKEN');
        isRefusing = true;
        dependencies.onClosed();
        return true;
      }
      log.warn({ error }, 'Discord cannot be reached; this is tried again');
      return false;
    }
  }

  /**
   * Whether the gateway is alive: `client.isReady()` stays true after Discord has closed it for good, so the age
   * of the last heartbeat that was answered decides.
   */
  function isConnected(): boolean {
    const shards = [...client.ws.shards.values()];
    const isAlive = (shard: (typeof shards)[number]) => {
      const lastHeartbeatAt = Math.max(shard.lastPingTimestamp, readyAt);
      return shard.status === Status.Ready && clock.now() - lastHeartbeatAt < heartbeatTooOldMs;
    };
    return shards.length > 0 && shards.every(isAlive);
  }

  return {
    start: logIn,
    refuse() {
      isRefusing = true;
    },
    async stop() {
      isRefusing = true;
      await Promise.all(underWay);
      await client.destroy();
    },
    isReady: () => !isRefusing && isConnected(),
  };
}

/** Servers that the operator did not allow get one sentence, and nothing is written. */
function refuseElsewhere({ guildId }: Caller, allowed: ReadonlySet<string> | '*'): void {
  if (guildId === undefined) throw new UserError('direct-not-allowed');
  if (allowed !== '*' && !allowed.has(guildId)) throw new UserError('server-not-allowed');
}
