import { randomBytes } from 'node:crypto';
import type { Server } from 'node:http';
import { GatewayCloseCodes, GatewayIntentBits, GatewayOpcodes } from 'discord-api-types/v10';
import type { RawData, WebSocket } from 'ws';
import { WebSocketServer } from 'ws';
import { type SessionStarts, takeStart } from './session-starts.ts';
import type { Settings } from './settings.ts';
import type { Traffic } from './traffic.ts';
import type { World } from './world.ts';
import { toApiBot, toApiGuild } from './world-payload.ts';

/** What a test can do to the connection. */
export interface GatewayControl {
  /** Open sockets with a session. */
  connections(): number;
  /** Breaks every connection without a close frame. */
  cut(): void;
  /** Closes every connection with a code of Discord docs, opcodes-and-status-codes, "Gateway Close Event Codes". */
  close(code: number): void;
  /** Op 7: the client should reconnect and resume. */
  reconnect(): void;
  /** Op 9: the session is over, or (`true`) may be resumed. */
  invalidate(resumable: boolean): void;
  /** How to answer an IDENTIFY from now on: with a session, op 9, or a close with that code. */
  answerIdentify(how: 'ready' | 'invalid-session' | number): void;
  /** While on, new connections are refused; open ones stay. */
  refuse(on: boolean): void;
  /** While off, heartbeats aren't answered, so the client considers the connection dead. */
  answerHeartbeats(on: boolean): void;
  /** Sends any frame, unchanged, outside of any session. */
  sendRaw(frame: string): void;
  /** Sends any event, unchanged. */
  dispatch(name: string, data: object | null, guildId?: string): void;
}

export interface Gateway extends GatewayControl {
  attach(server: Server): void;
  shutDown(): void;
}

interface Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  sequence: number;
  /** What was sent, for a resume; the real gateway keeps it for a few minutes. */
  readonly sent: { sequence: number; frame: string }[];
  socket: WebSocket | undefined;
}

const KEPT_EVENTS = 5_000;

