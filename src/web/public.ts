import { fastify } from 'fastify';
import type { Callbacks } from '../runner/callbacks.ts';
import { callerLimits, limitConnections, toServerOptions } from './caller-limits.ts';

const bodyLimit = 1_048_576;

/**
 * What the outside sees: callbacks from providers, and 404 for everything else. Not yet listening. Requests aren't logged,
 * since the path is what authorizes them.
 */
export function createPublicServer({ hear }: Callbacks, limits = callerLimits) {
  const server = fastify({
    ...toServerOptions(limits),
    bodyLimit,
    // A path that the router doesn't even try.
    frameworkErrors: (_error, _request, { raw }) => void raw.writeHead(404).end(),
  });
  limitConnections(server.server, limits);
  // Ids beyond 2^53 lose digits in JSON.parse, so the text is passed on as it is, with any content type.
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
  server.setNotFoundHandler((_request, reply) => reply.code(404).send());
  server.setErrorHandler<{ statusCode?: number }>(({ statusCode = 500 }, _request, reply) =>
    reply.code(statusCode).send(),
  );
  server.post<{ Params: Record<'account' | 'task' | 'signature', string>; Body: string | undefined }>(
    '/callbacks/:account/:task/:signature',
    async ({ params, body }, reply) => reply.code((await hear(params, body ?? '')) ? 200 : 404).send(),
  );
  return server;
}
