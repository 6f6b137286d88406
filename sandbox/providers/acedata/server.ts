import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Accounts } from '../accounts.ts';
import type { Answer } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { RecordedRequest } from '../stand-in.ts';
import type { Traffic } from '../traffic.ts';
import type { Place, Troubles } from '../trouble.ts';
import { createVisits, isObject, promptOf } from '../visits.ts';
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

export function createServer({ accounts, service, host, ...parts }: ServerParts): FastifyInstance {
  const { server, respond } = createVisits({
    ...parts,
    findAccount: ({ headers }) => accounts.find((headers.authorization ?? '').replace(/^Bearer /, '')),
    refuse: (name) => (isRefusalName(name) ? refuseAs(name) : undefined),
    readPrompt: promptOf,
  });

  function admit(request: FastifyRequest, { account, body }: RecordedRequest, act: Act) {
    if (request.headers.authorization === undefined) return refuseAs('no-token');
    if (account === undefined) return refuseAs('invalid-token');
    return isObject(body) ? act(body, account) : refuseAs('bad-request');
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
  // The dummy address for callbacks that nobody waits for (AceDataCloud/Skills, async-tasks.md).
  server.all('/health', (_request, reply) => reply.send({ status: 'ok' }));
  for (const path of ['/midjourney/*', '//video/*', '/video/*']) {
    server.get(path, (request, reply) =>
      respond({ request, reply, place: 'picture' }, () => host.serve(request.url)),
    );
  }
  server.setNotFoundHandler((request, reply) =>
    respond({ request, reply, place: undefined }, () => refuseAs('no-api')),
  );
  return server;
}
