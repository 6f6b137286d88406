import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts.ts';
import type { Body } from '../answer.ts';
import { type Answer, toJson, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { RecordedRequest } from '../stand-in.ts';
import type { Traffic } from '../traffic.ts';
import type { Place, Troubles } from '../trouble.ts';
import { createVisits, isObject, promptOf } from '../visits.ts';
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

export function createServer(parts: ServerParts): FastifyInstance {
  const { habits, accounts, service } = parts;
  const isNewApi = habits.front === 'new-api';
  const { server, respond } = createVisits({
    ...parts,
    findAccount: (request) => accounts.find(readKey(request, habits.auth)),
    refuse: (name) => (isRefusalName(name) ? refuseAs(habits, name) : undefined),
    readPrompt: promptOf,
  });

  /** The key's account, with mode and key checked in each one's order; an answer if it isn't let in. */
  function admit(request: FastifyRequest, recorded: RecordedRequest): Admitted | Answer {
    const key = readKey(request, habits.auth);
    if (isNewApi && habits.refusedModes.includes(readWord(request))) {
      return toGatewayRefusal(4, '无效的加速模式');
    }
    if (key === '') return refuseAs(habits, 'no-key');
    const account = accounts.find(key);
    if (account === undefined) {
      // Text after a second "-" would choose a channel, which is only for admins (new-api middleware/auth.go).
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
    const { body } = recorded;
    return isObject(body) ? { ...admitted, body } : refuseAs(habits, 'bad-body');
  }

  function submit(request: FastifyRequest, recorded: RecordedRequest, kind: string): Answer {
    const admitted = admitBody(request, recorded);
    if ('status' in admitted) return admitted;
    const word = readWord(request);
    // `/mj-fast/mj/…` is cut to `/mj/…`; any other word is forwarded as it is, and the upstream has no such path
    // (new-api relay/mjproxy_handler.go, getMjRequestPath). The gateway answers looks with any word.
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

  /** A route that this provider may not have; then it's answered like any unknown path. */
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

  // `swap` isn't an endpoint under /mj/submit.
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

/** The word before `/mj/`. */
function readWord(request: FastifyRequest): string {
  return readParameter(request, 'word');
}

const webInterface =
  '<!doctype html><html><head><title>New API</title></head><body><div id="root"></div></body></html>';

/** new-api answers unknown paths with its own web page, and 200 (router/web-router.go). */
function toUnknownPath(habits: Habits): Answer {
  const { front, unknownRoute } = habits;
  const page = (status: number, body: string): Answer => ({
    status,
    headers: { 'content-type': 'text/html; charset=utf-8' },
    body,
  });
  const forms: Record<typeof unknownRoute, () => Answer> = {
    own: () => (front === 'new-api' ? page(200, webInterface) : refuseAs(habits, 'not-supported')),
    '404': () => toText(404, ''),
    '405': () => toText(405, 'Method Not Allowed'),
    '501': () => toText(501, ''),
    page: () => page(404, '<html><head><title>404 Not Found</title></head><body>nginx</body></html>'),
    'web-interface': () => page(200, webInterface),
    code: () => toJson(200, { code: 404, message: 'Not Found' }),
  };
  return forms[unknownRoute]();
}

function readKey({ headers }: FastifyRequest, auth: Habits['auth']): string {
  const secret = String(headers['mj-api-secret'] ?? '');
  if (auth === 'mj-api-secret') return secret;
  const authorization = String(headers.authorization ?? '');
  if (auth === 'raw') return headers.authorization ?? secret;
  const key = authorization.replace(/^Bearer /, '');
  return key === '' || key === 'midjourney-proxy' ? secret.replace(/^Bearer /, '') : key;
}
