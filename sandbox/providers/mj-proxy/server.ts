import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Answer, toJson, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { deliver } from '../delivery.ts';
import type { RecordedRequest } from '../stand-in.ts';
import type { Traffic } from '../traffic.ts';
import type { Fault, Place, Troubles } from '../trouble.ts';
import type { Accounts } from './accounts.ts';
import type { Body } from './bodies.ts';
import type { Habits } from './habits.ts';
import { isRefusalName, refuse, toGatewayRefusal, toMiddlewareError } from './refusals.ts';
import type { Service } from './service.ts';

export interface ServerParts {
  habits: Habits;
  clock: Clock;
  trouble: Troubles;
  traffic: Traffic;
  accounts: Accounts;
  service: Service;
}

/** Framework default of the .NET proxy, 30 MB; the documents allow 4 MB a picture. */
const bodyLimit = 30 * 2 ** 20;

const submitKinds = 'imagine|action|modal|blend|describe|shorten|edits|video|upload-discord-images';

export function createServer(parts: ServerParts): FastifyInstance {
  const { habits, clock, trouble, traffic, accounts, service } = parts;
  const server = fastify({ bodyLimit, forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));

  function record(request: FastifyRequest): RecordedRequest {
    return traffic.receive({
      at: clock.now(),
      method: request.method,
      path: request.url,
      headers: withoutKeys(request.headers),
      account: accounts.find(readKey(request, habits.auth)),
      body: parseBody(request.body).value,
      status: undefined,
      outcome: 'open',
      answer: undefined,
      fault: undefined,
    });
  }

  /** Takes the fault that is due, makes the answer unless the fault comes before, and writes it. */
  async function respond(
    { request, reply, place }: { request: FastifyRequest; reply: FastifyReply; place: Place | undefined },
    makeAnswer: (recorded: RecordedRequest) => Answer | Promise<Answer>,
  ): Promise<void> {
    reply.hijack();
    const recorded = record(request);
    const fault = place === undefined ? undefined : trouble.take(place, readPrompt(recorded.body));
    const early = fault === undefined ? undefined : toEarlyAnswer(fault);
    const isTaken = fault?.do !== 'drop' && !(fault?.do === 'hang' && !fault.taken);
    const answer = early ?? (isTaken ? await makeSafely(() => makeAnswer(recorded)) : toJson(200, {}));
    deliver(answer, {
      reply,
      request: recorded,
      fault,
      clock,
      done: () => traffic.emit({ type: 'answer', at: clock.now(), request: recorded }),
    });
  }

  /** Mode, key and body, in the order in which new-api looks at them. */
  function admit(
    request: FastifyRequest,
    recorded: RecordedRequest,
  ): { body: Body; account: number } | Answer {
    const { mode } = request.params as { mode?: string };
    if (mode !== undefined && habits.refusedModes.includes(mode)) {
      return toGatewayRefusal(4, '无效的加速模式');
    }
    const key = readKey(request, habits.auth);
    if (key === '') return refuse('no-key');
    // What follows a second "-" would choose a channel, which is for admins (new-api middleware/auth.go).
    const [bare = ''] = key.replace(/^sk-/, '').split('-');
    const account = accounts.find(key);
    if (account === undefined) {
      const isKnown = accounts.find(`sk-${bare}`) !== undefined;
      return isKnown ? toMiddlewareError(403, '普通用户不支持指定渠道') : refuse('unauthorized');
    }
    recorded.account = account;
    if (request.method === 'GET') return { body: {}, account };
    const { value, isObject } = parseBody(request.body);
    if (!isObject) return toMiddlewareError(400, 'Invalid request, invalid character in JSON');
    return { body: value as Body, account };
  }

  function submit(request: FastifyRequest, recorded: RecordedRequest, kind: string): Answer {
    const admitted = admit(request, recorded);
    if ('status' in admitted) return admitted;
    const { mode } = request.params as { mode?: string };
    // `/mj-fast/mj/…` is cut to `/mj/…`; any other word is forwarded as it is, and the upstream has no such path
    // (new-api relay/mjproxy_handler.go, getMjRequestPath). Looks are answered by the gateway, whatever the word.
    if (mode !== undefined && !mode.startsWith('mj-')) return refuse('not-supported');
    return service.submit(kind, admitted.body, admitted.account);
  }

  for (const prefix of ['', '/:mode']) {
    server.post(`${prefix}/mj/submit/:kind(${submitKinds})`, (request, reply) =>
      respond({ request, reply, place: 'submit' }, (recorded) =>
        submit(request, recorded, (request.params as { kind: string }).kind),
      ),
    );
    server.post(`${prefix}/mj/insight-face/swap`, (request, reply) =>
      respond({ request, reply, place: 'submit' }, (recorded) => submit(request, recorded, 'swap')),
    );
    server.get(`${prefix}/mj/task/:id/:look(fetch|image-seed)`, (request, reply) =>
      respond({ request, reply, place: 'look' }, (recorded) => {
        const admitted = admit(request, recorded);
        const { id, look } = request.params as { id: string; look: string };
        if ('status' in admitted) return admitted;
        return look === 'fetch' ? service.fetch(id, admitted.account) : service.seed(id, admitted.account);
      }),
    );
    server.post(`${prefix}/mj/task/list-by-condition`, (request, reply) =>
      respond({ request, reply, place: 'look' }, (recorded) => {
        const admitted = admit(request, recorded);
        if ('status' in admitted) return admitted;
        const ids = admitted.body['ids'] ?? [];
        if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) {
          return toGatewayRefusal(4, 'do_request_failed');
        }
        return service.list(ids, admitted.account);
      }),
    );
    server.get(`${prefix}/mj/image/:id`, (request, reply) =>
      respond({ request, reply, place: 'picture' }, () =>
        service.image((request.params as { id: string }).id),
      ),
    );
  }
  server.get('/attachments/*', (request, reply) =>
    respond({ request, reply, place: 'picture' }, () => service.attachment(request.url)),
  );
  // new-api answers what it does not know with its own web page, and 200 (router/web-router.go).
  server.setNotFoundHandler((request, reply) =>
    respond({ request, reply, place: undefined }, () => ({
      status: 200,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: '<!doctype html><html><head><title>New API</title></head><body><div id="root"></div></body></html>',
    })),
  );
  // A body beyond the limit, for one, gets no further than the framework.
  server.setErrorHandler((error: { statusCode?: number }, request, reply) =>
    respond({ request, reply, place: undefined }, () => toText(error.statusCode ?? 500, '')),
  );
  return server;
}

