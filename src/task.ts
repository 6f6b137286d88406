import type { FailureKind, ProviderErrorKind, Refusal } from './errors.ts';

/** What a person can start with a slash command. */
export const startActions = ['imagine', 'blend', 'describe', 'shorten', 'edit', 'video', 'swap'] as const;

/**
 * What a finished task can offer next. `upscale` is U1–U4: it takes one picture out of a grid;
 * the `upscale-…` ones really enlarge, and `enlarge` does so in whatever way the API has. `enhance` finishes a
 * draft; `reroll-video` makes a set of videos anew, which costs what videos cost. Families of buttons: Midjourney's own bot, V5 to V8 and niji.
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
  'enlarge',
  'enhance',
  'redo-upscale-2x',
  'redo-upscale-4x',
  'redo-upscale-subtle',
  'redo-upscale-creative',
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
  'reroll-video',
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
  /** Whether it needs no provider: the picture of that index among the result's media is shown. */
  readonly isLocal?: boolean;
}

/** Whether an address holds its file itself, and so is as long as that: it is never shown, and saved no longer than needed. */
export function isData(url: string): boolean {
  return /^data:/iu.test(url);
}

export interface Media {
  readonly kind: 'picture' | 'video';
  /** Where the provider keeps it; signed, and valid for about a day at most of them. */
  readonly url: string;
  /** Whether a secret stands in the address: its file is fetched, and the address is shown to nobody. */
  readonly isPrivate?: boolean;
}

/** A picture that a person handed in. */
export interface InputPicture {
  readonly url: string;
  readonly name: string;
  /** Whether somebody typed the address; otherwise it's a file that Discord serves. */
  readonly isLink?: boolean;
  /** As Discord measured it; absent for links. */
  readonly bytes?: number;
}

/** Something that an API cannot do exactly as asked, and what it does instead. */
export interface Adjustment {
  /** As in the prompt: `--stylize`. */
  readonly flag: string;
  readonly asked: string;
  readonly used: string;
}

/** What a command says beside its words and pictures; each action reads its own. */
export interface TaskOptions {
  /** Of a blend; square where absent. */
  readonly dimensions?: 'portrait' | 'square' | 'landscape';
  /** Of a video. */
  readonly motion?: 'low' | 'high';
  readonly isLoop?: boolean;
  readonly resolution?: '480p' | '720p';
}

/** What is to be painted anew: cells of three by three, numbered row by row from 1, or the bright parts of a picture. */
export interface Region {
  readonly cells: readonly number[];
  readonly picture?: InputPicture;
}

export interface TaskRequest {
  readonly action: Action;
  /** Midjourney's own language: text, then flags. Empty for follow-ups that need none. */
  readonly prompt: string;
  readonly speed: Speed;
  readonly pictures: readonly InputPicture[];
  readonly options?: TaskOptions;
  readonly region?: Region;
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
  /** Whose books it is charged in: a server's id, or `direct`. */
  readonly book: string;
  readonly place: Place;
}

export interface Failure {
  readonly kind: FailureKind;
  /** The provider's own words, as they came. */
  readonly reason?: string;
  /** What the relay itself found wrong with a person's picture. */
  readonly refusal?: Refusal;
  /** Whether the operator may have been charged all the same. */
  readonly mayHaveCost: boolean;
}

/**
 * The end of a task that a provider has begun: what was said of its person's points when the provider asked a question,
 * or when a cancel was asked for. It holds, however many refunds others of their tasks take meanwhile.
 */
export interface Stop {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Whether its person gets the points back, unless there is a result. */
  readonly isRefunded: boolean;
}

/** What a provider wrote down of a finished task; for the operator's books, never a reason to act. */
export interface Receipt {
  /** What it took, in its own points. */
  readonly points?: number;
  /** By its own clock, epoch milliseconds. */
  readonly finishedAt?: number;
}

