import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError, type ProviderErrorKind } from '../../src/errors.ts';
import { NotConnectedError } from '../../src/providers/connections.ts';
import { createHttp, type Http } from '../../src/providers/http.ts';
import type { Provider, ProviderRequest } from '../../src/providers/provider.ts';
import { type Ref, startActions, type Update } from '../../src/task.ts';

interface Answer {
  status?: number;
  body: string | object;
  headers?: Record<string, string>;
}

/** What a kind of API documents, with invented values. */
export interface ProviderFixtures {
  readonly origin: string;
  readonly key: string;
  /** Each action: what is sent, and what comes back. */
  readonly submits: readonly {
    readonly what: string;
    readonly request: ProviderRequest;
    readonly sends: { method: string; path: string; headers: Record<string, string>; body: object };
    readonly answer: Answer;
    readonly gives: { ref: Ref; update: Update };
  }[];
  /** Answers that refuse a submit, and the error that each one must become. */
  readonly refusals: readonly {
    readonly what: string;
    readonly answer: Answer;
    readonly kind: ProviderErrorKind;
    readonly definite?: boolean;
    readonly reason?: string;
    readonly retryAfterMs?: number;
  }[];
  readonly look: {
    readonly sends: { method: string; path: string };
    /** Whether its answers hold facts that have a test of their own. */
    readonly hasOtherFacts?: boolean;
    /** Answers to a look, the refs that are asked about, and what each says. */
    readonly states: readonly { what: string; refs: Ref[]; answer: Answer; gives: Record<string, Update> }[];
    readonly failures: readonly {
      what: string;
      answer: Answer;
      kind: ProviderErrorKind;
      retryAfterMs?: number;
    }[];
  };
  /** What the API can do besides: answers to its questions, seeds, cancelling, searching, balances. */
  readonly calls?: readonly {
    readonly what: string;
    call(provider: Provider, signal: AbortSignal): Promise<unknown> | undefined;
    readonly sends: { method: string; path: string; headers?: Record<string, string>; body?: object };
    readonly answer: Answer;
    /** Its result, or the kind of error. */
    readonly gives?: unknown;
    readonly fails?: ProviderErrorKind;
  }[];
  /** Bodies of callbacks, and which task each is about. */
  readonly callbacks?: readonly { what: string; body: unknown; gives: Ref | undefined }[];
  readonly anyRequest: ProviderRequest;
  readonly anyRef: Ref;
}

