import type { Trouble } from './trouble.ts';

export interface ProviderOptions {
  /** The scheme and host of its public address, if it isn't 127.0.0.1: as an API, and as a picture server. */
  origins?: { readonly api: string; readonly pictures: string };
  /** 0, the default, means any free port. */
  port?: number;
  key?: string;
  /** More accepted keys; each only sees its own tasks. */
  otherKeys?: readonly string[];
  /** 1 is realistic (imagine about 40 s, a pick about 6 s), 0 is immediate; anything between is a factor. */
  pace?: number;
  /** How often the gateway asks its upstream; by default 15 s × pace. Infinity: only when `refresh()` is called. */
  refreshMs?: number;
  /** Same seed, same pictures, times and random parts of ids. */
  seed?: number;
  /** Height of a new grid in pixels; by default 1024. Tests use 64. */
  pictureHeight?: number;
  /** How long a signed picture address works; by default 24 h, not scaled by the pace. */
  pictureLifeMs?: number;
  /** A PNG served instead of every picture, for measuring, because drawing would take the whole machine. */
  picture?: Buffer;
  /** What APIs with separate pictures serve instead of a drawn one, by its number in its set, from 0. */
  alterPicture?: (drawn: Buffer, number: number) => Buffer | Promise<Buffer>;
  /** What APIs without a gateway return instead of a picture's address. */
  alterAddress?: (url: string) => string;
  /** A factor for the time that a task takes, called for each one; by default 1. For measuring with other spreads. */
  stretch?: () => number;
  /** When a gateway gives up a task; by default 1 h × pace (1 h if the pace is 0). */
  taskTimeoutMs?: number;
  /** Credit of each key in US dollars; unlimited by default. */
  creditUsd?: number;
}

/** A request as it arrived, and its outcome. */
export interface RecordedRequest {
  number: number;
  at: number;
  method: string;
  /** With the query. */
  path: string;
  /** All except those that carry a key. */
  headers: Record<string, string>;
  /** Which of the stand-in's keys it carried, if any. */
  account: number | undefined;
  /** Parsed JSON, or the text if it isn't JSON. */
  body: unknown;
  status: number | undefined;
  /** `cut`: the connection was destroyed without an answer. */
  outcome: 'open' | 'answered' | 'cut';
  /** The answer's text, shortened; pictures are named by type and size. */
  answer: string | undefined;
  /** The fault that was applied. */
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
  /** The part of the body that the gateway passed on. */
  forwarded: Readonly<Record<string, unknown>>;
  prompt: string | undefined;
  customId: string | undefined;
  parentId: string | undefined;
  state: string | undefined;
  chargedUsd: number;
  /** How many earlier submits asked for exactly the same (prompt, button of a task, or modal). */
  repeats: number;
}

/** A call to a client's address, and its outcome. */
export interface RecordedCall {
  at: number;
  /** Without the part of the address that proves who calls. */
  path: string;
  /** The text as it was sent. */
  body: string;
  /** Absent if there was no answer. */
  status: number | undefined;
}

/** A task as the upstream sees it now, which clients may not. */
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
  /** What a key's account has left and has paid; writable. */
  money(key?: string): Money;
  /** Changes the pace; running work goes on at the new one. */
  setPace(pace: number): void;
  /** What happens to the calls to a client's public address; `undefined` if the stand-in makes none. */
  callbacks: CallbackMode | undefined;
  /** Makes the gateway ask its upstream now. */
  refresh(): void;
  /** Listens to the traffic; returns the function that stops it. */
  on(listener: (event: StandInEvent) => void): () => void;
  /** The next matching event from now on. */
  next(fits: (event: StandInEvent) => boolean): Promise<StandInEvent>;
  /** Waits until that is true; checked now and after every event. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}
