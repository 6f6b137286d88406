import {
  type APIGatewayBotInfo,
  Client,
  DiscordAPIError,
  Events,
  REST,
  type RESTOptions,
  Routes,
  SimpleIdentifyThrottler,
  SimpleShardingStrategy,
  Status,
} from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createConnectionLog } from './connection-log.ts';
import { guardFrames, guardPackets, type InteractionListener } from './packets.ts';
import { noMentions } from './respond.ts';
import { createSessionStarts, type SessionStartLimit } from './session-starts.ts';

/** The connection by which interactions arrive. */
export interface Gateway {
  /** Logs in, however long Discord cannot be reached. */
  start(): Promise<void>;
  /** The connection is about to be left: what happens to it from now on isn't reported. */
  expectEnd(): void;
  leave(): Promise<void>;
  isConnected(): boolean;
}

export interface GatewayDependencies {
  token: string;
  apiUrl: string;
  makeRequest: RESTOptions['makeRequest'];
  listener: InteractionListener;
  clock: Clock;
  log: Logger;
  /** Discord will not have this bot any more: its token was reset, or its session was refused. */
  onClosed: () => void;
}

/** Until Discord has said how often it asks for a heartbeat, which is every 41 seconds nearly always. */
const usualHeartbeatMs = 41_250;
/** After two heartbeats without an answer, and what is under way, the connection is dead. */
const mostHeartbeatsMissed = 2.5;

/** Between two tries to log in while Discord cannot be reached. */
const loginAgainMs = 5_000;
const askTimeoutMs = 5_000;

/** Events of @discordjs/ws. discord.js exports an enumeration of its own by the name of theirs. */
interface ConnectionEvents {
  on(event: 'closed', listener: (connection: { shardId: number; code: number }) => void): unknown;
  on(event: 'hello' | 'ready' | 'resumed', listener: (connection: { shardId: number }) => void): unknown;
}

export function createGateway(dependencies: GatewayDependencies): Gateway {
  const { token, apiUrl, makeRequest, clock, log } = dependencies;
  const rest = { api: apiUrl, makeRequest };
  const asking = new REST({ ...rest, retries: 0, timeout: askTimeoutMs }).setToken(token);
  const starts = createSessionStarts({ readLimit, clock, log });
  const connections = createConnectionLog({ clock, log });
  const leaving = new AbortController();
  let isEnding = false;
  let readyAt = 0;
  let heartbeatEveryMs = usualHeartbeatMs;

  const client = new Client({
    intents: [],
    rest,
    allowedMentions: noMentions,
    ws: {
      buildStrategy(manager) {
        watchConnections(manager as unknown as ConnectionEvents);
        return guardFrames(new SimpleShardingStrategy(manager), log, (everyMs) => {
          heartbeatEveryMs = everyMs;
        });
      },
      async buildIdentifyThrottler(manager) {
        const { session_start_limit: limit } = await manager.fetchGatewayInformation();
        const spacing = new SimpleIdentifyThrottler(limit.max_concurrency);
        return {
          async waitForIdentify(shardId, signal) {
            await starts.wait(shardId, signal);
            await spacing.waitForIdentify(shardId, signal);
          },
        };
      },
    },
  });
  guardPackets(client, dependencies.listener, log);
  client.on(Events.ShardReady, () => {
    readyAt = clock.now();
  });
  client.on(Events.ClientReady, () => log.info('ready'));
  // Without a listener for `error`, an error event would end the process.
  client.on(Events.Error, (error) => log.error({ error }, 'the Discord client had an error'));
  client.on(Events.ShardError, (error, shardId) => connections.lost(shardId, { error }));
  client.on(Events.ShardDisconnect, ({ code }) => {
    if (isEnding) return;
    log.fatal({ code }, 'Discord closed the gateway for good: look at DISCORD_TOKEN');
    dependencies.onClosed();
  });

  /** discord.js itself does not tell why a connection was closed, and @discordjs/ws nothing of a refused IDENTIFY (op 9). */
  function watchConnections(manager: ConnectionEvents): void {
    const open = new Set<number>();
    manager.on('hello', ({ shardId }) => {
      if (open.has(shardId)) connections.lost(shardId, { reason: 'Discord refused the session' });
      open.add(shardId);
    });
    manager.on('closed', ({ code, shardId }) => {
      open.delete(shardId);
      if (!isEnding) connections.lost(shardId, { code });
    });
    manager.on('ready', ({ shardId }) => connections.back(shardId));
    manager.on('resumed', ({ shardId }) => connections.back(shardId));
  }

  /**
   * Waits until Discord can be reached, then logs in once: after a failed login a discord.js client stays
   * destroyed, and would neither be ready nor leave (14.28).
   */
  async function start(): Promise<void> {
    while (!(await canReachDiscord())) {
      await new Promise<void>((resolve) => clock.after(loginAgainMs, resolve));
    }
    if (!isEnding) await starts.waitForOneLeft(leaving.signal).catch(() => undefined); // it was left meanwhile
    if (isEnding) return;
    try {
      await client.login(token);
    } catch (error) {
      log.fatal({ error }, 'the login failed');
      dependencies.onClosed();
    }
  }

  /** True also where there is nothing to wait for: the bot is stopping, or the token is refused. */
  async function canReachDiscord(): Promise<boolean> {
    if (isEnding) return true;
    try {
      await asking.get(Routes.gatewayBot());
      return true;
    } catch (error) {
      if (error instanceof DiscordAPIError && error.status === 401) {
        log.fatal('Discord refuses the token: look at DISCORD_TOKEN');
        isEnding = true;
        dependencies.onClosed();
        return true;
      }
      log.warn({ error }, 'Discord cannot be reached; this is tried again');
      return false;
    }
  }

  /** A Discord that cannot be asked keeps nobody from trying. */
  async function readLimit(): Promise<SessionStartLimit | undefined> {
    try {
      const { session_start_limit: limit } = (await asking.get(Routes.gatewayBot())) as APIGatewayBotInfo;
      return limit;
    } catch (error) {
      log.warn({ error }, 'Discord does not tell how many sessions may be started');
      return undefined;
    }
  }

  return {
    start,
    expectEnd() {
      isEnding = true;
    },
    async leave() {
      isEnding = true;
      leaving.abort();
      connections.stop();
      await client.destroy();
    },
    /**
     * `client.isReady()` stays true after Discord has closed the gateway for good, so the age of the last heartbeat that
     * was answered decides.
     */
    isConnected() {
      const shards = [...client.ws.shards.values()];
      const isAlive = (shard: (typeof shards)[number]) => {
        const lastHeartbeatAt = Math.max(shard.lastPingTimestamp, readyAt);
        return (
          shard.status === Status.Ready &&
          clock.now() - lastHeartbeatAt < mostHeartbeatsMissed * heartbeatEveryMs
        );
      };
      return shards.length > 0 && shards.every(isAlive);
    },
  };
}
