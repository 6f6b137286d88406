import { fastify } from 'fastify';

export interface Health {
  /** Whether the bot takes interactions: the gateway is connected and a write reaches the disk. */
  isReady(): Promise<boolean>;
}

/** The admin port's server: health for supervisors, never on the public port. Not yet listening. */
export function createAdminServer({ isReady }: Health) {
  const server = fastify({ bodyLimit: 1_024, forceCloseConnections: true });
  server.get('/livez', async () => ({ status: 'alive' }));
  server.get('/readyz', async (_request, reply) => {
    const isUp = await isReady();
    return reply.code(isUp ? 200 : 503).send({ status: isUp ? 'ready' : 'not ready' });
  });
  return server;
}
