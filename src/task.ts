import type { FailureKind, ProviderErrorKind, Refusal, UserErrorCode } from './errors.ts';

/** What a person can start with a slash command. */
export const startActions = ['imagine', 'blend', 'describe', 'shorten', 'edit', 'video', 'swap'] as const;

/**
 * What a finished task can offer next: the buttons of Midjourney's own bot, V5 to V8 and niji. `upscale` is U1–U4: it takes
 * one picture out of a grid. The `upscale-…` actions really enlarge, and `enlarge` does so in the one way its API has.
 * `enhance` finishes a draft; `reroll-video` makes a set of videos again, and costs as much as the first. `redescribe` finds
 * other prompts for a described picture, and `imagine-all` makes pictures from all that were found. Whatever else an API
 * offers is `other`, or `other-video` if its name says that it makes videos.
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
  'redescribe',
  'imagine-all',
  'other',
  'other-video',
] as const;

export type StartAction = (typeof startActions)[number];
export type FollowUpAction = (typeof followUpActions)[number];
export type Action = StartAction | FollowUpAction;

export const speeds = ['relax', 'fast', 'turbo'] as const;
export type Speed = (typeof speeds)[number];

/** What a provider calls a task: opaque JSON, read only by the provider that made it. */
export type Ref = Readonly<Record<string, string>>;

/** Something that a provider lets people do next with a result. */
export interface Offer {
  readonly action: FollowUpAction;
  /** Which picture of the set it acts on, from 1; absent if it acts on the whole set. */
  readonly index?: number;
  /** The provider's own word for it, never shown and never sent to Discord. */
  readonly token: string;
  /** Whether it works without the provider, by showing the picture with that index from the result's media. */
  readonly isLocal?: boolean;
  /** Whether the API takes new words, and the options of a video, along with it. */
  readonly takesWords?: boolean;
  /** What the provider calls it, for an action that we have no name for: one line, but foreign text all the same. */
  readonly label?: string;
  /** A Unicode emoji that the provider puts next to that label. */
  readonly emoji?: string;
  /** How the provider's own button stands out; a used one is green at midjourney-proxy. */
  readonly style?: OfferStyle;
}

export type OfferStyle = 'success' | 'danger';

/** Whether a URL contains its file, and so is as long as the file: it's never shown, and saved only as long as it's needed. */
export function isData(url: string): boolean {
  return /^data:/iu.test(url);
}

export interface Media {
  readonly kind: 'picture' | 'video';
  /** Where the provider keeps it; usually signed, and valid for about a day. */
  readonly url: string;
  /** Whether the URL contains a secret: its file is fetched, and nobody is shown the URL. */
  readonly isPrivate?: boolean;
}

/** A picture that a person attached or linked. */
export interface InputPicture {
  readonly url: string;
  readonly name: string;
  /** Whether somebody typed the URL; otherwise it's a file that Discord serves. */
  readonly isLink?: boolean;
  /** Whether it was in a message that somebody had sent before, so it may be gone. */
  readonly isFromMessage?: boolean;
  /** False if Discord found no width and height in it, as in a file that isn't a picture it knows. */
  readonly isMeasured?: boolean;
  /** The size that Discord reports; absent for links. */
  readonly bytes?: number;
  /** For an edit with several pictures: whether it only lends its style; what is in the others is used. */
  readonly role?: 'style';
  /** Which quarter of it is meant, from 1 in reading order, if it's a grid and only one of its pictures is. */
  readonly quarter?: number;
}

/** Something that an API can't do exactly as asked, and what it does instead. */
export interface Adjustment {
  /** As in the prompt: `--stylize`. */
  readonly flag: string;
  readonly asked: string;
  readonly used: string;
}

export const videoResolutions = ['480p', '720p'] as const;
export type VideoResolution = (typeof videoResolutions)[number];
export type VideoClips = 1 | 2 | 4;

/** What a command says in addition to its words and pictures; each action reads its own. */
export interface TaskOptions {
  /**
   * For a blend or a description: whether niji makes it, Midjourney's bot for anime, if somebody has chosen. Prompts say so
   * by themselves.
   */
  readonly isNiji?: boolean;
  /** For a blend; square if absent. */
  readonly dimensions?: 'portrait' | 'square' | 'landscape';
  /** For a video, like the next three. */
  readonly motion?: 'low' | 'high';
  readonly isLoop?: boolean;
  readonly resolution?: VideoResolution;
  /** How many clips to make at once; four if absent. */
  readonly clips?: VideoClips;
  /** How often it has been extended, if it has. */
  readonly extensions?: number;
  /** Whether the API is to translate the prompt into English, if it can. */
  readonly translate?: boolean;
}

