import type { Trouble } from './trouble.ts';

export interface ProviderOptions {
  /** Scheme and host to reach it, if that isn't 127.0.0.1: as an API, and as a file server. */
  origins?: { readonly api: string; readonly pictures: string };
  /** 0, the default, means any free port. */
  port?: number;
  key?: string;
  /** More keys that are accepted; each only sees its own tasks. */
  otherKeys?: readonly string[];
  /** 1 is realistic (imagine about 40 s, a pick about 6 s), 0 is immediate; anything between is a factor. */
  pace?: number;
  /** How often the gateway asks its upstream; by default 15 s × pace. Infinity: only when `refresh()` is called. */
  refreshMs?: number;
  /** Same seed, same pictures, times and random parts of ids. */
  seed?: number;
  /** Height of a new grid in pixels; by default 1024. Tests use 64. */
  pictureHeight?: number;
  /** The name in addresses of unfinished pictures; nobody has to resolve it. Discord shows no picture without a public name. */
  previewName?: string;
  /** How long a signed picture address works; by default 24 h, not scaled by the pace. */
  pictureLifeMs?: number;
  /** A PNG served in place of every picture, for benchmarks, where drawing would use up the whole machine. */
  picture?: Buffer;
  /** Changes drawn pictures of APIs with separate pictures, by their number in the set, from 0. */
  alterPicture?: (drawn: Buffer, number: number) => Buffer | Promise<Buffer>;
  /** Changes the picture addresses of APIs without a gateway. */
  alterAddress?: (url: string) => string;
  /** A factor for the time that a task takes, asked for each; 1 unless given. For benchmarks with other spreads. */
  stretch?: () => number;
  /** When a gateway gives up a task; 1 h × pace unless given (1 h if the pace is 0). */
  taskTimeoutMs?: number;
  /** Credit of each key in US dollars; unlimited unless given. */
  creditUsd?: number;
}

/** A request as it came, and what happened to it. */
export interface RecordedRequest {
  number: number;
  at: number;
  method: string;
  /** With the query. */
  path: string;
  /** All except those with a key. */
  headers: Record<string, string>;
  /** Which of the stand-in's keys it carried, if any. */
  account: number | undefined;
  /** Parsed JSON, or the text if it isn't JSON. */
  body: unknown;
  status: number | undefined;
  /** `cut`: the connection was destroyed without an answer. */
  outcome: 'open' | 'answered' | 'cut';
  /** The answer's text, shortened; for pictures, their type and size. */
  answer: string | undefined;
  /** The fault that struck it. */
  fault: string | undefined;
}

/** A submit that was accepted, and therefore charged. */
export interface RecordedSubmit {
  number: number;
  at: number;
  kind: string;
  taskId: string;
  account: number;
  body: Readonly<Record<string, unknown>>;
  /** What's left of the body once the gateway has passed it on. */
  forwarded: Readonly<Record<string, unknown>>;
  prompt: string | undefined;
  customId: string | undefined;
  parentId: string | undefined;
  state: string | undefined;
  chargedUsd: number;
  /** How many accepted submits before this one asked for the same thing (prompt, button of a task, or window). */
  repeats: number;
}

/** A call to an address that a client gave, and what happened to it. */
export interface RecordedCall {
  at: number;
  /** Without the part that authenticates the caller. */
  path: string;
  /** The text as it was sent. */
  body: string;
  /** Absent if there was no answer. */
  status: number | undefined;
}

/** A task as the upstream sees it now, which may differ from what clients are told. */
export interface TaskView {
  id: string;
  kind: string;
  action: string;
  status: string;
  progress: string;
  prompt: string;
  failReason: string;
  parentId: string | undefined;
  customId: string | undefined;
  account: number;
  submittedAt: number;
  finishedAt: number | undefined;
}

export type StandInEvent =
  | { type: 'request'; at: number; request: RecordedRequest }
  | { type: 'answer'; at: number; request: RecordedRequest }
  | { type: 'submit'; at: number; submit: RecordedSubmit }
  | { type: 'task'; at: number; task: TaskView }
  | { type: 'refresh'; at: number; taskIds: readonly string[] }
  | { type: 'callback'; at: number; call: RecordedCall };

/** Whether a stand-in calls back when a task changes: once, never, or twice as real ones sometimes do. */
export type CallbackMode = 'on' | 'off' | 'doubled';

export interface Money {
  creditUsd: number;
  chargedUsd: number;
  refundedUsd: number;
}

export interface StandIn {
  readonly kind: string;
  /** Base URL, for PROVIDER_<NAME>_BASE_URL. */
  readonly url: string;
  readonly key: string;
  /** Every accepted submit, in order. */
  readonly submits: readonly RecordedSubmit[];
  /** Every request, in order. */
  readonly requests: readonly RecordedRequest[];
  readonly trouble: Trouble;
  tasks(): TaskView[];
  task(id: string): TaskView | undefined;
  /** What a key's account has left and has paid; writable. */
  money(key?: string): Money;
  /** Changes the pace, even for what's under way. */
  setPace(pace: number): void;
  /** What happens to calls to a client's public address; `undefined` if the stand-in never calls. */
  callbacks: CallbackMode | undefined;
  /** Makes the gateway ask its upstream now. */
  refresh(): void;
  /** Listens to the traffic; returns a function that stops it. */
  on(listener: (event: StandInEvent) => void): () => void;
  /** The next event that matches, from now on. */
  next(fits: (event: StandInEvent) => boolean): Promise<StandInEvent>;
  /** Waits until the condition is true; it's checked now and after every event. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}
