import { fastify } from 'fastify';
import type { Clock } from '../clock.ts';
import { callerLimits, limitConnections, toServerOptions } from './caller-limits.ts';

export interface Health {
  /** Whether the bot takes interactions: the gateway is connected, and a write reaches the disk. */
  isReady(): Promise<boolean>;
  /** Figures for Prometheus, and the type of that text. */
  readonly metrics?: { readonly contentType: string; render(): Promise<string> } | undefined;
}

/** Each check writes to the disk, and nobody needs to know sooner. */
const readyForMs = 1_000;

/** The server of the admin port: health for supervisors and figures for Prometheus, which the public port never shows. Not yet listening. */
export function createAdminServer(health: Health, clock: Pick<Clock, 'now'>, limits = callerLimits) {
  const server = fastify({ ...toServerOptions(limits), bodyLimit: 1_024 });
  limitConnections(server.server, limits);
  const isReady = rememberFor(readyForMs, clock, health.isReady);
  server.get('/livez', async () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const isUp = await isReady();
    return reply.code(isUp ? 200 : 503).send({ status: isUp ? 'ready' : 'not ready' });
  });
  const { metrics } = health;
  if (metrics !== undefined) {
    const render = rememberFor(readyForMs, clock, () => metrics.render());
    server.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await render()));
  }
  return server;
}

/** The last answer of `look`, unless it's older; calls during a look share its answer. */
function rememberFor<Value>(
  milliseconds: number,
  { now }: Pick<Clock, 'now'>,
  look: () => Promise<Value>,
): () => Promise<Value> {
  let last: { readonly at: number; readonly value: Promise<Value> } | undefined;
  return () => {
    const age = last === undefined ? Number.POSITIVE_INFINITY : now() - last.at;
    if (last === undefined || age < 0 || age >= milliseconds) last = { at: now(), value: look() };
    return last.value;
  };
}