/** What to paint again: cells of a grid, numbered row by row from 1, or the bright parts of a picture. */
export interface Region {
  readonly cells: readonly number[];
  /** How many rows the grid has, and how many cells are in each; three if absent, as in tasks of earlier versions. */
  readonly cellsPerSide?: number;
  readonly picture?: InputPicture;
  /** The mask that was painted on the region editor's page, by its name in the documents. */
  readonly painted?: string;
}

export interface TaskRequest {
  readonly action: Action;
  /** In Midjourney's own language: text, then flags. Empty for follow-ups that don't need one. */
  readonly prompt: string;
  /** The words that the prompt was translated from. */
  readonly typed?: string;
  /** What its server puts behind the prompt when it's sent, without showing it (`prompt/hidden-suffix.ts`). */
  readonly hidden?: string;
  readonly speed: Speed;
  readonly pictures: readonly InputPicture[];
  readonly options?: TaskOptions;
  /** For an edit, only its picture is used: what's bright is edited. */
  readonly region?: Region;
  /** For follow-ups: the offer that was pressed. */
  readonly offer?: Offer;
  /** What the person has already answered to the question that the provider is going to ask. */
  readonly answer?: string;
  /** For a button that was pressed with a prompt: the one that it has by itself. */
  readonly remixOf?: string;
  /** A finished task whose result is shown again for free: nothing is submitted. */
  readonly copyOf?: string;
}

/** Where the answer is shown, and what the bot may do there. */
export interface Place {
  readonly applicationId: string;
  readonly guildId?: string;
  readonly channelId: string;
  /** Known once Discord has acknowledged it. */
  readonly messageId?: string;
  /** The interaction's token; removed once the final message is settled. */
  readonly token?: string;
  /** When the token stops working, epoch milliseconds. */
  readonly tokenExpiresAt: number;
  /** The largest file that may be uploaded with that token, bytes. */
  readonly uploadLimitBytes: number;
  /** The person's language, by Discord's name for it. */
  readonly locale: string;
  /** Whether the bot sends the message by itself, as a reply to `repliesTo`: no interaction waits for it as its answer. */
  readonly isPosted?: true;
  /** The message that Discord shows above it, since one of its buttons was pressed. */
  readonly repliesTo?: string;
  /** Whether the bot may still edit there once the token has expired; if not, it needs the new token of another press. */
  readonly isOpenToBot: boolean;
  /** Whether only its person sees the message: what it shows is never written anywhere else unless they ask for that. */
  readonly isPrivate?: true;
  /** Whether it's a direct message with a copy of something private, or with what comes of one: nobody else can see that either. */
  readonly isDirect?: true;
  /** Whether the message has no buttons, since its person may not use the bot there. */
  readonly hasNoButtons?: true;
}

/** Returns the same place, where only its person sees the message. The bot itself can't reach such a message without a token. */
export function toPrivatePlace(place: Place): Place {
  return { ...place, isPrivate: true, isOpenToBot: false };
}

/** Who asked, through which interaction, and where the answer goes. */
export interface Origin {
  readonly interactionId: string;
  readonly userId: string;
  /** The book that it's charged in: a server's id, or `direct`. */
  readonly book: string;
  readonly place: Place;
  /** Whether its pictures are hidden until somebody clicks on them. */
  readonly isSpoiler?: true;
  /** Whether the channel is for adults only, as Discord says. */
  readonly isAgeRestricted?: true;
  /** Whether the person doesn't want to be mentioned when it ends. */
  readonly isQuiet?: true;
  /** Whether the person wants a direct message when it ends, instead of a mention. */
  readonly isToldDirectly?: true;
}

export interface Failure {
  readonly kind: FailureKind;
  /** The provider's own words, unchanged. */
  readonly reason?: string;
  /** The provider's own name for what went wrong, for whoever asks its support. */
  readonly code?: string;
  /** What the bot itself found wrong with a person's picture. */
  readonly refusal?: Refusal;
  /** Whether the operator may have been charged anyway. */
  readonly mayHaveCost: boolean;
}

/**
 * What a person was told about their points when the provider asked a question about the task, or when somebody asked to
 * cancel it. It's a promise: it holds no matter how many refunds their other tasks take in the meantime.
 */
export interface Stop {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Whether the person gets the points back, unless there is a result. */
  readonly isRefunded: boolean;
}

/**
 * What a provider tells about a task besides its result. `/task show` shows it; it's never a reason to act. Times are by the
 * provider's clock, epoch milliseconds.
 */
export interface Facts {
  /** The prompt as it was translated into English. */
  readonly promptEnglish?: string;
  readonly submittedAt?: number;
  readonly startedAt?: number;
  readonly finishedAt?: number;
  /** The speed that it really ran at. */
  readonly realSpeed?: Speed;
  /** In digits. */
  readonly seed?: string;
  /** The codes of its style, with their weights, as Midjourney's own prompt has them. */
  readonly styleCodes?: string;
  /** Midjourney's own name for the job, a UUID. */
  readonly jobId?: string;
  /** Of the whole picture, in pixels. */
  readonly width?: number;
  readonly height?: number;
  /** What it cost the operator. */
  readonly cost?: Cost;
}

