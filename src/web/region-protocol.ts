/** What the region editor's page and the bot tell each other; types only. */

/** What the page knows when it opens, as JSON in it. */
export interface RegionFacts {
  /** In points; absent if it would be refused now. */
  readonly price?: number;
  /** In milliseconds from now: the clock of a phone may be wrong. */
  readonly expiresInMs: number;
  readonly mayBeEmpty: boolean;
  readonly words: RegionWords;
}

/** What the page says by itself; it fills in what's in braces. */
export interface RegionWords {
  readonly loadFailed: string;
  /** `{percent}` of the picture. */
  readonly painted: string;
  readonly nothingPainted: string;
  readonly everythingPainted: string;
  readonly paintFirst: string;
  readonly promptEmpty: string;
  readonly sending: string;
  readonly unreachable: string;
  /** `{time}` of day. */
  readonly until: string;
  readonly expired: string;
  /** `{across}` and `{down}`, in percent. */
  readonly cursor: string;
  readonly strokeBegun: string;
  readonly strokeEnded: string;
  readonly strokeDropped: string;
  readonly undone: string;
  readonly redone: string;
  readonly inverted: string;
  readonly cleared: string;
  /** `{percent}` of the picture's own size. */
  readonly zoomed: string;
  readonly corrected: string;
  readonly useCorrected: string;
  readonly sendAsWritten: string;
  readonly done: string;
  readonly openMessage: string;
}

export type RegionTool = 'brush' | 'rectangle' | 'lasso' | 'eraser' | 'hand';

/** What the page sends, as JSON. */
export interface RegionSubmit {
  readonly prompt: string;
  /** The price that the page showed. */
  readonly price: number;
  readonly isAsWritten: boolean;
  /** A PNG in Base64, as large as the header `mask-size` of the picture says. */
  readonly mask: string;
}

/** What the bot answers to that, in complete sentences. Unless it's `started`, nothing was charged. */
export type RegionAnswer =
  /** `address` is the message that shows it, if Discord has taken it already. */
  | { readonly kind: 'started'; readonly sentence: string; readonly address?: string }
  /** The link no longer works, or its task came to nothing. */
  | { readonly kind: 'over'; readonly sentence: string; readonly address?: string }
  /** It can be sent again. */
  | { readonly kind: 'refused'; readonly sentence: string }
  /** It costs something else now: with that price, it can be sent again. */
  | {
      readonly kind: 'price';
      readonly sentence: string;
      readonly price: number;
      readonly cost: string;
      readonly submit: string;
    }
  /** Something in the words won't work, or may not. */
  | {
      readonly kind: 'doubtful';
      readonly sentences: readonly string[];
      readonly corrected: string;
      /** Whether it can be sent as it is. */
      readonly mayBeSent: boolean;
    };
