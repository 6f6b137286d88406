import type { Interaction, Message } from './records.ts';

/** One of the bot's requests, kept for assertions. Paths contain interaction tokens and stay in here. */
export interface RecordedRequest {
  readonly at: number;
  readonly method: string;
  /** Without `/api/v10`, decoded: `/webhooks/…/messages/@original`. */
  readonly path: string;
  readonly query: string;
  /** The JSON body; for multipart, its `payload_json`. */
  body?: unknown;
  files: { field: string; name: string; size: number; contentType: string }[];
  /** Absent until it's answered, and forever if the socket was dropped. */
  status?: number;
  /** Discord's JSON error code, if refused. */
  code?: number;
  answeredAt?: number;
}

export type TrafficEvent =
  | { type: 'interaction'; at: number; interaction: Interaction }
  | { type: 'acknowledged'; at: number; interaction: Interaction; callback: number; afterMs: number }
  | { type: 'unacknowledged'; at: number; interaction: Interaction }
  | { type: 'message-created'; at: number; message: Message }
  | { type: 'message-edited'; at: number; message: Message }
  | { type: 'message-deleted'; at: number; message: Message }
  | { type: 'answered'; at: number; request: RecordedRequest }
  | { type: 'refused'; at: number; request: RecordedRequest }
  | { type: 'violation'; at: number; text: string }
  | { type: 'gateway'; at: number; what: 'connected' | 'ready' | 'resumed' | 'closed'; code?: number };

export interface UntilOptions {
  /** 5 s by default. */
  timeoutMs?: number;
  /** What the test waits for, in words, for the error. */
  what?: string;
}

type Nothing = undefined | null | false;

export type Until = <T>(read: () => T, options?: UntilOptions) => Promise<Exclude<T, Nothing>>;

export interface Traffic {
  readonly requests: RecordedRequest[];
  readonly violations: string[];
  emit(event: TrafficEvent): void;
  record(request: RecordedRequest): void;
  on(listener: (event: TrafficEvent) => void): () => void;
  until: Until;
  close(): void;
}

/** Reads may depend on things outside of Discord, too, so they are repeated this often even if nothing happened. */
const LOOK_AGAIN_MS = 25;

export function createTraffic(remember: number, now: () => number): Traffic {
  const requests: RecordedRequest[] = [];
  const violations: string[] = [];
  const lastInteractions: Interaction[] = [];
  const listeners = new Set<(event: TrafficEvent) => void>();
  const waiting = new Set<{ look(): void; giveUp(reason: string): void }>();
  let lookScheduled = false;

  /** A handler changes several things at once; reading after it has returned shows a complete state. */
  function scheduleLook(): void {
    if (lookScheduled || waiting.size === 0) return;
    lookScheduled = true;
    queueMicrotask(() => {
      lookScheduled = false;
      for (const waiter of waiting) waiter.look();
    });
  }

  function describe(): string {
    const recent = requests.slice(-8).map((request) => {
      const secondsAgo = ((now() - request.at) / 1000).toFixed(1);
      return `  ${secondsAgo} s ago: ${request.method} ${hideToken(request.path)} → ${request.status ?? 'no answer'}${request.code ? ` (${request.code})` : ''}`;
    });
    const asked = lastInteractions.map(({ person, summary, acknowledgement: first }) => {
      const answer = first ? `callback ${first.type} after ${first.afterMs} ms` : 'no acknowledgement';
      return `  ${person.name}: ${summary} → ${answer}`;
    });
    const broken = violations.slice(-5).map((violation) => `  ${violation}`);
    return [
      ...(recent.length > 0 ? ['Last requests:', ...recent] : ['The bot has sent no request.']),
      ...(asked.length > 0 ? ['Last interactions:', ...asked] : []),
      ...(broken.length > 0 ? ['Last violations:', ...broken] : []),
    ].join('\n');
  }

  return {
    requests,
    violations,
    emit(event) {
      if (event.type === 'violation') violations.push(event.text);
      if (event.type === 'interaction' && lastInteractions.push(event.interaction) > 5)
        lastInteractions.shift();
      for (const listener of listeners) listener(event);
      scheduleLook();
    },
    record(request) {
      requests.push(request);
      if (requests.length > remember * 1.25) requests.splice(0, requests.length - remember);
    },
    on(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    until(read, { timeoutMs = 5_000, what = 'a condition' } = {}) {
      const { promise, resolve, reject } = Promise.withResolvers<Exclude<ReturnType<typeof read>, Nothing>>();
      promise.catch(() => undefined); // it doesn't matter if a test has given up waiting
      const interval = setInterval(() => waiter.look(), LOOK_AGAIN_MS);
      const timeout = setTimeout(() => waiter.giveUp(`within ${timeoutMs} ms`), timeoutMs);
      const finish = () => {
        waiting.delete(waiter);
        clearInterval(interval);
        clearTimeout(timeout);
      };
      const waiter = {
        look() {
          try {
            const value = read();
            if (value === undefined || value === null || value === false) return;
            finish();
            resolve(value as Exclude<typeof value, Nothing>);
          } catch (error) {
            finish();
            reject(error);
          }
        },
        giveUp(reason: string) {
          finish();
          reject(new Error(`Waited in vain for ${what} ${reason}.\n${describe()}`));
        },
      };
      waiting.add(waiter);
      waiter.look();
      return promise;
    },
    close() {
      for (const waiter of waiting) waiter.giveUp('before the sandbox was closed');
      listeners.clear();
    },
  };
}

/** For printed texts, which must not contain interaction tokens. */
export function hideToken(path: string): string {
  return path.replace(/(\/webhooks\/\d+|\/interactions\/\d+)\/[^/]+/, '$1/…');
}