/** An amount in a provider's own unit, as in its balance: `points`, `USD`. */
export interface Cost {
  readonly amount: number;
  readonly unit: string;
}

export interface Result {
  readonly media: readonly Media[];
  /** The id that the files are kept under, if they are another task's. */
  readonly keptAs?: string;
  /** Which of that task's files it is, from 0, if it's only one of them. */
  readonly keptIndex?: number;
  /** The prompts that a describe or a shorten found. */
  readonly text?: readonly string[];
  /** The prompt that a shorten was asked about, with `**` around what matters and `~~` around what doesn't, if the API says so. */
  readonly weighed?: string;
  readonly offers: readonly Offer[];
}

export const openStates = ['queued', 'submitting', 'running', 'asking', 'answering'] as const;
export const endStates = ['done', 'failed', 'cancelled'] as const;
export type TaskState = (typeof openStates)[number] | (typeof endStates)[number];

/** What a person started, from the first save to the last. Times are epoch milliseconds. */
export interface Task {
  /** Ours: short, random, unguessable. */
  readonly id: string;
  /** Counts the saves: the highest one is current. */
  readonly revision: number;
  readonly state: TaskState;
  readonly request: TaskRequest;
  readonly account: string;
  readonly origin: Origin;
  readonly parentId?: string;
  /** Which of the parent's offers was pressed, from 0. */
  readonly parentOffer?: number;
  /** The message whose button was pressed. */
  readonly parentMessageId?: string;
  /** The accounts that have refused it for reasons of their own. */
  readonly tried?: readonly string[];
  /** The accounts that have said, since it last waited, that they take nothing more. */
  readonly saidFull?: readonly string[];
  /** What the provider does differently from what the prompt says. */
  readonly adjustments?: readonly Adjustment[];
  /** Whether the provider used the prompt that the button has, although its person had changed it. */
  readonly isPromptIgnored?: true;
  /** How many points were charged for it. */
  readonly price: number;
  readonly createdAt: number;
  readonly acknowledgedAt?: number;
  readonly submittedAt?: number;
  readonly acceptedAt?: number;
  readonly finishedAt?: number;
  /** The earliest time to submit it again (while queued), or to answer again (while asking). */
  readonly notBefore?: number;
  /** What the provider said when it last asked to wait. */
  readonly postponedFor?: ProviderErrorKind;
  /** The HTTP status of that answer; kept until the task is accepted. */
  readonly postponedBy?: number;
  /** When to look next. */
  readonly nextLookAt?: number;
  /** When it counts as failed, no matter what state it's in. */
  readonly deadlineAt: number;
  /** Set once the answer to the paid call is known to be lost. */
  readonly lostAt?: number;
  /** When a person's answer was sent to the provider: the question isn't asked again. */
  readonly answeredAt?: number;
  /** What the provider proposes as the answer to its question. */
  readonly question?: string;
  /** When the provider was asked to cancel; only a look says whether it did. */
  readonly cancellingAt?: number;
  /** Set once the provider asks something, or is asked to cancel; removed once it certainly continues. */
  readonly stop?: Stop;
  /** When a result came after the task had failed and the points were refunded: the result is free. */
  readonly lateAt?: number;
  /**
   * What was removed from it because somebody wanted it forgotten, or because it was old: `all` of its words and URLs, or
   * only the `words` that were somebody else's. A task that's still running loses those `at-end`.
   */
  readonly emptied?: 'all' | 'words' | 'at-end';
  /** When Discord had its final message: what was shown once isn't refunded because it can't be shown again. */
  readonly shownAt?: number;
  /** When somebody deleted its message with the bot's own button. */
  readonly removedAt?: number;
  /** When looks stopped finding it at the provider. */
  readonly missingSince?: number;
  readonly ref?: Ref;
  readonly facts?: Facts;
  /** Percent, 0 to 100; never goes back. */
  readonly progress?: number;
  readonly preview?: string;
  /** How many tasks were ahead of it in the provider's own queue, until it made progress. */
  readonly queue?: number;
  readonly result?: Result;
  readonly failure?: Failure;
}

/** What a look, or a paid call that was accepted, says about a task. */
export type Update = Known & { readonly facts?: Facts };

type Known =
  | {
      state: 'running';
      progress?: number;
      preview?: string;
      /** How many tasks are ahead of it in the provider's own queue. */
      queue?: number;
      /** Why the rest of it couldn't be read; only for the log. */
      unread?: string;
    }
  | { state: 'asking'; prompt?: string }
  | {
      state: 'done';
      media: Media[];
      text?: string[];
      weighed?: string;
      offers: Offer[];
      /** Replaces the whole ref if the result brings what follow-ups need; its `refKey` stays the same. */
      ref?: Ref;
    }
  | { state: 'failed'; kind: FailureKind; reason?: string; code?: string };

