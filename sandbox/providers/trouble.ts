/** Where a fault can strike. `look` is both fetch and list. `task` is about what happens to accepted work. */
export type Place = 'submit' | 'look' | 'picture' | 'task';

/** Bodies that aren't what the documents promise. The work itself has been accepted by then. */
export type Garbling =
  /** Half of the JSON, as if it were complete. */
  | 'truncated'
  /** Half of what Content-Length promises, then the connection is cut. */
  | 'cut-short'
  | 'html'
  | 'html-502'
  | 'empty'
  | 'huge'
  | 'wrong-type'
  | 'number-ids'
  | 'two-documents'
  | 'not-an-object'
  /** From here on: the same content in another form, as gateways write it. Nothing is lost. */
  | 'mark'
  | 'gzip'
  | 'plain-text'
  | 'other-types'
  | 'envelope'
  | 'in-text';

/** Ways to write a correct answer. */
export const writings = [
  'mark',
  'gzip',
  'plain-text',
  'other-types',
  'envelope',
  'in-text',
] as const satisfies readonly Garbling[];

/** Something in front of an API may answer instead: with a redirect, or a firewall's page. */
export const frontDoors = {
  moved: {
    do: 'answer',
    status: 308,
    body: '',
    headers: { location: 'https://new.example/mj?token=secret' },
  },
  blocked: { do: 'answer', status: 403, body: 'error code: 1020', headers: { 'content-type': 'text/plain' } },
  /** nginx, with its default limit. */
  tooLarge: {
    do: 'answer',
    status: 413,
    body: '<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body><hr><center>nginx</center></body>\r\n</html>',
    headers: { 'content-type': 'text/html' },
  },
  /** A firewall that doesn't like a request's words. */
  disliked: {
    do: 'answer',
    status: 403,
    body: '<html><head><title>403 Forbidden</title></head><body>Your request was blocked.</body></html>',
    headers: { 'content-type': 'text/html' },
  },
  /** Envoy, when the connection to the API behind it breaks: the request may have been accepted. */
  upstream: {
    do: 'replace',
    status: 503,
    body: '{"error":{"message":"upstream connect error or disconnect/reset before headers"}}',
    headers: { 'content-type': 'application/json' },
  },
  /** A load balancer that has waited too long. */
  timeout: {
    do: 'replace',
    status: 408,
    body: '{"message":"Request Timeout"}',
    headers: { 'content-type': 'application/json' },
  },
  limited: { do: 'answer', status: 429, body: 'error code: 1015', headers: { 'retry-after': '5' } },
} as const satisfies Record<string, Fault>;

export type Fault =
  /** Refused, before any work is accepted, in one of the documented forms (names in mj-proxy/refusals.ts). */
  | { do: 'refuse'; as: string; retryAfterSeconds?: number }
  /** Any answer instead of the real one; no work is taken. */
  | { do: 'answer'; status: number; body: string; headers?: Record<string, string> }
  /** The work is accepted (and charged), then something in between answers instead. */
  | { do: 'replace'; status: number; body: string; headers?: Record<string, string> }
  /** The connection is cut before the work is accepted. */
  | { do: 'drop' }
  /** The work is accepted (and charged), then the connection is cut: the answer never arrives. */
  | { do: 'lose' }
  /** No answer, ever, on an open connection. */
  | { do: 'hang'; taken: boolean }
  | { do: 'garble'; how: Garbling }
  /** The right answer, but late; scaled by the pace. */
  | { do: 'delay'; ms: number }
  /** Place `task`: fails later, with this text. */
  | { do: 'fail'; reason: string }
  /** Place `task`: starts and never ends. */
  | { do: 'stall' }
  /** Place `task`: is accepted, then its id is no longer known. */
  | { do: 'vanish' };

export interface Trouble {
  /** Strikes the next `times` chances at that place, after faults that were requested earlier. */
  next(place: Place, fault: Fault, times?: number): void;
  /** Strikes every chance without a `next` fault; undefined ends it. */
  always(place: Place, fault: Fault | undefined): void;
  /** Whether words in a prompt (`please fail`, …) cause trouble; true by default. */
  words: boolean;
  clear(): void;
}

export interface Troubles extends Trouble {
  /** Takes the fault that is due at that place, if there is one. */
  take(place: Place, prompt?: string): Fault | undefined;
}

/** What a person can write in a prompt to cause trouble for that one submit, when trying the sandbox by hand. */
export const wishes: readonly Wish[] = [
  {
    say: 'please fail',
    gives: 'fails after a while',
    place: 'task',
    fault: { do: 'fail', reason: 'Internal Server Error' },
  },
  { say: 'please hang', gives: 'starts and never ends', place: 'task', fault: { do: 'stall' } },
  { say: 'please vanish', gives: 'is accepted, then unknown', place: 'task', fault: { do: 'vanish' } },
  {
    say: 'please lose',
    gives: 'is taken and charged; no answer arrives',
    place: 'submit',
    fault: { do: 'lose' },
  },
  {
    say: 'please drop',
    gives: 'the connection is cut before it is taken',
    place: 'submit',
    fault: { do: 'drop' },
  },
  {
    say: 'please garble',
    gives: 'is taken; half an answer arrives',
    place: 'submit',
    fault: { do: 'garble', how: 'truncated' },
  },
  { say: 'please refuse', gives: 'is refused', place: 'submit', fault: { do: 'refuse', as: 'failure' } },
  {
    say: 'please crowd',
    gives: 'the queue is full',
    place: 'submit',
    fault: { do: 'refuse', as: 'queue-full' },
  },
  {
    say: 'please wait',
    gives: 'come back in 5 s (429)',
    place: 'submit',
    fault: { do: 'refuse', as: 'too-many', retryAfterSeconds: 5 },
  },
  {
    say: 'please crash',
    gives: 'HTTP 500',
    place: 'submit',
    fault: { do: 'refuse', as: 'server-error-text' },
  },
  { say: 'please bill', gives: 'no credit left', place: 'submit', fault: { do: 'refuse', as: 'no-quota' } },
  {
    say: 'please dawdle',
    gives: 'the answer takes 20 s',
    place: 'submit',
    fault: { do: 'delay', ms: 20_000 },
  },
];

export interface Wish {
  say: string;
  gives: string;
  place: Place;
  fault: Fault;
}

/** Throws at once for a refusal that this stand-in doesn't know. */
export function createTrouble(refusals: readonly string[]): Troubles {
  const due = new Map<Place, Fault[]>();
  const standing = new Map<Place, Fault>();

  function check(fault: Fault): void {
    if (fault.do === 'refuse' && !refusals.includes(fault.as)) {
      throw new Error(`There is no refusal "${fault.as}"; there are ${refusals.join(', ')}`);
    }
  }

  function readWish(place: Place, prompt: string): Fault | undefined {
    const text = prompt.toLowerCase();
    return wishes.find((wish) => wish.place === place && text.includes(wish.say))?.fault;
  }

  const trouble: Troubles = {
    words: true,
    next(place, fault, times = 1) {
      check(fault);
      const faults = due.get(place) ?? [];
      due.set(place, [...faults, ...Array.from({ length: times }, () => fault)]);
    },
    always(place, fault) {
      if (fault === undefined) {
        standing.delete(place);
        return;
      }
      check(fault);
      standing.set(place, fault);
    },
    clear() {
      due.clear();
      standing.clear();
    },
    take(place, prompt = '') {
      const wish = trouble.words ? readWish(place, prompt) : undefined;
      return wish ?? due.get(place)?.shift() ?? standing.get(place);
    },
  };
  return trouble;
}
