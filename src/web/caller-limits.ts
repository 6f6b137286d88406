import type { Server } from 'node:http';

/** How long callers may take, and how many there may be, so that slow ones don't keep others out for long. */
export interface CallerLimits {
  /** From the connection, or the end of the last answer, to the last byte of the headers, and of the whole request. */
  readonly requestMs: number;
  /** Without a byte in either direction: the caller doesn't read the answer, or sends nothing more. */
  readonly idleMs: number;
  /** How long a connection stays open for another request. */
  readonly keepAliveMs: number;
  /** How often to check for slow callers. Node's default of 30 s would add that much to each limit. */
  readonly checkEveryMs: number;
  /** Any more are closed right away. */
  readonly connections: number;
  readonly requestsPerConnection: number;
}

/** A slow caller is gone within ten seconds. */
export const callerLimits: CallerLimits = {
  requestMs: 8_000,
  idleMs: 8_000,
  keepAliveMs: 5_000,
  checkEveryMs: 1_000,
  connections: 256,
  requestsPerConnection: 1_000,
};

/** The limits as options of fastify; {@link limitConnections} does the rest. */
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

export function limitConnections(server: Server, { connections }: CallerLimits): void {
  server.maxConnections = connections;
}