/** Returns the URL of the unfinished picture; `undefined` if there is none, or if a message couldn't show it. */
export function previewOf({ preview }: Extract<Update, { state: 'running' }>): string | undefined {
  return preview === undefined || isData(preview) ? undefined : preview;
}

/** What can happen to a task. */
export type TaskEvent =
  | { type: 'acknowledged'; messageId?: string }
  | { type: 'submitting'; deadlineAt: number }
  | { type: 'accepted'; ref: Ref; update: Update; deadlineAt: number; nextLookAt: number }
  | {
      type: 'postponed';
      /** Where it waits, if not where it was. */
      account?: string;
      notBefore: number;
      deadlineAt: number;
      reason: ProviderErrorKind;
      status?: number;
    }
  | {
      type: 'moved';
      account: string;
      deadlineAt: number /** Whether its account takes nothing more for now. */;
      isFull?: boolean;
    }
  | { type: 'lost'; deadlineAt: number; nextLookAt?: number }
  | { type: 'found' /** At the provider, after the bot had given it up. */; ref: Ref; nextLookAt: number }
  | { type: 'copied'; result: Result; ref?: Ref; facts?: Facts }
  | { type: 'answering'; prompt: string; deadlineAt: number; nextLookAt: number }
  | { type: 'answered'; ref: Ref; update: Update }
  | { type: 'unanswered'; notBefore: number; status?: number }
  | { type: 'cancelling'; stop: Stop }
  | { type: 'cancel-failed' /** Whether the provider certainly continues with it. */; isCertain: boolean }
  | { type: 'removed' }
  | { type: 'forgotten' /** If not, only the words that were somebody else's. */; isAll: boolean }
  | { type: 'located' /** The message that shows it. */; messageId: string }
  | { type: 'told' /** By its provider, after its end. */; facts: Facts }
  | { type: 'unshown' /** Its result can never be shown. */; kind: 'unshown' | 'unfetched' }
  | { type: 'placed'; place: Place }
  | { type: 'looked'; update: Update; nextLookAt: number }
  | { type: 'missing'; nextLookAt: number }
  | { type: 'failed'; failure: Failure }
  | { type: 'cancelled' /** If the provider had asked a question. */; stop?: Stop };

/** How long a task waits for a slot, or for a provider that says "later", before it fails. */
export const queueTimeoutMs = 30 * 60_000;

/** How long a question of the provider waits for a person's answer. */
export const askingTimeoutMs = 30 * 60_000;

/** How long, and how often, a task that was given up on is still looked at: a late result is delivered for free. */
export const lateForMs = 24 * 60 * 60_000;
export const lateLookEveryMs = 5 * 60_000;

/**
 * Whether the answer to its submit was lost and the provider's name for it is unknown. Even if its points are back by now, it
 * may be found.
 */
export function isLost({ state, failure, lostAt, ref }: Task): boolean {
  if (lostAt === undefined || ref !== undefined) return false;
  return state === 'submitting' || (state === 'failed' && failure?.kind === 'lost');
}

/**
 * Whether it's private, or a direct message that comes of something private, and somebody else's: then nobody learns anything of
 * it, not even that it exists.
 */
export function isHiddenFrom({ origin: { userId, place } }: Pick<Task, 'origin'>, readerId: string): boolean {
  return (place.isPrivate === true || place.isDirect === true) && userId !== readerId;
}

export function isEnded(task: Pick<Task, 'state'>): boolean {
  return task.state === 'done' || task.state === 'failed' || task.state === 'cancelled';
}

/** Whether there's something to show: it's done, or it came after its task had failed. */
export function hasResult({ state, lateAt }: Pick<Task, 'state' | 'lateAt'>): boolean {
  return state === 'done' || lateAt !== undefined;
}

/** What is wrong with people's files, which the same files could only meet again. */
const finalRefusals: ReadonlySet<UserErrorCode> = new Set([
  ...(['picture-type', 'picture-too-large', 'picture-too-many-pixels', 'pictures-too-many-pixels'] as const),
  ...(['picture-takes-too-long', 'picture-unreadable', 'picture-animated', 'picture-gone'] as const),
  ...(['mask-empty', 'mask-full', 'mask-shape', 'mask-gone'] as const),
]);

/** Whether a task that failed, or was cancelled, may do better if it's tried again as it is. */
export function mayDoBetter({ failure }: Pick<Task, 'failure'>): boolean {
  return failure?.refusal === undefined || !finalRefusals.has(failure.refusal.code);
}
