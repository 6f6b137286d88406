import type { Action, Adjustment, Offer, Ref, Speed, TaskOptions, Update } from '../task.ts';

/** A checked picture, in the form that the API takes. */
export interface Picture {
  /** Empty if the API fetches it by itself ({@link InputForm}). */
  readonly bytes: Buffer;
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
  /** Where it was loaded from: public, and valid for hours at least. For APIs that take addresses only. */
  readonly url: string;
}

/** All that a provider needs to start one task. */
export interface ProviderRequest {
  readonly action: Action;
  readonly prompt: string;
  readonly speed: Speed;
  /**
   * In the order of the command: imagine's references; blend's two to five; the one of describe, edit and video (there
   * the end may follow); swap's source (the face), then its target.
   */
  readonly pictures: readonly Picture[];
  readonly options: TaskOptions;
  /** For `vary-region`: a PNG of the parent picture's size, white where to paint anew, black elsewhere. */
  readonly mask?: Picture;
  /** For follow-ups: the parent at this provider, and the pressed offer. */
  readonly parent?: { readonly ref: Ref; readonly offer: Offer };
  /** Ours, sent along where the API echoes something, to find a task whose answer was lost. */
  readonly reference: string;
  /** Where the API may tell that something has changed. */
  readonly callbackUrl?: string;
}

/** What is left at a provider, in its own unit. */
export interface Balance {
  readonly amount: number;
  readonly unit: string;
}

/** An accepted task: its address there, and what the acceptance already told. */
export interface Submitted {
  readonly ref: Ref;
  readonly update: Update;
}

/**
 * One account at a provider API, in two verbs. Both throw a `ProviderError` where there is no usable
 * answer. Waiting, repeating, deadlines and telling people are not its business.
 */
export interface Provider {
  /** What can be started here. */
  readonly actions: ReadonlySet<Action>;
  readonly speeds: ReadonlySet<Speed>;
  /** Called once a task: it may cost money, and nothing repeats it. */
  submit(request: ProviderRequest, signal: AbortSignal): Promise<Submitted>;
  /**
   * What is known of these tasks now, by {@link refKey}; tasks that the provider does not know are
   * missing from the map. Safe to repeat.
   */
  look(refs: readonly Ref[], signal: AbortSignal): Promise<Map<string, Update>>;
  /**
   * What the API would change of a prompt, told before anything is charged. Throws a `UserError` for what it would drop
   * without a word. Absent where prompts are taken as they are.
   */
  review?(
    request: Pick<ProviderRequest, 'action' | 'prompt' | 'speed'> & { readonly offer?: Offer },
  ): readonly Adjustment[];
  /** Answers what the API asked before it starts. Called once a task; nothing repeats it. */
  answer?(ref: Ref, answer: Answer, signal: AbortSignal): Promise<Submitted>;
  /** Looks for a submit whose answer was lost, by our reference; only where the API can be searched. */
  find?(reference: string, signal: AbortSignal): Promise<Ref | undefined>;
  /** Asks the API to cancel; only a look says whether it did. */
  cancel?(ref: Ref, signal: AbortSignal): Promise<void>;
  /** The seed that a finished task was made with, in digits. */
  seed?(ref: Ref, signal: AbortSignal): Promise<string>;
  /** The text in English. */
  translate?(text: string, signal: AbortSignal): Promise<string>;
  /** A free call that shows whether the key works, and what is left. */
  balance?(signal: AbortSignal): Promise<Balance>;
  /**
   * Which task the body of a callback speaks of, read without loss of digits; its state is never read from there.
   * `request` is what that task was submitted with.
   */
  callback?(body: unknown, request: Pick<ProviderRequest, 'action' | 'speed'>): Ref | undefined;
}

/** What a person answers to a question of the API. */
export interface Answer {
  readonly prompt: string;
  /** For `vary-region`, as in the request. */
  readonly mask?: Picture;
}

/** How a ref is named in what `look` answers. */
export function refKey(ref: Ref): string {
  return ref['id'] ?? '';
}

/** How an API takes the pictures of people, from its documents. */
export interface InputForm {
  /** `bytes`: we send them, in that form. `address`: the API fetches them itself, as they are. */
  readonly by: 'bytes' | 'address';
  readonly types: readonly Picture['type'][];
  readonly mostBytes: number;
  /** Whether an animation may stay one; as bytes, its first frame goes otherwise. */
  readonly takesAnimations: boolean;
}

/**
 * new-api's documentation of midjourney-proxy's routes: JPEG, PNG, static GIF or WebP of at most 4 MB each. Others say
 * nothing; five of these fit into the 30 MB that trueai-org's takes in one request (ASP.NET's default).
 */
export const mjProxyInputs: InputForm = {
  by: 'bytes',
  types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
  mostBytes: 4_000_000,
  takesAnimations: false,
};

/** Facts of a kind of API that the relay plans with. */
export interface ProviderTraits {
  readonly inputs: InputForm;
  /** Tasks that one account may run at once. */
  readonly maxInFlight: number;
  /** From acceptance to giving up, milliseconds. */
  readonly taskTimeoutMs: number;
  /** Looks at a task that runs are never closer together than this, milliseconds. */
  readonly pollFloorMs: number;
  /**
   * Whether the API finds its jobs by their prompts, as a midjourney-proxy does: what is made of the same words at once
   * gets swapped there (novicezk/midjourney-proxy#299, trueai-org/midjourney-proxy#13).
   */
  readonly findsByPrompt: boolean;
  /** How many tasks one look asks for: by one call where the API has a list, else by so many calls at once. */
  readonly lookBatch: number;
  /** Submits of one account are never closer together than this, milliseconds; any distance will do where absent. */
  readonly submitEveryMs?: number;
}
