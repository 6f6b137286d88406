import { fastify } from 'fastify';
import type { Callbacks } from '../tracker/callbacks.ts';
import { type CallerLimits, callerLimits, limitConnections, toServerOptions } from './caller-limits.ts';
import type { RegionDesk } from './region-desk.ts';
import { addRegionRoutes } from './region-routes.ts';

const bodyLimit = 1_048_576;

/** The region editor, for a server that people can reach. */
export interface RegionEditor {
  /** Makes the desk, for pages whose files are at that path. */
  readonly createDesk: (assetPath: string) => RegionDesk;
  /** The path of `PUBLIC_URL`, without a slash at its end. */
  readonly prefix: string;
}

/** Hears of what went wrong on our side. */
export type ReportFailure = (error: unknown) => void;

/**
 * What the outside sees: callbacks of the providers, the region editor's pages if there are any, and 404 for everything else.
 * Not yet listening. Nothing about a request is reported, since its path is what proves that it may be made.
 */
export function createPublicServer(
  { hear }: Callbacks,
  {
    limits = callerLimits,
    region,
    report,
  }: { limits?: CallerLimits; region?: RegionEditor; report?: ReportFailure } = {},
) {
  const server = fastify({
    ...toServerOptions(limits),
    bodyLimit,
    rewriteUrl: ({ url = '' }) => toOwnPath(url),
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
  server.setErrorHandler<{ statusCode?: number }>((error, _request, reply) => {
    const { statusCode = 500 } = error;
    if (statusCode >= 500) report?.(error);
    return reply.code(statusCode).send();
  });
  server.post<{ Params: Record<'account' | 'task' | 'signature', string>; Body: string | undefined }>(
    '/callbacks/:account/:task/:signature',
    async ({ params, body }, reply) => reply.code((await hear(params, body ?? '')) ? 200 : 404).send(),
  );
  if (region !== undefined) addRegionRoutes(server, region);
  return server;
}

/**
 * The end of an address as we issued it. A path of `PUBLIC_URL` may stand before it, if the reverse proxy leaves it there,
 * and a slash behind it.
 */
function toOwnPath(url: string): string {
  for (const pattern of ownPaths) {
    const [own] = pattern.exec(url) ?? [];
    if (own !== undefined) return own;
  }
  return url;
}

const ownPaths = [
  /\/callbacks\/[^/?]+\/[^/?]+\/[^/?]+(?=\/?(?:\?|$))/u,
  /\/region\/[^/?]+(?:\/picture)?(?=\/?(?:\?|$))/u,
  /\/assets\/[^/?]+\/[^/?]+(?=\?|$)/u,
];
