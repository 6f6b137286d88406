import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createAssets } from './assets.ts';
import type { RegionDesk } from './region-desk.ts';
import { createTurnstile } from './turnstile.ts';

/** What the page's own server tells browsers: nothing from elsewhere, nothing kept, nothing told to other sites. */
const strict = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; connect-src 'self'; " +
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'x-robots-tag': 'noindex',
} as const;
const unkept = { ...strict, 'cache-control': 'no-store' } as const;
const keptForever = { ...strict, 'cache-control': 'public, max-age=31536000, immutable' } as const;

const maskLimitBytes = 8 * 1_048_576;
/** A picture that isn't there yet, or that there's no room for: the page asks again. */
const retryAfterSeconds = 2;
/** A mask takes up to four times its size while it's read, and a second at most. */
const masksAtOnce = { atOnce: 16, perPerson: 4 };
/** A picture is in memory until a slow phone has all of it. */
const picturesAtOnce = { atOnce: 32, perPerson: 4 };

type Named<Name extends string> = { Params: Record<Name, string> };

/** The region editor's routes. `prefix` is the path of `PUBLIC_URL`. */
export function addRegionRoutes(
  server: FastifyInstance,
  { createDesk, prefix }: { createDesk: (assetPath: string) => RegionDesk; prefix: string },
): void {
  const assets = createAssets(prefix);
  const desk = createDesk(assets.path);
  const [masks, pictures] = [createTurnstile(masksAtOnce), createTurnstile(picturesAtOnce)];
  /** How to let a mask out again that isn't read yet. */
  const arriving = new WeakMap<FastifyRequest, () => void>();

  server.get<Named<'token'>>('/region/:token', async ({ params }, reply) => {
    const { status, html } = await desk.show(params.token);
    return reply.code(status).headers(unkept).type('text/html; charset=utf-8').send(html);
  });

  server.get<Named<'token'>>('/region/:token/picture', async ({ params }, reply) => {
    reply.headers(unkept);
    if ((await desk.findOver(params.token)) !== undefined) return reply.code(404).send();
    const leave = pictures.enter(personOf(params.token));
    if (leave === undefined) return sendLater(reply);
    reply.raw.once('close', leave);
    const picture = await desk.picture(params.token);
    if (picture === 'gone') return reply.code(404).send();
    if (picture === 'late') return sendLater(reply);
    const { width, height } = picture.maskSize;
    return reply.header('mask-size', `${width}x${height}`).type(picture.type).send(picture.bytes);
  });

  server.post<Named<'token'> & { Body: string | undefined }>(
    '/region/:token',
    {
      bodyLimit: maskLimitBytes,
      // Before the body is read: nobody but the holder of a link may send that much.
      async onRequest(request, reply) {
        const { token } = request.params;
        reply.headers(unkept);
        const over = await desk.findOver(token);
        if (over !== undefined) return sendJson(reply.code(410), over);
        const leave = masks.enter(personOf(token));
        if (leave === undefined) return sendLater(reply);
        arriving.set(request, leave);
        reply.raw.once('close', () => arriving.get(request)?.());
      },
    },
    async (request, reply) => {
      const leave = arriving.get(request);
      // Even if its sender hangs up now, it's read to the end.
      arriving.delete(request);
      try {
        const answer = await desk.take(request.params.token, request.body ?? '');
        if (answer === undefined) return reply.code(400).send();
        return sendJson(reply.code(answer.kind === 'over' ? 410 : 200), answer);
      } finally {
        leave?.();
      }
    },
  );

  server.get<Named<'hash' | 'name'>>('/assets/:hash/:name', async ({ params }, reply) => {
    const asset = await assets.read(params.hash, params.name);
    if (asset === undefined) return reply.code(404).headers(unkept).send();
    return reply.headers(keptForever).type(asset.type).send(asset.text);
  });
}

/** The part of a link that says whose it is. */
function personOf(token: string): string {
  return token.slice(0, 11);
}

function sendLater(reply: FastifyReply): FastifyReply {
  return reply.code(503).header('retry-after', retryAfterSeconds).send();
}

function sendJson(reply: FastifyReply, value: object): FastifyReply {
  return reply.type('application/json; charset=utf-8').send(JSON.stringify(value));
}
