import {
  type Client,
  type ClientEvents,
  Events,
  type GatewayHello,
  GatewayOpcodes,
  type Interaction,
  type SimpleShardingStrategy,
} from 'discord.js';
import type { Logger } from '../log.ts';
import type { RawInteraction } from './caller.ts';

/** What happens to an interaction. */
export interface InteractionListener {
  built(interaction: Interaction, raw: RawInteraction): void;
  /** discord.js couldn't build it, so nobody else is going to answer it. */
  unbuilt(raw: RawInteraction, error: unknown): void;
}

interface Action {
  handle(raw: unknown): unknown;
}

/** Internals of discord.js 14: in its types, `handlePacket` is private, and `actions` isn't there at all. */
interface Internals {
  readonly actions: { readonly InteractionCreate: Action };
  readonly ws: { handlePacket(packet?: { readonly t?: string | null }, shard?: unknown): boolean };
}

/**
 * Keeps packets from ending the process. discord.js builds its objects from a packet before any listener hears of it, and
 * throws if a field is missing (discord.js#7749, #8599): in a promise that nobody holds, or in an immediate if the packet
 * waited for READY, so neither a listener nor a `try` around `login` can catch it. Every interaction goes through
 * `InteractionCreate.handle`, which is guarded so that it's still answered, and every other packet through `handlePacket`.
 */
export function guardPackets(client: Client, listener: InteractionListener, log: Logger): void {
  const { actions, ws } = client as unknown as Internals;
  let waiting: RawInteraction | undefined;

  client.on(Events.InteractionCreate, (interaction: ClientEvents['interactionCreate'][0]) => {
    const raw = waiting;
    waiting = undefined;
    if (raw !== undefined) listener.built(interaction, raw);
  });

  const build = actions.InteractionCreate.handle.bind(actions.InteractionCreate);
  actions.InteractionCreate.handle = (packet) => {
    const raw = toRaw(packet, client.application?.id);
    if (raw === undefined) {
      log.error({ keys: keysOf(packet) }, 'an interaction without an id or a token cannot be answered');
      return;
    }
    waiting = raw;
    let error: unknown;
    try {
      build(toBuildable(raw));
    } catch (thrown) {
      error = thrown;
    }
    if (waiting === undefined) return; // it was built, and the listener has it
    waiting = undefined;
    const facts = { error, type: raw.type, keys: keysOf(raw), dataKeys: keysOf(raw.data) };
    log.error(facts, 'an interaction could not be read');
    listener.unbuilt(raw, error);
  };

  const handlePacket = ws.handlePacket.bind(ws);
  ws.handlePacket = (packet, shard) => {
    try {
      return handlePacket(packet, shard);
    } catch (error) {
      log.error({ error, event: packet?.t }, 'an event of the gateway could not be read');
      return true;
    }
  };
}

interface Shard {
  onMessage(data: unknown, isBinary: boolean): Promise<void>;
  unpackMessage(data: unknown, isBinary: boolean): Promise<unknown>;
}

/**
 * The same for what @discordjs/ws reads from each frame before discord.js sees it: an op 9 with `null`, an empty READY.
 * `onHello` is told how often Discord wants a heartbeat, in milliseconds, which the library keeps to itself.
 */
export function guardFrames(
  strategy: SimpleShardingStrategy,
  log: Logger,
  onHello: (heartbeatEveryMs: number) => void,
): SimpleShardingStrategy {
  const spawn = strategy.spawn.bind(strategy);
  strategy.spawn = async (shardIds) => {
    await spawn(shardIds);
    const { shards } = strategy as unknown as { shards: Map<number, Shard> };
    for (const shard of shards.values()) {
      const unpack = shard.unpackMessage.bind(shard);
      shard.unpackMessage = async (data, isBinary) => {
        const payload = (await unpack(data, isBinary)) as GatewayHello | null;
        if (payload?.op === GatewayOpcodes.Hello && payload.d.heartbeat_interval > 0)
          onHello(payload.d.heartbeat_interval);
        return payload;
      };
      const read = shard.onMessage.bind(shard);
      shard.onMessage = (data, isBinary) =>
        read(data, isBinary).catch((error: unknown) =>
          log.error({ error }, 'a frame of the gateway could not be read'),
        );
    }
  };
  return strategy;
}

/** What it takes to answer an interaction at all; its application is always this one. */
function toRaw(packet: unknown, ownApplicationId: string | undefined): RawInteraction | undefined {
  if (typeof packet !== 'object' || packet === null) return undefined;
  const raw = packet as Partial<RawInteraction>;
  const { id, token, application_id: applicationId } = raw;
  if (typeof id !== 'string' || typeof token !== 'string') return undefined;
  return { ...raw, id, token, application_id: applicationId ?? ownApplicationId ?? '' };
}

/**
 * Only the parts that are read through discord.js: a command's options, and which component of which message was used. So
 * nothing else, such as a poll in the message or next year's component, can keep it from being built. Who asks, and where,
 * is read from the raw interaction (`caller.ts`).
 */
function toBuildable(raw: RawInteraction): object {
  const { id, token, application_id, type, data, message } = raw;
  return {
    ...{ id, token, application_id, type },
    data: data && { ...data, resolved: toResolved(data) },
    user: raw.user ?? raw.member?.user,
    ...(message === undefined || message === null ? {} : { message: { id: message.id } }),
    entitlements: [],
    app_permissions: '0',
    authorizing_integration_owners: {},
  };
}

/** The message or person whose menu was used isn't read through discord.js, which would build it with all that's in it. */
function toResolved({
  target_id: targetId,
  resolved,
}: NonNullable<RawInteraction['data']>): object | undefined {
  return targetId === undefined || targetId === null ? (resolved ?? undefined) : {};
}

/** Names of fields may be logged, but not their values. */
function keysOf(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
