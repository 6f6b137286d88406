import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Answer, toJson, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { deliver } from '../delivery.ts';
import type { RecordedRequest } from '../stand-in.ts';
import type { Traffic } from '../traffic.ts';
import type { Fault, Place, Troubles } from '../trouble.ts';
import type { Accounts } from './accounts.ts';
import type { Body } from './bodies.ts';
import { refuseAs } from './dialect.ts';
import type { Habits, LookKind } from './habits.ts';
import { isRefusalName, refuse, toGatewayRefusal, toMiddlewareError } from './refusals.ts';
import type { Service } from './service.ts';
import type { Speed } from './speed.ts';

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

export function createServer(parts: ServerParts): FastifyInstance {
  const { habits, clock, trouble, traffic, accounts, service } = parts;
  const isNewApi = habits.front === 'new-api';
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
    const early = fault === undefined ? undefined : toEarlyAnswer(fault, habits);
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

  /** The key's account, in the order in which each looks at mode and key; an answer where it is not let in. */
  function admit(request: FastifyRequest, recorded: RecordedRequest): Admitted | Answer {
    const key = readKey(request, habits.auth);
    if (isNewApi && habits.refusedModes.includes(readWord(request))) {
      return toGatewayRefusal(4, '无效的加速模式');
    }
    if (key === '') return refuseAs(habits, 'no-key');
    const account = accounts.find(key);
    if (account === undefined) {
      // What follows a second "-" would choose a channel, which is for admins (new-api middleware/auth.go).
      const [bare = ''] = key.replace(/^sk-/, '').split('-');
      const isKnown = isNewApi && accounts.find(`sk-${bare}`) !== undefined;
      return isKnown ? toMiddlewareError(403, '普通用户不支持指定渠道') : refuseAs(habits, 'unauthorized');
    }
    recorded.account = account;
    return { account };
  }

  function admitBody(
    request: FastifyRequest,
    recorded: RecordedRequest,
  ): (Admitted & { body: Body }) | Answer {
    const admitted = admit(request, recorded);
    if ('status' in admitted) return admitted;
    const { value, isObject } = parseBody(request.body);
    return isObject ? { ...admitted, body: value as Body } : refuseAs(habits, 'bad-body');
  }

  function submit(request: FastifyRequest, recorded: RecordedRequest, kind: string): Answer {
    const admitted = admitBody(request, recorded);
    if ('status' in admitted) return admitted;
    const word = readWord(request);
    // `/mj-fast/mj/…` is cut to `/mj/…`; any other word is forwarded as it is, and the upstream has no such path
    // (new-api relay/mjproxy_handler.go, getMjRequestPath). Looks are answered by the gateway, whatever the word.
    if (isNewApi && word !== '' && !word.startsWith('mj-')) return refuse('not-supported');
    const speed: Speed | undefined = habits.speedWords[word];
    return service.submit({ ...admitted, kind, speed });
  }

  function listSome(request: FastifyRequest, recorded: RecordedRequest): Answer {
    const admitted = admitBody(request, recorded);
    if ('status' in admitted) return admitted;
    const ids = admitted.body['ids'] ?? [];
    if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string')) {
      return isNewApi ? toGatewayRefusal(4, 'do_request_failed') : refuseAs(habits, 'bad-body');
    }
    return service.list(ids, admitted.account);
  }

  /** A route that this provider may not have; then it is answered as any unknown path is. */
  function route(method: 'GET' | 'POST', path: string, { place, exists, answer }: Route): void {
    for (const url of [path, `/:word${path}`]) {
      server.route({
        method,
        url,
        handler: (request, reply) => {
          const isKnown = exists(request) && hasWord(request);
          return respond({ request, reply, place: isKnown ? place : undefined }, (recorded) =>
            isKnown ? answer(request, recorded) : toUnknownPath(habits),
          );
        },
      });
    }
  }

  function hasWord(request: FastifyRequest): boolean {
    const word = readWord(request);
    return isNewApi || word === '' || habits.speedWords[word] !== undefined;
  }

  function submitRoute(path: string, toKind: (request: FastifyRequest) => string): void {
    route('POST', path, {
      place: 'submit',
      exists: (request) => habits.submits.some((kind) => kind === toKind(request)),
      answer: (request, recorded) => submit(request, recorded, toKind(request)),
    });
  }

  function lookRoute(method: 'GET' | 'POST', look: LookKind | 'fetch', answer: Look): void {
    const isListing = look.startsWith('list');
    route(method, isListing ? `/mj/task/${look}` : `/mj/task/:id/${look}`, {
      place: 'look',
      exists: () => look === 'fetch' || habits.looks.includes(look),
      answer(request, recorded) {
        const admitted = admit(request, recorded);
        if ('status' in admitted) return admitted;
        const { id = '' } = request.params as { id?: string };
        return answer(id, admitted.account);
      },
    });
  }

  // A bare `swap` is no endpoint under /mj/submit.
  submitRoute('/mj/submit/:kind', (request) => readParameter(request, 'kind').replace(/^swap$/, ''));
  submitRoute('/mj/insight-face/swap', () => 'swap');
  lookRoute('GET', 'fetch', service.fetch);
  lookRoute('GET', 'image-seed', service.seed);
  lookRoute('POST', 'cancel', service.cancel);
  lookRoute('GET', 'list', (_id, account) => service.latest(account));
  for (const look of ['list-by-condition', 'list-by-ids'] as const) {
    route('POST', `/mj/task/${look}`, {
      place: 'look',
      exists: () => habits.looks.includes(look),
      answer: listSome,
    });
  }
  // The open route of new-api.
  route('GET', '/mj/image/:id', {
    place: 'picture',
    exists: () => isNewApi,
    answer: (request) => service.image(readParameter(request, 'id')),
  });
  server.get('/attachments/*', (request, reply) =>
    respond({ request, reply, place: 'picture' }, () => service.attachment(request.url)),
  );
  server.setNotFoundHandler((request, reply) =>
    respond({ request, reply, place: undefined }, () => toUnknownPath(habits)),
  );
  // A body beyond the limit, for one, gets no further than the framework.
  server.setErrorHandler((error: { statusCode?: number }, request, reply) =>
    respond({ request, reply, place: undefined }, () => toText(error.statusCode ?? 500, '')),
  );
  return server;
}

