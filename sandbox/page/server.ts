import { Readable } from 'node:stream';
import fastify, { type FastifyInstance } from 'fastify';
import { drawAvatar } from './avatars.ts';
import { readBundle } from './bundle.ts';
import type { EventStream } from './event-stream.ts';
import { guard } from './guard.ts';
import type { Action, Outcome } from './protocol.ts';

export interface ServerParts {
  stream: EventStream;
  act(action: Action): Promise<Outcome>;
  /** Scheme and host of the local Discord, which keeps the files. */
  filesOrigin: string;
  nameOf(id: string): string | undefined;
}

/** How a second sandbox recognizes that the first one has the port. */
export const greeting = 'midjourney-relay sandbox';

/** Ten files of 10 MiB in base64, and room for the rest. */
const bodyLimit = 150 * 2 ** 20;

export function createPageServer({ stream, act, filesOrigin, nameOf }: ServerParts): FastifyInstance {
  const server = fastify({ bodyLimit, forceCloseConnections: true });
  server.addHook('onRequest', guard);
  server.get('/', async (_request, reply) => reply.type('text/html').send((await readBundle()).page));
  server.get('/page.js', async (_request, reply) =>
    reply.type('text/javascript').send((await readBundle()).script),
  );
  server.get('/page.css', async (_request, reply) => reply.type('text/css').send((await readBundle()).style));
  server.get<{ Params: { name: string } }>('/fonts/:name', async ({ params }, reply) => {
    const font = (await readBundle()).fonts.get(params.name);
    if (font === undefined) return reply.callNotFound();
    return reply.type('font/woff2').header('cache-control', 'max-age=86400').send(font);
  });
  server.get('/greeting', async () => greeting);
  server.get<{ Params: { id: string } }>('/avatars/:id', async ({ params }, reply) =>
    reply.type('image/svg+xml').send(drawAvatar(nameOf(params.id))),
  );
  server.get('/events', (_request, reply) => {
    reply.hijack();
    stream.open(reply.raw);
  });
  for (const folder of ['attachments', 'ephemeral-attachments']) {
    server.get(`/files/${folder}/*`, async (request, reply) => {
      const file = await fetch(filesOrigin + request.url.slice('/files'.length));
      reply.code(file.status).type(file.headers.get('content-type') ?? 'application/octet-stream');
      // Its address is signed, and never leads to another file.
      reply.header('cache-control', 'private, max-age=86400');
      // A stranger's file must not run as a page of this server.
      reply.header('content-security-policy', "sandbox; default-src 'none'");
      return reply.send(file.body === null ? '' : Readable.fromWeb(file.body as never));
    });
  }
  server.post<{ Body: Action }>('/act', async ({ body }) => act(body));
  return server;
}