export function createGateway(options: {
  world: World;
  settings: Settings;
  traffic: Traffic;
  starts: SessionStarts;
  url: () => string;
}): Gateway {
  const { world, settings, traffic, starts, url } = options;
  const sessions = new Map<string, Session>();
  const sockets = new Set<WebSocket>();
  const webSockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  let refusing = false;
  let answering = true;
  let identifying: Parameters<GatewayControl['answerIdentify']>[0] = 'ready';

  const report = (what: 'connected' | 'ready' | 'resumed' | 'closed', code?: number) =>
    traffic.emit({ type: 'gateway', at: settings.now(), what, ...(code !== undefined && { code }) });

  function send(session: Session, name: string, data: object | null): void {
    const sequence = ++session.sequence;
    const frame = JSON.stringify({ op: GatewayOpcodes.Dispatch, s: sequence, t: name, d: data });
    session.sent.push({ sequence, frame });
    if (session.sent.length > KEPT_EVENTS * 1.25) session.sent.splice(0, session.sent.length - KEPT_EVENTS);
    session.socket?.send(frame);
  }

  function identify(socket: WebSocket, data: Frame['d']): Session | undefined {
    if (!isAccepted(data?.token)) {
      socket.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      return undefined;
    }
    if (!takeStart(starts, settings.now())) {
      const text = 'IDENTIFY: no session may be started before the reset; the token would be reset';
      traffic.emit({ type: 'violation', at: settings.now(), text });
    }
    if (identifying === 'invalid-session') {
      socket.send(JSON.stringify({ op: GatewayOpcodes.InvalidSession, d: false }));
      return undefined;
    }
    if (identifying !== 'ready') {
      socket.close(identifying, 'Refused by the sandbox.');
      return undefined;
    }
    const shard = data?.shard ?? [0, 1];
    if (shard[0] >= shard[1]) {
      socket.close(GatewayCloseCodes.InvalidShard, 'Invalid shard.');
      return undefined;
    }
    const id = randomBytes(16).toString('hex');
    const session: Session = { id, intents: data?.intents ?? 0, shard, sequence: 0, sent: [], socket };
    sessions.set(id, session);
    const guilds = world.everyGuild().filter((guild) => guild.hasApp && isOnShard(session, guild.id));
    const guildIds = guilds.map((guild) => guild.id);
    send(session, 'READY', { ...toReady(session, world, guildIds), resume_gateway_url: url() });
    if (session.intents & GatewayIntentBits.Guilds) {
      for (const guild of guilds) send(session, 'GUILD_CREATE', toApiGuild(guild, world));
    }
    report('ready');
    return session;
  }

  function resume(socket: WebSocket, data: Frame['d']): Session | undefined {
    if (!isAccepted(data?.token)) {
      socket.close(GatewayCloseCodes.AuthenticationFailed, 'Authentication failed.');
      return undefined;
    }
    const session = sessions.get(data?.session_id ?? '');
    const sequence = data?.seq ?? 0;
    const oldest = session?.sent[0]?.sequence ?? 1;
    if (!session || sequence > session.sequence || sequence < oldest - 1) {
      socket.send(JSON.stringify({ op: GatewayOpcodes.InvalidSession, d: false }));
      return undefined;
    }
    session.socket = socket;
    for (const event of session.sent) if (event.sequence > sequence) socket.send(event.frame);
    send(session, 'RESUMED', { _trace: [] });
    report('resumed');
    return session;
  }

  const isAccepted = (token: string | undefined) =>
    token !== undefined && settings.tokens.includes(token.replace(/^Bot /, ''));

  function accept(socket: WebSocket): void {
    let session: Session | undefined;
    sockets.add(socket);
    report('connected');
    const hello = { heartbeat_interval: settings.heartbeatIntervalMs, _trace: [] };
    socket.send(JSON.stringify({ op: GatewayOpcodes.Hello, d: hello }));
    socket.on('error', () => socket.terminate());
    socket.on('close', (code) => {
      sockets.delete(socket);
      if (session?.socket === socket) session.socket = undefined;
      // A client that closes with 1000 or 1001 gives up its session (Discord docs, events/gateway, "Disconnecting").
      if (session && (code === 1000 || code === 1001)) sessions.delete(session.id);
      report('closed', code);
    });
    socket.on('message', (data) => {
      const frame = parse(data);
      if (!frame) return socket.close(GatewayCloseCodes.DecodeError, 'Error while decoding payload.');
      switch (frame.op) {
        case GatewayOpcodes.Heartbeat:
          if (answering) socket.send(JSON.stringify({ op: GatewayOpcodes.HeartbeatAck }));
          return;
        case GatewayOpcodes.Identify:
          if (session) return socket.close(GatewayCloseCodes.AlreadyAuthenticated, 'Already authenticated.');
          session = identify(socket, frame.d);
          return;
        case GatewayOpcodes.Resume:
          session = resume(socket, frame.d);
          return;
        case GatewayOpcodes.PresenceUpdate:
        case GatewayOpcodes.RequestGuildMembers:
        case GatewayOpcodes.VoiceStateUpdate:
          if (!session) socket.close(GatewayCloseCodes.NotAuthenticated, 'Not authenticated.');
          return;
        default:
          socket.close(GatewayCloseCodes.UnknownOpcode, 'Unknown opcode.');
      }
    });
  }

  return {
    dispatch(name, data, guildId) {
      for (const session of sessions.values()) if (isOnShard(session, guildId)) send(session, name, data);
    },
    sendRaw(frame) {
      for (const socket of sockets) socket.send(frame);
    },
    attach(server) {
      server.on('upgrade', (request, socket, head) => {
        if (refusing) return socket.destroy();
        return webSockets.handleUpgrade(request, socket, head, accept);
      });
    },
    connections: () => [...sessions.values()].filter((session) => session.socket).length,
    cut() {
      for (const socket of sockets) socket.terminate();
    },
    close(code) {
      for (const socket of sockets) socket.close(code);
    },
    reconnect() {
      for (const socket of sockets) socket.send(JSON.stringify({ op: GatewayOpcodes.Reconnect, d: null }));
    },
    invalidate(resumable) {
      if (!resumable) sessions.clear();
      for (const socket of sockets) {
        socket.send(JSON.stringify({ op: GatewayOpcodes.InvalidSession, d: resumable }));
      }
    },
    answerIdentify(how) {
      identifying = how;
    },
    refuse(on) {
      refusing = on;
    },
    answerHeartbeats(on) {
      answering = on;
    },
    shutDown() {
      for (const socket of sockets) socket.terminate();
      webSockets.close();
    },
  };
}

/** READY without the address to resume at (Discord docs, events/gateway-events, "Ready"). */
function toReady({ id, shard }: Session, world: World, guildIds: readonly string[]) {
  return {
    v: 10,
    user: toApiBot(world),
    guilds: guildIds.map((guildId) => ({ id: guildId, unavailable: true })),
    session_id: id,
    shard,
    application: { id: world.application.id, flags: 0 },
    session_type: 'normal',
    relationships: [],
    private_channels: [],
  };
}

interface Frame {
  op: number;
  d?: {
    token?: string;
    intents?: number;
    shard?: [number, number];
    session_id?: string;
    seq?: number;
  } | null;
}

function parse(data: RawData): Frame | undefined {
  try {
    const frame: unknown = JSON.parse(String(data));
    return typeof frame === 'object' && frame !== null && 'op' in frame ? (frame as Frame) : undefined;
  } catch {
    return undefined;
  }
}

/** Events without a server go to shard 0 (Discord docs, events/gateway, "Sharding"). */
function isOnShard(session: Session, guildId: string | undefined): boolean {
  const [shard, count] = session.shard;
  return guildId === undefined ? shard === 0 : Number((BigInt(guildId) >> 22n) % BigInt(count)) === shard;
}
