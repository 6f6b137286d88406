import type { FastifyReply, FastifyRequest } from 'fastify';

/** This machine's names. A page elsewhere that points its own name here still sends that name. */
const ownNames: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/** The page may load only its own files, and no other page may embed it. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "font-src 'self'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Accepts requests to this machine's own names, and actions only from the page itself. */
export async function guard(request: FastifyRequest, reply: FastifyReply): Promise<void> {
  reply.headers({
    'content-security-policy': policy,
    'cross-origin-resource-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  });
  const { host = '', origin } = request.headers;
  if (!ownNames.has(host.replace(/:\d+$/, ''))) {
    return reply.code(403).send('The sandbox answers to http://127.0.0.1 and http://localhost only.');
  }
  const isWrite = request.method !== 'GET' && request.method !== 'HEAD';
  if (isWrite && origin !== `http://${host}`) {
    return reply.code(403).send('Only the page of the sandbox itself may do that.');
  }
}