/** A bug of the stand-in's own shows as such, instead of as a connection that hangs. */
async function makeSafely(makeAnswer: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await makeAnswer();
  } catch (error) {
    return toText(599, `The stand-in failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

function toEarlyAnswer(fault: Fault): Answer | undefined {
  if (fault.do === 'answer') return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
  if (fault.do !== 'refuse') return undefined;
  if (!isRefusalName(fault.as)) return undefined;
  const answer = refuse(fault.as);
  if (fault.retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(fault.retryAfterSeconds) } };
}

function readKey({ headers }: FastifyRequest, auth: Habits['auth']): string {
  const secret = String(headers['mj-api-secret'] ?? '');
  if (auth === 'mj-api-secret') return secret;
  const authorization = String(headers.authorization ?? '');
  if (auth === 'raw') return authorization || secret;
  const key = authorization.replace(/^Bearer /, '');
  return key === '' || key === 'midjourney-proxy' ? secret.replace(/^Bearer /, '') : key;
}

function withoutKeys(headers: FastifyRequest['headers']): Record<string, string> {
  const entries = Object.entries(headers).filter(
    ([name]) => name !== 'authorization' && name !== 'mj-api-secret',
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function parseBody(body: unknown): { value: unknown; isObject: boolean } {
  if (typeof body !== 'string') return { value: undefined, isObject: false };
  try {
    const value: unknown = JSON.parse(body);
    return { value, isObject: typeof value === 'object' && value !== null && !Array.isArray(value) };
  } catch {
    return { value: body, isObject: false };
  }
}

function readPrompt(body: unknown): string {
  const prompt = typeof body === 'object' && body !== null && 'prompt' in body ? body.prompt : '';
  return typeof prompt === 'string' ? prompt : '';
}
