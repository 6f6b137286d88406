import { fastify } from 'fastify';
import type { Callbacks } from '../tracker/callbacks.ts';
import { callerLimits, limitConnections, toServerOptions } from './caller-limits.ts';

const bodyLimit = 1_048_576;

/**
 * What the outside sees: callbacks of the providers, and 404 for everything else. Not yet listening. Nothing about a request
 * is logged, since its path is what proves that it may be made.
 */
export function createPublicServer({ hear }: Callbacks, limits = callerLimits) {
  const server = fastify({
    ...toServerOptions(limits),
    bodyLimit,
    rewriteUrl: ({ url = '' }) => toCallback(url),
    // A path that the router doesn't even try.
    frameworkErrors: (_error, _request, { raw }) => void raw.writeHead(404).end(),
  });
  limitConnections(server.server, limits);
  // Ids beyond 2^53 lose digits in JSON.parse, so the text is what is passed on, no matter what it says it is.
  server.addHook('onRequest', async ({ headers }) => {
    headers['content-type'] = 'text/plain';
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('text/plain', { parseAs: 'string' }, (_request, body, done) =>
    done(null, body),
  );
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

/**
 * The end of an address as we issued it. A path of `PUBLIC_URL` may stand before it, if the reverse proxy leaves it there,
 * and a slash behind it.
 */
function toCallback(url: string): string {
  return /\/callbacks\/[^/?]+\/[^/?]+\/[^/?]+(?=\/?(?:\?|$))/u.exec(url)?.[0] ?? url;
}
