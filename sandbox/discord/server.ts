import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Attachments } from './attachments.ts';
import type { Payload } from './multipart.ts';
import { readPayload } from './multipart.ts';
import { createRateLimits } from './rate-limits.ts';
import { Refusal, refuse } from './refusal.ts';
import type { Answer, FindRoute } from './routes/route.ts';
import type { Forms } from './rules/forms.ts';
import type { Settings } from './settings.ts';
import type { RecordedRequest, Traffic } from './traffic.ts';
import type { Act, FalseAnswer, Troublemaker } from './trouble.ts';
import { rateLimited } from './trouble.ts';

interface Parts {
  settings: Settings;
  traffic: Traffic;
  trouble: Troublemaker;
  attachments: Attachments;
  forms: Forms;
  findRoute: FindRoute;
}

const PREFIX = '/api/v10';

/** More than any single file's limit: the limit of a whole request (resources/message, "Create Message"). */
const LARGEST_REQUEST = 25 * 1024 * 1024;

/** The HTTP side: reads a request, applies trouble, finds its route and writes the answer. */
export function createHttpServer(parts: Parts) {
  const { settings, traffic, trouble, attachments, forms, findRoute } = parts;
  const spend = createRateLimits(trouble.quotas, settings.now);
  const bucketNames = new Map<string, string>();

  function toBucket(route: string): string {
    const known = bucketNames.get(route);
    if (known) return known;
    const name = createHash('sha1').update(route).digest('hex').slice(0, 32);
    bucketNames.set(route, name);
    return name;
  }

  async function serveApi(incoming: IncomingMessage, outgoing: ServerResponse, url: URL): Promise<void> {
    const method = incoming.method ?? 'GET';
    const path = decodeURIComponent(url.pathname.slice(PREFIX.length));
    const request: RecordedRequest = { at: settings.now(), method, path, query: url.search, files: [] };
    traffic.record(request);
    const early = trouble.take(`${method} ${path}`);
    const bytes = await readBody(incoming);
    const payload = await understand(request, bytes, incoming.headers['content-type']);
    const act = early ?? trouble.take(`${method} ${path}`, request.body ?? {});
    if (act?.type === 'drop' && act.lost === 'request') return void incoming.socket.destroy();
    await waitIf(act, 'first');
    const falseAnswer = act?.type === 'answer' ? act : undefined;
    const hasEffect = !falseAnswer || falseAnswer.effect;
    const answer = hasEffect ? answerTo(request, payload, incoming, url.searchParams) : undefined;
    await waitIf(act, 'last');
    if (act?.type === 'drop') return void incoming.socket.destroy();
    respond(outgoing, request, falseAnswer?.answer ?? answer ?? { status: 500 });
  }

  async function understand(
    request: RecordedRequest,
    bytes: Buffer | undefined,
    contentType = '',
  ): Promise<Payload | Refusal> {
    if (!bytes) return refuse.tooLarge();
    try {
      const payload = await readPayload(bytes, contentType);
      remember(request, payload);
      forms.checkSecrets(request, payload);
      return payload;
    } catch (error) {
      if (error instanceof Refusal) return error;
      throw error;
    }
  }

  /** Everything inside Discord, without interruption; never throws a `Refusal`. */
  function answerTo(
    request: RecordedRequest,
    payload: Payload | Refusal,
    { headers: { authorization } }: IncomingMessage,
    query: URLSearchParams,
  ): FalseAnswer | (Answer & { headers?: Record<string, string> }) {
    let headers: Record<string, string> = {};
    const { method, path } = request;
    try {
      const found = findRoute(method, path);
      if (!found) {
        const text = `${method} ${path}: the sandbox has no such route`;
        traffic.emit({ type: 'violation', at: settings.now(), text });
        throw refuse.unknownRoute();
      }
      const { route, params } = found;
      if (!route.isOpen && !isAuthorized(authorization)) throw refuse.unauthorized();
      const allowance = spend(`${method} ${path}`, toBucket(`${route.method} ${route.path}`));
      headers = allowance.headers;
      if (allowance.retryAfterMs !== undefined) {
        const { answer } = rateLimited('user', allowance.retryAfterMs);
        return { ...answer, headers: { ...headers, ...answer.headers } };
      }
      if (payload instanceof Refusal) throw payload;
      return { ...route.handle({ method, path, params, query, ...payload }), headers };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { status: error.status, body: error.toBody(), headers };
    }
  }

  const isAuthorized = (header: string | undefined) =>
    settings.tokens.some((token) => header === `Bot ${token}`);

  function respond(
    outgoing: ServerResponse,
    request: RecordedRequest,
    answer: { status: number; headers?: Record<string, string>; body?: object | string },
  ): void {
    request.status = answer.status;
    request.answeredAt = settings.now();
    const { body } = answer;
    if (typeof body === 'object' && answer.status >= 400 && 'code' in body) request.code = Number(body.code);
    if (body === undefined) {
      outgoing.writeHead(answer.status, answer.headers).end();
    } else {
      const contentType = typeof body === 'string' ? 'text/html' : 'application/json';
      const text = typeof body === 'string' ? body : JSON.stringify(body);
      outgoing.writeHead(answer.status, { 'content-type': contentType, ...answer.headers }).end(text);
    }
    traffic.emit({ type: answer.status < 400 ? 'answered' : 'refused', at: settings.now(), request });
  }

  function serveFile(outgoing: ServerResponse, url: URL): void {
    const file = attachments.read(url.pathname, url.searchParams);
    if (!file) {
      outgoing.writeHead(404, { 'content-type': 'text/plain' }).end('This content is no longer available.');
      return;
    }
    const headers = { 'content-type': file.contentType, 'content-length': file.bytes.length };
    outgoing.writeHead(200, headers);
    const held = trouble.heldUntil(url.pathname);
    if (held === undefined) {
      outgoing.end(file.bytes);
      return;
    }
    outgoing.write(file.bytes.subarray(0, 1));
    held.then(() => outgoing.end(file.bytes.subarray(1)));
  }

  const server = createServer((incoming, outgoing) => {
    const url = new URL(incoming.url ?? '/', 'http://127.0.0.1');
    if (!url.pathname.startsWith('/api/')) return serveFile(outgoing, url);
    if (!url.pathname.startsWith(`${PREFIX}/`)) {
      const refusal = refuse.invalidVersion();
      outgoing.writeHead(refusal.status, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify(refusal.toBody()));
      return;
    }
    serveApi(incoming, outgoing, url).catch((error: unknown) => {
      if (!incoming.complete) return; // the client gave up while it was sending
      // A bug in the sandbox itself has to be seen; it isn't the bot's or Discord's.
      const text = `The sandbox failed at ${incoming.method} ${url.pathname}: ${error instanceof Error ? error.stack : error}`;
      traffic.emit({ type: 'violation', at: settings.now(), text });
      if (outgoing.headersSent) outgoing.destroy();
      else outgoing.writeHead(500).end();
    });
  });
  // Longer than clients keep idle connections, so that none is closed during a request.
  server.keepAliveTimeout = 75_000;
  return server;
}

function remember(request: RecordedRequest, payload: Payload): void {
  if (payload.body !== undefined) request.body = payload.body;
  request.files = [...payload.files].map(([index, file]) => ({
    field: `files[${index}]`,
    name: file.name,
    size: file.bytes.length,
    contentType: file.contentType,
  }));
}

async function readBody(incoming: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size <= LARGEST_REQUEST) chunks.push(chunk);
  }
  return size <= LARGEST_REQUEST ? Buffer.concat(chunks) : undefined;
}

async function waitIf(act: Act | undefined, when: 'first' | 'last'): Promise<void> {
  if (act?.type !== 'delay' && act?.type !== 'hold') return;
  if ((act.when ?? 'last') !== when) return;
  await (act.type === 'hold' ? act.until : new Promise((resolve) => setTimeout(resolve, act.ms).unref()));
}
