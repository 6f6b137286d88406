import type { Trouble } from './trouble.ts';

export interface ProviderOptions {
  /** Scheme and host under which it is reached, where that isn't 127.0.0.1: as an API, and as a server of pictures. */
  origins?: { readonly api: string; readonly pictures: string };
  /** 0, the default, takes any free port. */
  port?: number;
  key?: string;
  /** Further keys that are let in; each sees its own tasks only. */
  otherKeys?: readonly string[];
  /** 1 is realistic (imagine about 40 s, a pick about 6 s), 0 is at once; anything between is a factor. */
  pace?: number;
  /** How often the gateway asks its upstream; 15 s × pace unless given. Infinity: only when `refresh()` is called. */
  refreshMs?: number;
  /** Same seed, same pictures, times and random parts of ids. */
  seed?: number;
  /** Height of a fresh grid in pixels; 1024 unless given. Tests take 64. */
  pictureHeight?: number;
  /** How long a signed picture address works; 24 h unless given, not scaled by pace. */
  pictureLifeMs?: number;
  /** Served in place of every picture, a PNG: for measuring, where drawing would take all of the machine. */
  picture?: Buffer;
  /** What APIs of separate pictures serve in place of one that was drawn, by its number in its set, from 0. */
  alterPicture?: (drawn: Buffer, number: number) => Buffer | Promise<Buffer>;
  /** What APIs without a gateway say in place of a picture's address. */
  alterAddress?: (url: string) => string;
  /** A factor for the time that a task takes, asked for each; 1 unless given: for measuring with other spreads. */
  stretch?: () => number;
  /** When a gateway gives a task up; 1 h × pace unless given (1 h where the pace is 0). */
  taskTimeoutMs?: number;
  /** Credit of each key in US dollars; endless unless given. */
  creditUsd?: number;
}

/** A request as it came, and what became of it. */
export interface RecordedRequest {
  number: number;
  at: number;
  method: string;
  /** With the query. */
  path: string;
  /** All but the ones that carry a key. */
  headers: Record<string, string>;
  /** Which of the stand-in's keys it carried, if any. */
  account: number | undefined;
  /** Parsed JSON, or the text where it is not JSON. */
  body: unknown;
  status: number | undefined;
  /** `cut`: the connection was destroyed without an answer. */
  outcome: 'open' | 'answered' | 'cut';
  /** The answer's text, shortened; pictures are named by type and size. */
  answer: string | undefined;
  /** The fault that was put in its way. */
  fault: string | undefined;
}

/** A submit that was accepted, and so charged. */
export interface RecordedSubmit {
  number: number;
  at: number;
  kind: string;
  taskId: string;
  account: number;
  body: Readonly<Record<string, unknown>>;
  /** What is left of the body when the gateway has passed it on. */
  forwarded: Readonly<Record<string, unknown>>;
  prompt: string | undefined;
  customId: string | undefined;
  parentId: string | undefined;
  state: string | undefined;
  chargedUsd: number;
  /** How many accepted submits before this one asked for the very same (prompt, button of a task, or window). */
  repeats: number;
}

/** A call to the address that a client named, and what became of it. */
export interface RecordedCall {
  at: number;
  /** Without the part of the address that proves who calls. */
  path: string;
  /** The text as it was sent. */
  body: string;
  /** Absent where there was no answer. */
  status: number | undefined;
}

/** A task as the upstream sees it now, whatever clients are told. */
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

/** Whether a stand-in calls back when a task moves: once, never, or twice as real ones sometimes do. */
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
  /** What the account of a key has left and has paid; writable. */
  money(key?: string): Money;
  /** Changes the pace; what is under way goes on at the new one. */
  setPace(pace: number): void;
  /** What becomes of the calls to a client's public address; `undefined` where the stand-in makes none. */
  callbacks: CallbackMode | undefined;
  /** Makes the gateway ask its upstream now. */
  refresh(): void;
  /** Listens to the traffic; gives the function that stops it. */
  on(listener: (event: StandInEvent) => void): () => void;
  /** The next event that fits, from now on. */
  next(fits: (event: StandInEvent) => boolean): Promise<StandInEvent>;
  /** Waits until that holds; asked now and after every event. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}