/** The one suite that every kind of provider API runs. */
export function describeProvider(name: string, create: (http: Http) => Provider, fixtures: ProviderFixtures) {
  describe(`provider ${name}`, () => {
    let agent: MockAgent;
    let provider: Provider;
    const signal = AbortSignal.timeout(60_000);

    beforeEach(() => {
      agent = new MockAgent();
      agent.disableNetConnect();
      provider = create(createHttp({ dispatcher: agent, maxBytes: 100_000 }));
    });
    afterEach(() => agent.close());

    interface Sent {
      path: string;
      method: string;
      headers: Record<string, string>;
      body: string;
    }

    function answerWith({ status = 200, body, headers = {} }: Answer): Sent[] {
      const sent: Sent[] = [];
      agent
        .get(fixtures.origin)
        .intercept({ path: () => true, method: () => true })
        .reply((options) => {
          sent.push(options as unknown as Sent);
          const text = typeof body === 'string' ? body : JSON.stringify(body);
          return { statusCode: status, data: text, responseOptions: { headers } };
        })
        .persist();
      return sent;
    }

    async function errorOf(work: Promise<unknown>): Promise<ProviderError> {
      const error = await work.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ProviderError);
      const { message, stack } = error as ProviderError;
      expect(`${message}${stack}`).not.toContain(fixtures.key);
      return error as ProviderError;
    }

    it.each(fixtures.submits)('submits $what as documented', async ({ request, sends, answer, gives }) => {
      const sent = answerWith(answer);
      expect(await provider.submit(request, signal)).toEqual(gives);
      expect(sent).toHaveLength(1);
      expect(sent[0]).toMatchObject({ method: sends.method, path: sends.path });
      expect(sent[0]?.headers).toMatchObject(sends.headers);
      expect(JSON.parse(sent[0]?.body ?? '')).toEqual(sends.body);
    });

    it('declares every action whose submit is documented here', () => {
      const documented = new Set(fixtures.submits.map(({ request }) => request.action));
      expect([...documented].filter((action) => !provider.actions.has(action))).toEqual([]);
    });

    it('documents the submit of every command that it declares', () => {
      const documented = new Set(fixtures.submits.map(({ request }) => request.action));
      const declared = startActions.filter((action) => provider.actions.has(action));
      expect(declared.filter((action) => !documented.has(action))).toEqual([]);
    });

    it.each(fixtures.submits)('reads $what despite undocumented fields', async (submit) => {
      answerWith(withStrangers(submit.answer));
      expect(await provider.submit(submit.request, signal)).toEqual(submit.gives);
    });

    it.each(fixtures.calls ?? [])('calls $what as documented', async (documented) => {
      const sent = answerWith(documented.answer);
      const work = Promise.resolve(documented.call(provider, signal));
      if (documented.fails === undefined) expect(await work).toEqual(documented.gives);
      else expect((await errorOf(work)).kind).toBe(documented.fails);
      const { method, path, headers = {}, body } = documented.sends;
      expect(sent).toHaveLength(1);
      expect(sent[0]).toMatchObject({ method, path });
      expect(sent[0]?.headers).toMatchObject(headers);
      if (body !== undefined) expect(JSON.parse(sent[0]?.body ?? '')).toEqual(body);
    });

    it.each(fixtures.callbacks ?? [])('reads a callback with $what', ({ body, gives }) => {
      expect(provider.callback?.(body, { action: 'imagine', speed: 'fast', prompt: 'a fox' })).toEqual(gives);
    });

    it.each(fixtures.refusals)(
      'reads $what as $kind',
      async ({ answer, kind, definite, reason, retryAfterMs }) => {
        answerWith(answer);
        const error = await errorOf(provider.submit(fixtures.anyRequest, signal));
        expect(error.kind).toBe(kind);
        if (definite !== undefined) expect(error.definite).toBe(definite);
        if (reason !== undefined) expect(error.reason).toBe(reason);
        if (retryAfterMs !== undefined) expect(error.retryAfterMs).toBe(retryAfterMs);
      },
    );

    function toComparable(updates: ReadonlyMap<string, Update>): Record<string, Omit<Update, 'facts'>> {
      if (fixtures.look.hasOtherFacts !== true) return Object.fromEntries(updates);
      return Object.fromEntries([...updates].map(([key, { facts: _, ...update }]) => [key, update]));
    }

    it.each(fixtures.look.states)('sees $what in a look', async ({ refs, answer, gives }) => {
      const sent = answerWith(answer);
      expect(toComparable(await provider.look(refs, signal))).toEqual(gives);
      expect(sent[0]).toMatchObject(fixtures.look.sends);
    });

    it.each(fixtures.look.states)('sees $what despite undocumented fields', async (state) => {
      answerWith(withStrangers(state.answer));
      expect(toComparable(await provider.look(state.refs, signal))).toEqual(state.gives);
    });

    it.each(fixtures.look.failures)("can't look because of $what", async ({ answer, kind, retryAfterMs }) => {
      answerWith(answer);
      const error = await errorOf(provider.look([fixtures.anyRef], signal));
      expect(error.kind).toBe(kind);
      if (retryAfterMs !== undefined) expect(error.retryAfterMs).toBe(retryAfterMs);
    });

    it.each(['ECONNRESET', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_SOCKET'])(
      "doesn't know the outcome of a submit after %s",
      async (code) => {
        const failure = Object.assign(new Error(`with ${fixtures.key}`), { code });
        agent
          .get(fixtures.origin)
          .intercept({ path: () => true, method: 'POST' })
          .replyWithError(failure);
        expect(await errorOf(provider.submit(fixtures.anyRequest, signal))).toMatchObject({
          kind: 'unavailable',
          definite: false,
        });
      },
    );

    it.each(['ECONNREFUSED', 'ENOTFOUND', 'UND_ERR_CONNECT_TIMEOUT'])(
      'knows that a submit never left after %s',
      async (code) => {
        const failure = new NotConnectedError(Object.assign(new Error('no connection'), { code }));
        agent
          .get(fixtures.origin)
          .intercept({ path: () => true, method: 'POST' })
          .replyWithError(failure);
        expect(await errorOf(provider.submit(fixtures.anyRequest, signal))).toMatchObject({
          kind: 'unavailable',
          definite: true,
        });
      },
    );

    it('stops when it is aborted', async () => {
      answerWith({ body: {} });
      const aborted = AbortSignal.abort();
      for (const work of [
        provider.submit(fixtures.anyRequest, aborted),
        provider.look([fixtures.anyRef], aborted),
      ]) {
        expect(await errorOf(work)).toMatchObject({ kind: 'unavailable' });
      }
    });

    it('refuses an answer that never ends', async () => {
      answerWith({ body: 'x'.repeat(200_000) });
      expect(await errorOf(provider.submit(fixtures.anyRequest, signal))).toMatchObject({
        kind: 'malformed',
        definite: false,
      });
    });
  });
}

/** The same answer with undocumented fields in each of its objects; texts stay as they are. */
function withStrangers(answer: Answer): Answer {
  return typeof answer.body === 'string' ? answer : { ...answer, body: addStrangers(answer.body) as object };
}

function addStrangers(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(addStrangers);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, inner]) => [name, addStrangers(inner)]);
  if (entries.length === 0) return value; // an empty object can be the answer itself
  return { ...Object.fromEntries(entries), unheardOf: { of: [1, null, 'x'] } };
}
