import type { FailureKind, ProviderErrorKind } from './errors.ts';

/** What a person can start with a slash command. */
export const startActions = ['imagine', 'blend', 'describe', 'shorten', 'edit', 'video', 'swap'] as const;

/**
 * What a finished task can offer next. `upscale` is U1–U4: it takes one picture out of a grid;
 * the `upscale-…` ones really enlarge. Families of buttons: Midjourney's own bot, V5 to V8 and niji.
 */
export const followUpActions = [
  'upscale',
  'reroll',
  'variation',
  'vary-subtle',
  'vary-strong',
  'vary-region',
  'upscale-2x',
  'upscale-4x',
  'upscale-subtle',
  'upscale-creative',
  'zoom',
  'zoom-2x',
  'zoom-1.5x',
  'custom-zoom',
  'square',
  'pan-left',
  'pan-right',
  'pan-up',
  'pan-down',
  'animate-high',
  'animate-low',
  'extend-high',
  'extend-low',
] as const;

export type StartAction = (typeof startActions)[number];
export type FollowUpAction = (typeof followUpActions)[number];
export type Action = StartAction | FollowUpAction;

export const speeds = ['relax', 'fast', 'turbo'] as const;
export type Speed = (typeof speeds)[number];

/** A provider's own address of a task: opaque JSON, read only by the provider that made it. */
export type Ref = Readonly<Record<string, string>>;

/** One thing that a provider lets people do next with a result. */
export interface Offer {
  readonly action: FollowUpAction;
  /** Which picture of the set it acts on, from 1; absent where it acts on the whole. */
  readonly index?: number;
  /** The provider's own word for it, never shown and never sent to Discord. */
  readonly token: string;
}

export interface Media {
  readonly kind: 'picture' | 'video';
  /** Where the provider keeps it; signed, and valid for about a day at most of them. */
  readonly url: string;
}

/** A picture that a person handed in. */
export interface InputPicture {
  readonly url: string;
  readonly name: string;
}

export interface TaskRequest {
  readonly action: Action;
  /** Midjourney's own language: text, then flags. Empty for follow-ups that need none. */
  readonly prompt: string;
  readonly speed: Speed;
  readonly pictures: readonly InputPicture[];
  /** For follow-ups: the offer that was pressed. */
  readonly offer?: Offer;
  /** What the person has answered already to the question that the provider is going to ask. */
  readonly answer?: string;
  /** A finished task whose result is shown again, free: nothing is submitted. */
  readonly copyOf?: string;
}

/** Where the answer is shown, and what may be done there. */
export interface Place {
  readonly applicationId: string;
  readonly guildId?: string;
  readonly channelId: string;
  /** Known once Discord acknowledged. */
  readonly messageId?: string;
  /** The interaction's token; removed once the final message is settled. */
  readonly token?: string;
  /** When the token stops to serve, epoch milliseconds. */
  readonly tokenExpiresAt: number;
  /** Largest file that may be uploaded with that token, bytes. */
  readonly uploadLimitBytes: number;
  /** The person's language, as Discord names it. */
  readonly locale: string;
  /** Whether the bot itself may edit there once the token is dead; if not, only a new press brings a new token. */
  readonly isOpenToBot: boolean;
}

/** Who asked, by which interaction, and where the answer goes. */
export interface Origin {
  readonly interactionId: string;
  readonly userId: string;
  readonly place: Place;
}

export interface Failure {
  readonly kind: FailureKind;
  /** The provider's own words, as they came. */
  readonly reason?: string;
  /** Whether the operator may have been charged all the same. */
  readonly mayHaveCost: boolean;
}

export interface Result {
  readonly media: readonly Media[];
  /** The task whose files these are, where it is another: its pictures are kept under that id. */
  readonly keptAs?: string;
  /** Prompts that a describe or a shorten found. */
  readonly text?: readonly string[];
  readonly offers: readonly Offer[];
}

export const openStates = ['queued', 'submitting', 'running', 'asking', 'answering'] as const;
export const endStates = ['done', 'failed', 'cancelled'] as const;
export type TaskState = (typeof openStates)[number] | (typeof endStates)[number];

