import type { Server } from 'node:http';
import type { Socket } from 'node:net';

/** How long callers may take and how many there may be, so that slow ones don't keep others out. */
export interface CallerLimits {
  /** From the first byte of a request, or from the connection, to its last byte. */
  readonly requestMs: number;
  /** Without a byte in either direction, while a request is under way. */
  readonly idleMs: number;
  /** How long a connection is kept open for its next request. */
  readonly keepAliveMs: number;
  /** How often to look for callers who are too slow. Node's own 30 s would add that much to each limit. */
  readonly checkEveryMs: number;
  /** How many connections to hold; the one that was quiet longest makes room for a new one. */
  readonly connections: number;
  readonly requestsPerConnection: number;
}

/**
 * A slow caller is gone within ten seconds. A connection is kept for longer than by any usual reverse proxy (nginx and AWS
 * 60 s, Traefik 90 s, Caddy 120 s, Google Cloud 600 s): if we close it first, a callback that is just on its way is lost,
 * and its caller reads 502.
 */
export const callerLimits: CallerLimits = {
  requestMs: 8_000,
  idleMs: 8_000,
  keepAliveMs: 620_000,
  checkEveryMs: 1_000,
  connections: 256,
  requestsPerConnection: 1_000,
};

/** These limits as options of fastify; {@link limitConnections} does the rest. */
export function toServerOptions(limits: CallerLimits) {
  return {
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.idleMs,
    keepAliveTimeout: limits.keepAliveMs,
    maxRequestsPerSocket: limits.requestsPerConnection,
    http: { headersTimeout: limits.requestMs, connectionsCheckingInterval: limits.checkEveryMs },
    forceCloseConnections: true,
  } as const;
}

/**
 * Closes the connection that was quiet longest when there are too many. Refusing the new one instead would let a few
 * hundred slow callers keep out everybody else, and behind a reverse proxy all callers have one address.
 */
export function limitConnections(server: Server, { connections }: CallerLimits): void {
  /** From the one that was quiet longest to the newest. */
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    const [oldest] = open;
    if (oldest !== undefined && open.size >= connections) {
      open.delete(oldest);
      oldest.destroy();
    }
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  server.on('request', ({ socket }, response) => {
    response.once('finish', () => {
      if (open.delete(socket)) open.add(socket);
    });
  });
}
