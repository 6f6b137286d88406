import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Answer, toJson, toText } from '../answer.ts';
import type { Clock } from '../clock.ts';
import { deliver } from '../delivery.ts';
import type { RecordedRequest } from '../stand-in.ts';
import type { Traffic } from '../traffic.ts';
import type { Fault, Place, Troubles } from '../trouble.ts';

/** A request as a route of an API reads it. */
export interface Call {
  /** The account of its key; `undefined` for a key that is not known, or none. */
  readonly account: number | undefined;
  /** Parsed JSON; `undefined` where it is no object. */
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
  /** A refusal by its name, in the API's own shape. */
  refuse(name: string): Answer;
  /** What any other path is answered. */
  unknownPath(): Answer;
  /** The prompt in a submit's body, whose words may call for trouble. */
  readPrompt(body: Call['body']): string;
}

const bodyLimit = 30 * 2 ** 20;

export function createServer(parts: ServerParts): FastifyInstance {
  const { clock, trouble, traffic } = parts;
  const server = fastify({ bodyLimit, forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));

  function record(request: FastifyRequest): RecordedRequest {
    return traffic.receive({
      at: clock.now(),
      method: request.method,
      path: request.url,
      headers: withoutKey(request.headers),
      account: parts.findAccount(readKey(request)),
      body: readBody(request.body) ?? request.body,
      status: undefined,
      outcome: 'open',
      answer: undefined,
      fault: undefined,
    });
  }

  /** Takes the fault that is due, makes the answer unless the fault comes before, and writes it. */
  async function respond(
    request: FastifyRequest,
    reply: FastifyReply,
    route: Pick<Route, 'place' | 'answer'>,
  ) {
    reply.hijack();
    const recorded = record(request);
    const body = readBody(request.body);
    const fault = route.place === undefined ? undefined : trouble.take(route.place, parts.readPrompt(body));
    const isTaken = fault?.do !== 'drop' && !(fault?.do === 'hang' && !fault.taken);
    const call: Call = {
      account: recorded.account,
      body,
      parameters: request.params as Call['parameters'],
      query: request.query as Call['query'],
      path: request.url,
    };
    const early = fault === undefined ? undefined : toEarlyAnswer(fault, parts.refuse);
    const answer = early ?? (isTaken ? await makeSafely(() => route.answer(call)) : toJson(200, {}));
    const done = () => traffic.emit({ type: 'answer', at: clock.now(), request: recorded });
    deliver(answer, { reply, request: recorded, fault, clock, done });
  }

  for (const route of parts.routes) {
    server.route({
      method: route.method,
      url: route.path,
      handler: (request, reply) => respond(request, reply, route),
    });
  }
  server.setNotFoundHandler((request, reply) => respond(request, reply, { answer: parts.unknownPath }));
  server.setErrorHandler((error: { statusCode?: number }, request, reply) =>
    respond(request, reply, { answer: () => toText(error.statusCode ?? 500, '') }),
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

function toEarlyAnswer(fault: Fault, refuse: ServerParts['refuse']): Answer | undefined {
  if (fault.do === 'answer') return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
  if (fault.do !== 'refuse') return undefined;
  const answer = refuse(fault.as);
  if (fault.retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(fault.retryAfterSeconds) } };
}

function readKey({ headers }: FastifyRequest): string {
  return /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1] ?? '';
}

function withoutKey(headers: FastifyRequest['headers']): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => name !== 'authorization');
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

function readBody(body: unknown): Call['body'] {
  if (typeof body !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Call['body']) : undefined;
  } catch {
    return undefined;
  }
}
