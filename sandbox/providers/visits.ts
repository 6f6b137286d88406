import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type Answer, toJson, toText } from './answer.ts';
import type { Clock } from './clock.ts';
import { deliver } from './delivery.ts';
import { parseBody } from './parse-body.ts';
import type { RecordedRequest } from './stand-in.ts';
import type { Traffic } from './traffic.ts';
import type { Fault, Place, Troubles } from './trouble.ts';

/** A request being handled, and the place where faults strike it. */
export interface Visit {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly place: Place | undefined;
}

/** What every stand-in's server does with a request, for any API. */
export interface Visits {
  readonly server: FastifyInstance;
  /** Records the request, takes the fault that is due, makes the answer unless the fault replaces it, and writes it. */
  respond(visit: Visit, makeAnswer: (recorded: RecordedRequest) => Answer | Promise<Answer>): Promise<void>;
}

export interface VisitsParts {
  clock: Clock;
  trouble: Troubles;
  traffic: Traffic;
  /** The account whose key a request carries. */
  findAccount(request: FastifyRequest): number | undefined;
  /** A refusal by its name, in the API's own shape; `undefined` if it has no such refusal. */
  refuse(name: string): Answer | undefined;
  /** The prompt in a body, whose words may cause trouble. */
  readPrompt(body: unknown): string;
}

/** The .NET proxy's framework default, 30 MB; the documents allow 4 MB per picture. */
const bodyLimit = 30 * 2 ** 20;

export function createVisits(parts: VisitsParts): Visits {
  const { clock, trouble, traffic } = parts;
  const server = fastify({ bodyLimit, forceCloseConnections: true });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'string' }, (_request, text, done) => done(null, text));

  function record(request: FastifyRequest): RecordedRequest {
    return traffic.receive({
      at: clock.now(),
      method: request.method,
      path: request.url,
      headers: withoutKeys(request.headers),
      account: parts.findAccount(request),
      body: parseBody(request.body),
      status: undefined,
      outcome: 'open',
      answer: undefined,
      fault: undefined,
    });
  }

  async function respond(
    { request, reply, place }: Visit,
    makeAnswer: (recorded: RecordedRequest) => Answer | Promise<Answer>,
  ): Promise<void> {
    reply.hijack();
    const recorded = record(request);
    const fault = place === undefined ? undefined : trouble.take(place, parts.readPrompt(recorded.body));
    const early = fault === undefined ? undefined : toEarlyAnswer(fault, parts.refuse);
    const isTaken = fault?.do !== 'drop' && !(fault?.do === 'hang' && !fault.taken);
    const answer = early ?? (isTaken ? await makeSafely(() => makeAnswer(recorded)) : toJson(200, {}));
    const done = () => traffic.emit({ type: 'answer', at: clock.now(), request: recorded });
    deliver(answer, { reply, request: recorded, fault, clock, done });
  }

  // A body over the limit, for example, gets no further than the framework.
  server.setErrorHandler((error: { statusCode?: number }, request, reply) =>
    respond({ request, reply, place: undefined }, () => toText(error.statusCode ?? 500, '')),
  );
  return { server, respond };
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The text of a body's `prompt`; empty if there is none. */
export function promptOf(body: unknown): string {
  const prompt = isObject(body) ? body['prompt'] : '';
  return typeof prompt === 'string' ? prompt : '';
}

/** A bug in the stand-in shows as a bug, not as a connection that hangs. */
async function makeSafely(makeAnswer: () => Answer | Promise<Answer>): Promise<Answer> {
  try {
    return await makeAnswer();
  } catch (error) {
    return toText(599, `The stand-in failed: ${error instanceof Error ? error.stack : String(error)}`);
  }
}

function toEarlyAnswer(fault: Fault, refuse: VisitsParts['refuse']): Answer | undefined {
  if (fault.do === 'answer') return { status: fault.status, headers: fault.headers ?? {}, body: fault.body };
  const answer = fault.do === 'refuse' ? refuse(fault.as) : undefined;
  if (answer === undefined || fault.do !== 'refuse' || fault.retryAfterSeconds === undefined) return answer;
  return { ...answer, headers: { ...answer.headers, 'retry-after': String(fault.retryAfterSeconds) } };
}

const keyHeaders: ReadonlySet<string> = new Set(['authorization', 'mj-api-secret']);

function withoutKeys(headers: FastifyRequest['headers']): Record<string, string> {
  const entries = Object.entries(headers).filter(([name]) => !keyHeaders.has(name));
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}
