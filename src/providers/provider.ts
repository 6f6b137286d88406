import { usesEditModel } from '../prompt/edit-model.ts';
import type {
  Action,
  Adjustment,
  Offer,
  Ref,
  Speed,
  TaskOptions,
  TaskRequest,
  Update,
  VideoClips,
  VideoResolution,
} from '../task.ts';

/** A checked picture, in the form that the API takes. */
export interface Picture {
  /** Empty if the API fetches it by itself ({@link InputForm}). */
  readonly bytes: Buffer;
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  /** Where it was loaded from: public, and valid for hours at least. For APIs that only take addresses. */
  readonly url: string;
  readonly role?: 'style';
}

/** Everything a provider needs to start one task. */
export interface ProviderRequest {
  readonly action: Action;
  readonly prompt: string;
  readonly speed: Speed;
  /**
   * In the order of the command: imagine's references; blend's two to five; the only one of describe and video (for a video,
   * its last frame may follow); what an edit changes, then what else it uses; swap's source (the face), then its target.
   */
  readonly pictures: readonly Picture[];
  readonly options: TaskOptions;
  /** For `vary-region` and `edit`: a PNG of the picture's size, white where it's repainted, black elsewhere. */
  readonly mask?: Picture;
  /** For follow-ups: the parent at this provider, and the pressed offer. */
  readonly parent?: { readonly ref: Ref; readonly offer: Offer };
  /** Whether the person changed the prompt that the pressed offer has: the API has to ask for it. */
  readonly isRemix?: boolean;
  /** Our own reference, sent if the API echoes a field: it finds a task whose answer was lost. */
  readonly reference: string;
  /** Where the API may report that something has changed. */
  readonly callbackUrl?: string;
}

/** What is left at a provider, in its own unit. */
export interface Balance {
  readonly amount: number;
  readonly unit: string;
}

/** An accepted task: what it's called there, and what the answer already said about it. */
export interface Submitted {
  readonly ref: Ref;
  readonly update: Update;
  /** The API's own name for the call, if it has one; its support asks for it. */
  readonly traceId?: string;
}

/** A submit whose answer was lost, as far as an API's list shows it. */
export interface SentWords extends Pick<ProviderRequest, 'action' | 'prompt' | 'speed'> {
  /** When it can have been accepted, epoch milliseconds. */
  readonly since: number;
  readonly until: number;
}

/**
 * One account at a provider API, in two verbs. Both throw a `ProviderError` if there's no usable answer. Waiting,
 * repeating, deadlines and telling people are somebody else's job.
 */
export interface Provider {
  /** What can be started here. */
  readonly actions: ReadonlySet<Action>;
  readonly speeds: ReadonlySet<Speed>;
  /** Called once per task: it may cost money, and is never repeated. */
  submit(request: ProviderRequest, signal: AbortSignal): Promise<Submitted>;
  /**
   * What is known about these tasks now, by {@link refKey}; tasks that the provider doesn't know are missing from the map.
   * Safe to repeat.
   */
  look(refs: readonly Ref[], signal: AbortSignal): Promise<Map<string, Update>>;
  /**
   * What the API would change in a prompt, known before anything is charged. Throws a `UserError` for what it would
   * silently drop. Absent if prompts are taken as they are.
   */
  review?(
    request: Pick<ProviderRequest, 'action' | 'prompt' | 'speed'> & { readonly offer?: Offer },
  ): readonly Adjustment[];
  /** Whether a question may be answered without words; the API then takes those of the picture that it's about. */
  readonly takesEmptyAnswers?: boolean;
  /** Whether the API can ask for another prompt when that offer is pressed; absent if it never does. */
  canRemix?(offer: Offer): boolean;
  /** Answers what the API asked before it starts. Called once per task, and never repeated. */
  answer?(ref: Ref, answer: Answer, signal: AbortSignal): Promise<Submitted>;
  /** Looks for a submit whose answer was lost, by our reference; absent if the API can't be searched. */
  find?(reference: string, signal: AbortSignal): Promise<Ref | undefined>;
  /**
   * Lists the tasks without any reference that have those words and were begun in that time; none if the API keeps
   * references; absent if it has no such list. They may be somebody else's.
   */
  findAlike?(sent: SentWords, signal: AbortSignal): Promise<readonly Ref[]>;
  /** Asks the API to cancel; only a look shows whether it did. */
  cancel?(ref: Ref, signal: AbortSignal): Promise<void>;
  /** The seed of a finished task, in digits. */
  seed?(ref: Ref, signal: AbortSignal): Promise<string>;
  /** Translates a text into English. Its price isn't public anywhere, so it may cost the operator something. */
  translate?(text: string, signal: AbortSignal): Promise<string>;
  /** A free call that shows whether the key works, and what's left. */
  balance?(signal: AbortSignal): Promise<Balance>;
  /**
   * Which task the body of a callback is about, read without losing digits; its state is never read from there.
   * `request` is what the task was submitted with.
   */
  callback?(
    body: unknown,
    request: Pick<ProviderRequest, 'action' | 'speed'> & Partial<Pick<ProviderRequest, 'prompt'>>,
  ): Ref | undefined;
  /**
   * What the body of a callback says about that task, read as in a look; `undefined` if it's about another one, or can't be
   * read. Only for APIs that may not show a task that they call back about: it counts only if a look can't say.
   */
  readCallback?(body: unknown, ref: Ref): Update | undefined;
}

