import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Answer } from '../answer.ts';
import type { Clock } from '../clock.ts';
import type { RecordedRequest } from '../stand-in.ts';
import type { Traffic } from '../traffic.ts';
import type { Place, Troubles } from '../trouble.ts';
import { createVisits, isObject } from '../visits.ts';

/** A request as an API's route reads it. */
export interface Call {
  /** The account of its key; `undefined` if there's no key, or it's unknown. */
  readonly account: number | undefined;
  /** Parsed JSON; `undefined` if it isn't an object. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  readonly query: Readonly<Record<string, string | undefined>>;
  readonly path: string;
}

export interface Route {
  readonly method: 'GET' | 'POST';
  /** As fastify writes it: `/task/:id`. */
  readonly path: string;
  /** Where faults strike. */
  readonly place?: Place;
  answer(call: Call): Answer | Promise<Answer>;
}

export interface ServerParts {
  clock: Clock;
  trouble: Troubles;
  traffic: Traffic;
  /** The account of a bearer's key. */
  findAccount(key: string): number | undefined;
  routes: readonly Route[];
  /** A refusal by its name, in the API's own form. */
  refuse(name: string): Answer;
  /** The answer for any other path. */
  unknownPath(): Answer;
  /** The prompt in a submit's body, whose words may cause trouble. */
  readPrompt(body: Call['body']): string;
}

export function createServer(parts: ServerParts): FastifyInstance {
  const { server, respond } = createVisits({
    ...parts,
    findAccount: (request) => parts.findAccount(readKey(request)),
    readPrompt: (body) => parts.readPrompt(isObject(body) ? body : undefined),
  });

  for (const { method, path, place, answer } of parts.routes) {
    server.route({
      method,
      url: path,
      handler: (request, reply) =>
        respond({ request, reply, place }, (recorded) => answer(toCall(request, recorded))),
    });
  }
  server.setNotFoundHandler((request, reply) =>
    respond({ request, reply, place: undefined }, () => parts.unknownPath()),
  );
  return server;
}

function toCall(request: FastifyRequest, { account, body }: RecordedRequest): Call {
  return {
    account,
    body: isObject(body) ? body : undefined,
    parameters: request.params as Call['parameters'],
    query: request.query as Call['query'],
    path: request.url,
  };
}

function readKey({ headers }: FastifyRequest): string {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}
