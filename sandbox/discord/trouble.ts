/** An answer instead of the real one. */
export interface FalseAnswer {
  status: number;
  headers?: Record<string, string>;
  /** An object is sent as JSON, a text as HTML. */
  body?: object | string;
}

type AnswerAct = { type: 'answer'; answer: FalseAnswer; effect?: boolean };

export type Act =
  /** Waits before (`first`: a slow request) or after the request took effect (`last`, the default: a slow answer). */
  | { type: 'delay'; ms: number; when?: 'first' | 'last' }
  | { type: 'hold'; until: Promise<unknown>; when?: 'first' | 'last' }
  /** Answers something else. The request has no effect unless `effect` is set. */
  | AnswerAct
  /** Closes the socket without an answer: the request got lost, or its answer did and it took effect. */
  | { type: 'drop'; lost: 'request' | 'answer' };

export interface TroubleRule {
  /** Tested against `METHOD /path` without `/api/v10`, e.g. `/^PATCH .*@original/`. */
  match: RegExp;
  /** Applies only to requests whose body contains this. */
  holding?: RegExp;
  /** How many requests it applies to; 1 by default. */
  times?: number;
  do: Act;
}

/** A tight bucket: how many requests each matching address may make per window, then 429. */
export interface Quota {
  match: RegExp;
  limit: number;
  windowMs: number;
}

export interface Trouble {
  /** Checked in order for every request; a rule that's used up is removed. */
  readonly rules: TroubleRule[];
  readonly quotas: Quota[];
  /** Holds all callbacks until the returned function is called; deadlines keep running. */
  holdAcknowledgements(): () => void;
  /** Holds matching files after their first byte until the returned function is called. */
  holdFiles(match: RegExp): () => void;
  clear(): void;
}

export interface Troublemaker extends Trouble {
  /** Waits until a held file, by its path, is released. */
  heldUntil(path: string): Promise<void> | undefined;
  /** What happens to this request, using up the rule. Called when it arrives, and again once its body is known. */
  take(request: string, body?: object): Act | undefined;
}

export function createTrouble(): Troublemaker {
  const rules: TroubleRule[] = [];
  const held = new Map<RegExp, Promise<void>>();
  const quotas: Quota[] = [];
  const remove = (rule: TroubleRule) => {
    const index = rules.indexOf(rule);
    if (index >= 0) rules.splice(index, 1);
  };
  return {
    rules,
    quotas,
    holdAcknowledgements() {
      const { promise, resolve } = Promise.withResolvers<void>();
      const until = promise;
      const rule: TroubleRule = {
        match: /^POST \/interactions\/.*\/callback$/,
        times: Number.POSITIVE_INFINITY,
        do: { type: 'hold', until, when: 'first' },
      };
      rules.push(rule);
      return () => {
        remove(rule);
        resolve();
      };
    },
    holdFiles(match) {
      const { promise, resolve } = Promise.withResolvers<void>();
      held.set(match, promise);
      return () => {
        held.delete(match);
        resolve();
      };
    },
    heldUntil: (path) => [...held].find(([match]) => match.test(path))?.[1],
    clear() {
      rules.length = 0;
      quotas.length = 0;
    },
    take(request, body) {
      const text = body === undefined ? undefined : JSON.stringify(body);
      const meets = ({ match, holding }: TroubleRule) =>
        match.test(request) && (text === undefined ? !holding : holding?.test(text));
      const rule = rules.find(meets);
      if (!rule) return undefined;
      const left = (rule.times ?? 1) - 1;
      rule.times = left;
      if (left <= 0) remove(rule);
      return rule.do;
    },
  };
}

/** A web page like those from the proxies in front of Discord when Discord itself is down. */
export function brokenGateway(status: 500 | 502 | 503 | 504 = 502): AnswerAct {
  const body = `<html><head><title>${status}</title></head><body><center><h1>${status}</h1></center></body></html>`;
  return { type: 'answer', answer: { status, body } };
}

/** Accepts what was sent without saying so: 204, or a success with another body. */
export function silent(answer: FalseAnswer = { status: 204 }): AnswerAct {
  return { type: 'answer', answer, effect: true };
}

/** Any refusal from Discord docs, opcodes-and-status-codes, e.g. 200000 (AutoMod) or 30046 (too many edits of an old message). */
export function refusedWith(status: number, code: number, message = 'Refused by the sandbox'): AnswerAct {
  return { type: 'answer', answer: { status, body: { message, code } } };
}

/**
 * 429 in each of its forms (Discord docs, topics/rate-limits): `user` and `global` count against the bot, `shared` doesn't;
 * `cloudflare` is an address ban, an HTML page without Discord's headers.
 */
export function rateLimited(
  scope: 'user' | 'global' | 'shared' | 'cloudflare',
  retryAfterMs = 100,
): AnswerAct {
  const seconds = retryAfterMs / 1000;
  const headers = { 'retry-after': String(scope === 'cloudflare' ? Math.ceil(seconds) : seconds) };
  if (scope === 'cloudflare') {
    return {
      type: 'answer',
      answer: { status: 429, headers, body: '<html><body>error code: 1015</body></html>' },
    };
  }
  const isGlobal = scope === 'global';
  return {
    type: 'answer',
    answer: {
      status: 429,
      headers: { ...headers, 'x-ratelimit-scope': scope, ...(isGlobal && { 'x-ratelimit-global': 'true' }) },
      body: { message: 'You are being rate limited.', retry_after: seconds, global: isGlobal },
    },
  };
}
