import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Answer, toJson, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { deliver } from '../delivery.ts';
import type { Accounts } from '../mj-proxy/accounts.ts';
import type { RecordedRequest } from '../stand-in.ts';
import type { Traffic } from '../traffic.ts';
import type { Fault, Place, Troubles } from '../trouble.ts';
import type { Body } from './bodies.ts';
import type { PictureHost } from './picture-host.ts';
import { isRefusalName, refuseAs } from './refusals.ts';
import type { Service } from './service.ts';

export interface ServerParts {
  clock: Clock;
  trouble: Troubles;
  traffic: Traffic;
  accounts: Accounts;
  service: Service;
  host: PictureHost;
}

type Act = (body: Body, account: number) => Answer | Promise<Answer>;

interface Visit {
  request: FastifyRequest;
  reply: FastifyReply;
  place: Place | undefined;
}

export function createServer({
  clock,
  trouble,
  traffic,
  accounts,
  service,
  host,
}: ServerParts): FastifyInstance {
  const server = fastify({ bodyLimit: 30 * 2 ** 20, forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));

  function record(request: FastifyRequest): RecordedRequest {
    const { authorization = '', ...headers } = request.headers;
    return traffic.receive({
      at: clock.now(),
      method: request.method,
      path: request.url,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)])),
      account: accounts.find(authorization.replace(/^Bearer /, '')),
      body: parseBody(request.body),
      status: undefined,
      outcome: 'open',
      answer: undefined,
      fault: undefined,
    });
  }

  /** Takes the fault that is due, makes the answer unless the fault comes before, and writes it. */
  async function respond(
    { request, reply, place }: Visit,
    makeAnswer: (recorded: RecordedRequest) => Answer | Promise<Answer>,
  ): Promise<void> {
    reply.hijack();
    const recorded = record(request);
    const fault = place === undefined ? undefined : trouble.take(place, promptOf(recorded.body));
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

  function admit(request: FastifyRequest, { account, body }: RecordedRequest, act: Act) {
    if (request.headers.authorization === undefined) return refuseAs('no-token');
    if (account === undefined) return refuseAs('invalid-token');
    const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
    return isObject ? act(body as Body, account) : refuseAs('bad-request');
  }

  function route(path: string, place: Place, act: Act): void {
    server.post(path, (request, reply) =>
      respond({ request, reply, place }, (recorded) => admit(request, recorded, act)),
    );
  }

  for (const endpoint of ['imagine', 'edits', 'videos'] as const) {
    route(`/midjourney/${endpoint}`, 'submit', (body, account) => service.submit(endpoint, body, account));
  }
  route('/midjourney/tasks', 'look', service.tasks);
  route('/midjourney/describe', 'submit', service.describe);
  route('/midjourney/shorten', 'submit', service.shorten);
  route('/midjourney/seed', 'look', service.seed);
  route('/midjourney/translate', 'look', service.translate);
  // Where callbacks go that nobody waits for (AceDataCloud/Skills, async-tasks.md).
  server.all('/health', (_request, reply) => reply.send({ status: 'ok' }));
  for (const path of ['/midjourney/*', '//video/*', '/video/*']) {
    server.get(path, (request, reply) =>
      respond({ request, reply, place: 'picture' }, () => host.serve(request.url)),
    );
  }
  server.setNotFoundHandler((request, reply) =>
    respond({ request, reply, place: undefined }, () => refuseAs('no-api')),
  );
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
  if (fault.do !== 'refuse' || !isRefusalName(fault.as)) return undefined;
  const answer = refuseAs(fault.as);
  if (fault.retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(fault.retryAfterSeconds) } };
}

function parseBody(body: unknown): unknown {
  if (typeof body !== 'string') return undefined;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

function promptOf(body: unknown): string {
  const prompt = typeof body === 'object' && body !== null && 'prompt' in body ? body.prompt : '';
  return typeof prompt === 'string' ? prompt : '';
}
