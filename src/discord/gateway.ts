import {
  Client,
  Events,
  type RESTOptions,
  SimpleIdentifyThrottler,
  SimpleShardingStrategy,
  Status,
} from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { type ConnectionEvents, createConnectionLog, watchConnections } from './connection-log.ts';
import { createGatewayQuestions } from './gateway-questions.ts';
import { guardFrames, guardPackets, type InteractionListener } from './packets.ts';
import { noMentions } from './respond.ts';
import { createSessionStarts } from './session-starts.ts';

/** The connection that brings interactions. */
export interface Gateway {
  /** Logs in as soon as Discord can be reached. */
  start(): Promise<void>;
  /** The connection is about to be closed: from now on, what happens to it isn't reported. */
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
  /** Discord refuses this bot from now on: its token was reset, or its session was refused. */
  onClosed: () => void;
}

/** Until Discord has said how often it wants a heartbeat, which is nearly always every 41 seconds. */
const usualHeartbeatMs = 41_250;
/** After two unanswered heartbeats, with time for an answer under way, the connection is dead. */
const mostHeartbeatsMissed = 2.5;

/** Between two tries to log in while Discord can't be reached. */
const loginAgainMs = 5_000;

export function createGateway(dependencies: GatewayDependencies): Gateway {
  const { token, apiUrl, makeRequest, clock, log } = dependencies;
  const rest = { api: apiUrl, makeRequest };
  const questions = createGatewayQuestions({ token, apiUrl, makeRequest, log });
  const starts = createSessionStarts({ readLimit: questions.readLimit, clock, log });
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
        watchConnections(manager as unknown as ConnectionEvents, connections, () => isEnding);
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

  /**
   * Waits until Discord can be reached, then logs in once: after a failed login a discord.js client stays
   * destroyed, and would neither become ready nor leave (14.28).
   */
  async function start(): Promise<void> {
    while (!isEnding) {
      const answer = await questions.reach();
      if (answer === 'reached') break;
      if (answer === 'token-refused') {
        isEnding = true;
        log.fatal('Discord refuses the token: look at DISCORD_TOKEN');
        return dependencies.onClosed();
      }
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
     * `client.isReady()` stays true after Discord has closed the gateway for good, so the age of the last answered
     * heartbeat decides.
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
