import type { Server } from 'node:http';

/** How long callers may take and how many there may be, so that slow ones never keep others out for long. */
export interface CallerLimits {
  /** From the connection, or the end of the last answer, to the last byte of the headers and of the whole request. */
  readonly requestMs: number;
  /** Without a byte in either direction: who does not read an answer, or sends nothing more. */
  readonly idleMs: number;
  /** A connection that is kept open for a next request. */
  readonly keepAliveMs: number;
  /** How often it is looked who is too slow. Node's own 30 s would add that much to each limit. */
  readonly checkEveryMs: number;
  /** More are closed as they come. */
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

/** Those limits as options of fastify; {@link limitConnections} does the rest. */
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