/** A person's answer to a question of the API. */
export interface Answer {
  readonly prompt: string;
  /** For `vary-region`, as in the request. */
  readonly mask?: Picture;
}

/** The key of a ref in the map that `look` returns. */
export function refKey(ref: Ref): string {
  return ref['id'] ?? '';
}

/** How an API takes people's pictures, according to its documentation. */
export interface InputForm {
  /** `bytes`: we send them, converted if needed. `address`: the API downloads them itself, as they are. */
  readonly by: 'bytes' | 'address';
  readonly types: readonly Picture['type'][];
  readonly mostBytes: number;
  /** Whether an animation may stay animated; otherwise an API that takes bytes gets its first frame. */
  readonly takesAnimations: boolean;
}

/**
 * From new-api's documentation of midjourney-proxy's routes: JPEG, PNG, static GIF or WebP of at most 4 MB each. Others
 * say nothing. Five of these fit into the 30 MB that trueai-org's takes in one request (ASP.NET's default).
 */
export const mjProxyInputs: InputForm = {
  by: 'bytes',
  types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  mostBytes: 4_000_000,
  takesAnimations: false,
};

/**
 * The same for pictures whose addresses stand in words that an API passes on to Midjourney's bot: it fetches these types
 * itself (docs.midjourney.com, Image Prompts). Nobody says how large they may be; the limit is that of Ace Data Cloud.
 */
export const promptedPictures: InputForm = {
  by: 'address',
  types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
  mostBytes: 25_000_000,
  takesAnimations: true,
};

/** What can be asked of a video in addition to its motion and its loop, according to an API's documentation. */
export interface VideoForm {
  /** How many clips may be made at once. */
  readonly clips: readonly VideoClips[];
  readonly resolutions: readonly VideoResolution[];
  /** Whether it may be told the last frame. */
  readonly takesEnd: boolean;
  /** Whether 720p is only made at fast speed. */
  readonly is720pFast: boolean;
}

/** What the bot has to know about a kind of API to plan its calls. */
export interface ProviderTraits {
  readonly inputs: InputForm;
  /**
   * How it takes the pictures of an edit with several of them, if its prompts go to Midjourney as they are: then its Edit Model
   * can be asked in Midjourney's own words. Absent if it only edits one.
   */
  readonly editModelInputs?: InputForm;
  /** How many pictures an action takes, if the API's documents say so; more are refused before they cost anything. */
  readonly mostPictures?: Readonly<Partial<Record<Action, number>>>;
  /** Whether an edit may come with a mask; if not, a mask is refused before it costs anything. */
  readonly masksEdits?: boolean;
  /** For how many days its documents promise to keep the files of results, if they do. */
  readonly keepsFilesDays?: number;
  /** What a video may be; nothing but the usual one unless given. */
  readonly videos?: VideoForm;
  /** How many tasks one account may run at once. */
  readonly maxInFlight: number;
  /** From acceptance to giving up, in milliseconds. */
  readonly taskTimeoutMs: number;
  /** The shortest time between two looks at a running task, in milliseconds. */
  readonly pollFloorMs: number;
  /** The longest; 15 seconds unless given. */
  readonly pollCeilingMs?: number;
  /** How long to wait before the first look, by speed, if the API's documents say so, in milliseconds. */
  readonly firstLookMs?: Readonly<Partial<Record<Speed, number>>>;
  /**
   * Whether the API finds its jobs by their prompts, as a midjourney-proxy does: two tasks with the same words at the same
   * time get swapped there (novicezk/midjourney-proxy#299, trueai-org/midjourney-proxy#13).
   */
  readonly findsByPrompt: boolean;
  /** How many tasks one look asks for: in one call if the API has a list, otherwise in that many calls at once. */
  readonly lookBatch: number;
  /** The shortest time between two submits of one account, in milliseconds; none unless given. */
  readonly submitEveryMs?: number;
  /** Whether a blend or a description can be asked of niji. */
  readonly choosesNiji?: boolean;
  /** Whether a button can be pressed at another speed than its picture was made at. */
  readonly takesPressSpeeds?: boolean;
  /** Whether a submit can ask the API to translate the prompt. */
  readonly translates?: boolean;
  /** How long a set of pictures or videos usually takes by the API's documents, in milliseconds, if they say so. */
  readonly usualMs?: UsualTimes;
}

/** How an API takes the pictures of that request. */
export function inputFormOf(
  { inputs, editModelInputs = inputs }: Pick<ProviderTraits, 'inputs' | 'editModelInputs'>,
  request: Pick<TaskRequest, 'action' | 'pictures'>,
): InputForm {
  return usesEditModel(request) ? editModelInputs : inputs;
}

export type UsualTimes = Readonly<Partial<Record<'set' | 'video', Readonly<Partial<Record<Speed, number>>>>>>;

/** The average job takes about a minute of GPU time (docs.midjourney.com, Fast, Relax, & Turbo Modes). */
export const midjourneyTimes: UsualTimes = { set: { fast: 60_000 } };