/** All that a person starts, from the first save to the last. Times are epoch milliseconds. */
export interface Task {
  /** Ours: short, random, unguessable. */
  readonly id: string;
  /** Counts the saves; the newest one is the truth. */
  readonly revision: number;
  readonly state: TaskState;
  readonly request: TaskRequest;
  readonly account: string;
  readonly origin: Origin;
  readonly parentId?: string;
  /** Number of the pressed offer among the parent's. */
  readonly parentOffer?: number;
  /** The message whose button was pressed. */
  readonly parentMessageId?: string;
  /** Points that were charged for it. */
  readonly price: number;
  readonly createdAt: number;
  readonly acknowledgedAt?: number;
  readonly submittedAt?: number;
  readonly acceptedAt?: number;
  readonly finishedAt?: number;
  /** While queued: not to be submitted before. While asking: not to be answered before. */
  readonly notBefore?: number;
  /** What the provider said when it was last refused for now. */
  readonly postponedFor?: ProviderErrorKind;
  /** When to ask the provider next. */
  readonly nextLookAt?: number;
  /** When it counts as failed, whatever state it is in. */
  readonly deadlineAt: number;
  /** Set once the answer to the paid call is known to be lost. */
  readonly lostAt?: number;
  /** When a person's answer left for the provider: its question is not asked again. */
  readonly answeredAt?: number;
  /** What the provider proposes as the answer to its question. */
  readonly question?: string;
  /** When the provider was asked to cancel; only a look says whether it did. */
  readonly cancellingAt?: number;
  /** When a result came after the task had failed and the points were back: it is free. */
  readonly lateAt?: number;
  /** Since when looks no longer find it at the provider. */
  readonly missingSince?: number;
  readonly ref?: Ref;
  /** Percent, 0 to 100; never goes back. */
  readonly progress?: number;
  readonly preview?: string;
  /** How many tasks stood before it in the provider's own queue, until it made progress. */
  readonly queue?: number;
  readonly result?: Result;
  readonly failure?: Failure;
}

/** What a look at the provider tells. */
export type Update =
  | {
      state: 'running';
      progress?: number;
      preview?: string /** Tasks before it in the provider's own queue. */;
      queue?: number;
    }
  | { state: 'asking'; prompt?: string }
  | { state: 'done'; media: Media[]; text?: string[]; offers: Offer[] }
  | { state: 'failed'; kind: FailureKind; reason?: string };

/** What can happen to a task. */
export type TaskEvent =
  | { type: 'acknowledged'; messageId?: string }
  | { type: 'submitting'; deadlineAt: number }
  | { type: 'accepted'; ref: Ref; update: Update; deadlineAt: number; nextLookAt: number }
  | { type: 'postponed'; notBefore: number; deadlineAt: number; reason: ProviderErrorKind }
  | { type: 'lost'; nextLookAt?: number }
  | { type: 'copied'; result: Result; ref?: Ref }
  | { type: 'answering'; prompt: string; deadlineAt: number; nextLookAt: number }
  | { type: 'answered'; ref: Ref; update: Update }
  | { type: 'unanswered'; notBefore: number }
  | { type: 'cancelling' }
  | { type: 'cancel-failed' }
  | { type: 'removed' }
  | { type: 'placed'; place: Place }
  | { type: 'looked'; update: Update; nextLookAt: number }
  | { type: 'missing'; nextLookAt: number }
  | { type: 'failed'; failure: Failure }
  | { type: 'cancelled' };

/** How long a question of the provider waits for a person's answer. */
export const askingTimeoutMs = 30 * 60_000;

/** For how long, and how often, a task that was given up is still looked at: a late result is delivered free. */
export const lateForMs = 24 * 60 * 60_000;
export const lateLookEveryMs = 5 * 60_000;

export function isEnded(task: Pick<Task, 'state'>): boolean {
  return task.state === 'done' || task.state === 'failed' || task.state === 'cancelled';
}

/**
 * The task after an event, or `undefined` where the event means nothing any more: the task has ended,
 * or somebody else was first. Pure; every legal step of a task's life is in here.
 */
export function apply(task: Task, event: TaskEvent, now: number): Task | undefined {
  const next = isEnded(task) ? stepAfterEnd(task, event, now) : step(task, event, now);
  return next === undefined ? undefined : { ...next, revision: task.revision + 1 };
}