export interface Result {
  readonly media: readonly Media[];
  /** The task whose files these are, where it is another: its pictures are kept under that id. */
  readonly keptAs?: string;
  /** Where it is one picture of several: which of that task's, from 0. */
  readonly keptIndex?: number;
  /** Prompts that a describe or a shorten found. */
  readonly text?: readonly string[];
  readonly offers: readonly Offer[];
  readonly receipt?: Receipt;
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
  /** Accounts that have refused it for reasons of their own. */
  readonly tried?: readonly string[];
  /** What the provider does otherwise than the prompt says. */
  readonly adjustments?: readonly Adjustment[];
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
  /** The HTTP status with which it was last refused for now; kept until it's accepted. */
  readonly postponedBy?: number;
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
  /** Set once the provider asks, or is asked to cancel; removed once it certainly goes on. */
  readonly stop?: Stop;
  /** When a result came after the task had failed and the points were back: it is free. */
  readonly lateAt?: number;
  /**
   * What was removed of it since somebody wanted it forgotten, or since it was old: `all` of its words and addresses, or
   * the `words` that were somebody else's; of a task that runs, those go `at-end`.
   */
  readonly emptied?: 'all' | 'words' | 'at-end';
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
      /** Why nothing more could be read of it; only for the log. */
      unread?: string;
    }
  | { state: 'asking'; prompt?: string }
  | {
      state: 'done';
      media: Media[];
      text?: string[];
      offers: Offer[];
      receipt?: Receipt;
      /** The whole ref from now on, where the result brings what follow-ups need; `refKey` stays the same. */
      ref?: Ref;
    }
  | { state: 'failed'; kind: FailureKind; reason?: string };

/** Where a message can show the unfinished picture. */
export function previewOf({ preview }: Extract<Update, { state: 'running' }>): string | undefined {
  return preview === undefined || isData(preview) ? undefined : preview;
}

/** What can happen to a task. */
export type TaskEvent =
  | { type: 'acknowledged'; messageId?: string }
  | { type: 'submitting'; deadlineAt: number }
  | { type: 'accepted'; ref: Ref; update: Update; deadlineAt: number; nextLookAt: number }
  | { type: 'postponed'; notBefore: number; deadlineAt: number; reason: ProviderErrorKind; status?: number }
  | { type: 'moved'; account: string; deadlineAt: number }
  | { type: 'lost'; nextLookAt?: number }
  | { type: 'copied'; result: Result; ref?: Ref }
  | { type: 'answering'; prompt: string; deadlineAt: number; nextLookAt: number }
  | { type: 'answered'; ref: Ref; update: Update }
  | { type: 'unanswered'; notBefore: number; status?: number }
  | { type: 'cancelling'; stop: Stop }
  | { type: 'cancel-failed' /** Whether the provider certainly goes on with it. */; isCertain: boolean }
  | { type: 'removed' }
  | { type: 'forgotten' /** Or only the words, which were another's. */; isAll: boolean }
  | { type: 'located' /** The message that shows it. */; messageId: string }
  | { type: 'unshown' /** Its result can never be shown. */; kind: 'unshown' | 'unfetched' }
  | { type: 'placed'; place: Place }
  | { type: 'looked'; update: Update; nextLookAt: number }
  | { type: 'missing'; nextLookAt: number }
  | { type: 'failed'; failure: Failure }
  | { type: 'cancelled' /** Of a question that wasn't answered. */; stop?: Stop };

/** How long a task waits for a slot, or for a provider that says "later", before it fails. */
export const queueTimeoutMs = 30 * 60_000;

/** How long a question of the provider waits for a person's answer. */
export const askingTimeoutMs = 30 * 60_000;

/** For how long, and how often, a task that was given up is still looked at: a late result is delivered free. */
export const lateForMs = 24 * 60 * 60_000;
export const lateLookEveryMs = 5 * 60_000;

export function isEnded(task: Pick<Task, 'state'>): boolean {
  return task.state === 'done' || task.state === 'failed' || task.state === 'cancelled';
}
