import type { Action, Offer, Ref, Speed, Update } from '../task.ts';

/** A picture as bytes, checked and of a type that providers take. */
export interface Picture {
  readonly bytes: Buffer;
  readonly type: 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif';
}

/** All that a provider needs to start one task. */
export interface ProviderRequest {
  readonly action: Action;
  readonly prompt: string;
  readonly speed: Speed;
  readonly pictures: readonly Picture[];
  /** For follow-ups: the parent at this provider, and the pressed offer. */
  readonly parent?: { readonly ref: Ref; readonly offer: Offer };
  /** Ours, sent along where the API echoes something, to find a task whose answer was lost. */
  readonly reference: string;
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
  /** Answers what the API asked before it starts. Called once a task; nothing repeats it. */
  answer?(ref: Ref, answer: Answer, signal: AbortSignal): Promise<Submitted>;
  /** Looks for a submit whose answer was lost, by our reference; only where the API can be searched. */
  find?(reference: string, signal: AbortSignal): Promise<Ref | undefined>;
  /** Asks the API to cancel; only a look says whether it did. */
  cancel?(ref: Ref, signal: AbortSignal): Promise<void>;
}

/** What a person answers to a question of the API. */
export interface Answer {
  readonly prompt: string;
}

/** How a ref is named in what `look` answers. */
export function refKey(ref: Ref): string {
  return ref['id'] ?? '';
}

/** Facts of a kind of API that the relay plans with. */
export interface ProviderTraits {
  /** Tasks that one account may run at once. */
  readonly maxInFlight: number;
  /** From acceptance to giving up, milliseconds. */
  readonly taskTimeoutMs: number;
  /** Looks at a task that runs are never closer together than this, milliseconds. */
  readonly pollFloorMs: number;
  /** How many tasks one look can ask for. */
  readonly lookBatch: number;
}