function step(task: Task, event: TaskEvent, now: number): Task | undefined {
  switch (event.type) {
    case 'acknowledged':
      return task.acknowledgedAt === undefined ? acknowledged(task, event.messageId, now) : undefined;
    case 'submitting':
      if (task.state !== 'queued' || task.acknowledgedAt === undefined) return undefined;
      return {
        ...without(task, 'notBefore', 'postponedFor'),
        state: 'submitting',
        submittedAt: now,
        deadlineAt: event.deadlineAt,
      };
    case 'accepted':
      if (task.state !== 'submitting') return undefined;
      return updated(
        {
          ...without(task, 'lostAt'),
          state: 'running',
          ref: event.ref,
          acceptedAt: now,
          deadlineAt: event.deadlineAt,
          nextLookAt: event.nextLookAt,
        },
        event.update,
        now,
      );
    case 'postponed':
      if (task.state !== 'submitting') return undefined;
      return {
        ...task,
        state: 'queued',
        notBefore: event.notBefore,
        deadlineAt: event.deadlineAt,
        postponedFor: event.reason,
      };
    case 'lost':
      if (task.state !== 'submitting' || task.lostAt !== undefined) return undefined;
      return {
        ...task,
        lostAt: now,
        ...(event.nextLookAt === undefined ? {} : { nextLookAt: event.nextLookAt }),
      };
    case 'copied':
      if (task.state !== 'queued' || task.acknowledgedAt === undefined) return undefined;
      return {
        ...ended(task, 'done', now),
        progress: 100,
        result: event.result,
        ...(event.ref === undefined ? {} : { ref: event.ref }),
      };
    case 'answering':
      if (task.state !== 'asking' || task.answeredAt !== undefined) return undefined;
      return {
        ...without(task, 'question', 'notBefore'),
        state: 'answering',
        request: { ...task.request, prompt: event.prompt },
        // What a person took to answer is not what the provider takes.
        acceptedAt: now,
        answeredAt: now,
        deadlineAt: event.deadlineAt,
        nextLookAt: event.nextLookAt,
      };
    case 'answered':
      if (task.state !== 'answering') return undefined;
      return updated({ ...task, state: 'running', ref: event.ref }, event.update, now);
    case 'unanswered':
      if (task.state !== 'answering') return undefined;
      return {
        ...without(task, 'answeredAt', 'nextLookAt'),
        state: 'asking',
        notBefore: event.notBefore,
        deadlineAt: (task.submittedAt ?? now) + askingTimeoutMs,
      };
    case 'cancelling':
      return task.state === 'running' && task.cancellingAt === undefined
        ? { ...task, cancellingAt: now }
        : undefined;
    case 'cancel-failed':
      return task.cancellingAt === undefined ? undefined : without(task, 'cancellingAt');
    case 'removed':
      return undefined;
    case 'placed':
      return { ...task, origin: { ...task.origin, place: event.place } };
    case 'looked':
      if (task.state !== 'running' && task.state !== 'answering') return undefined;
      return updated({ ...without(task, 'missingSince'), nextLookAt: event.nextLookAt }, event.update, now);
    case 'missing':
      if (task.state !== 'running' || task.missingSince !== undefined) return undefined;
      return { ...task, missingSince: now, nextLookAt: event.nextLookAt };
    case 'failed':
      return ended(task, 'failed', now, event.failure);
    case 'cancelled':
      return task.state === 'queued' || task.state === 'asking' ? ended(task, 'cancelled', now) : undefined;
  }
}

function acknowledged(task: Task, messageId: string | undefined, now: number): Task {
  const place = messageId === undefined ? task.origin.place : { ...task.origin.place, messageId };
  return { ...task, acknowledgedAt: now, origin: { ...task.origin, place } };
}

function updated(task: Task, update: Update, now: number): Task {
  switch (update.state) {
    case 'running': {
      const progress = Math.max(task.progress ?? 0, update.progress ?? 0);
      const { preview, queue } = update;
      return {
        ...(progress > 0 ? without(task, 'queue') : task),
        state: 'running',
        progress,
        ...(preview === undefined ? {} : { preview }),
        ...(queue === undefined ? {} : { queue }),
      };
    }
    case 'asking':
      // A gateway may repeat its question after it was answered (new-api lists the window's row first).
      if (task.answeredAt !== undefined) return task;
      return {
        ...(update.prompt === undefined ? {} : { question: update.prompt }),
        ...without(task, 'nextLookAt'),
        state: 'asking',
        deadlineAt: now + askingTimeoutMs,
      };
    case 'done':
      return { ...ended(task, 'done', now), progress: 100, result: toResult(update) };
    case 'failed': {
      const failure: Failure =
        update.reason === undefined
          ? { kind: update.kind, mayHaveCost: false }
          : { kind: update.kind, reason: update.reason, mayHaveCost: false };
      return ended(task, task.cancellingAt === undefined ? 'failed' : 'cancelled', now, failure);
    }
  }
}

/** After the end: a new token for the message, its removal, and a result that comes too late. */
function stepAfterEnd(task: Task, event: TaskEvent, now: number): Task | undefined {
  if (event.type === 'placed') return { ...task, origin: { ...task.origin, place: event.place } };
  if (event.type === 'removed') return without(task, 'nextLookAt');
  if (event.type !== 'looked' || event.update.state !== 'done' || !mayStillCome(task)) return undefined;
  return { ...without(task, 'nextLookAt'), lateAt: now, progress: 100, result: toResult(event.update) };
}

/** Whether a failed task may have a result all the same: it was given up, not refused. */
function mayStillCome(task: Task): boolean {
  const kind = task.failure?.kind;
  const isGivenUp = kind === 'timeout' || kind === 'forgotten' || kind === 'lost';
  return task.state === 'failed' && isGivenUp && task.ref !== undefined && task.lateAt === undefined;
}

function toResult({ media, offers, text }: Extract<Update, { state: 'done' }>): Result {
  return text === undefined ? { media, offers } : { media, offers, text };
}

function ended(task: Task, state: 'done' | 'failed' | 'cancelled', now: number, failure?: Failure): Task {
  const rest = without(task, 'nextLookAt', 'notBefore', 'preview', 'missingSince', 'question');
  const next: Task = { ...rest, state, finishedAt: now, ...(failure === undefined ? {} : { failure }) };
  return mayStillCome(next) ? { ...next, nextLookAt: now + lateLookEveryMs } : next;
}

function without<Key extends keyof Task>(
  task: Task,
  ...keys: Key[]
): Omit<Task, Key> & Partial<Pick<Task, Key>> {
  const copy = { ...task };
  for (const key of keys) delete copy[key];
  return copy;
}