interface Admitted {
  account: number;
}

interface Route {
  place: Place;
  exists: (request: FastifyRequest) => boolean;
  answer: (request: FastifyRequest, recorded: RecordedRequest) => Answer | Promise<Answer>;
}

type Look = (id: string, account: number) => Answer;

function readParameter(request: FastifyRequest, name: string): string {
  return (request.params as Record<string, string | undefined>)[name] ?? '';
}

/** What stands before `/mj/`. */
function readWord(request: FastifyRequest): string {
  return readParameter(request, 'word');
}

/** new-api answers what it does not know with its own web page, and 200 (router/web-router.go). */
function toUnknownPath(habits: Habits): Answer {
  if (habits.front !== 'new-api') return refuseAs(habits, 'not-supported');
  return {
    status: 200,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body: '<!doctype html><html><head><title>New API</title></head><body><div id="root"></div></body></html>',
  };
}

/** A bug of the stand-in's own shows as such, instead of as a connection that hangs. */
async function makeSafely(makeAnswer: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await makeAnswer();
  } catch (error) {
    return toText(599, `The stand-in failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

function toEarlyAnswer(fault: Fault, habits: Habits): Answer | undefined {
  if (fault.do === 'answer') return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
  if (fault.do !== 'refuse') return undefined;
  if (!isRefusalName(fault.as)) return undefined;
  const answer = refuseAs(habits, fault.as);
  if (fault.retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(fault.retryAfterSeconds) } };
}

function readKey({ headers }: FastifyRequest, auth: Habits['auth']): string {
  const secret = String(headers['mj-api-secret'] ?? '');
  if (auth === 'mj-api-secret') return secret;
  const authorization = String(headers.authorization ?? '');
  if (auth === 'raw') return headers.authorization ?? secret;
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
