/**
 * Why a task failed, or a provider call had no usable answer. Each kind is handled differently.
 * `blocked`: a firewall in front of the API. `moved`: the API redirects to another address. `faulty`: the API itself says
 * that it's the one in trouble, and that it hasn't taken the work.
 */
export type ProviderErrorKind =
  | 'rejected'
  | 'auth'
  | 'balance'
  | 'busy'
  | 'unavailable'
  | 'malformed'
  | 'blocked'
  | 'moved'
  | 'faulty';

/**
 * Why a task ended without a result: what the provider said, or what the bot itself found.
 * `timeout`: no result before the deadline. `lost`: the answer to the paid call never came.
 * `forgotten`: the provider no longer knows the task. `input`: a reference picture couldn't be used.
 * `content`: its rules forbid it. `prompt-length`: the prompt is too long for it. `generation`: it tried and couldn't.
 * `queue`: no free slot in time. `unshown`: there's a result, but Discord doesn't take it. `unfetched`: there's a result,
 * but its files can't be downloaded. `withdrawn`: somebody canceled it at the provider. `closed`: the operator's limits kept
 * it from its account for too long. `internal`: our own bug.
 */
export type FailureKind =
  | ProviderErrorKind
  | 'timeout'
  | 'lost'
  | 'forgotten'
  | 'input'
  | 'content'
  | 'prompt-length'
  | 'generation'
  | 'queue'
  | 'unshown'
  | 'unfetched'
  | 'withdrawn'
  | 'closed'
  | 'internal';

/** All refusals that a person may get before anything is charged; the renderer puts each into words. */
export interface UserErrorDetails {
  'server-not-allowed': undefined;
  'direct-not-allowed': undefined;
  /** On this server, by its administrators; `until` is epoch milliseconds, and absent if it doesn't end by itself. */
  blocked: { until: number | undefined; reason: string | undefined };
  'prompt-empty': undefined;
  'prompt-too-long': { length: number; limit: number };
  /** Flags that the provider would silently drop, as they're written in the prompt. */
  'flags-unsupported': { flags: string };
  'translation-unavailable': undefined;
  /** No account can be told to use niji without a prompt. */
  'niji-unavailable': undefined;
  'translation-under-way': undefined;
  /** `draft` keeps the request as it was typed. */
  'translation-failed': { draft: string; price: number };
  /** `first` is the first prompt of the list, if it can be shown. */
  'several-jobs': { part: string; first?: string | undefined };
  'speed-twice': { one: string; other: string };
  'speed-in-prompt': { flag: string };
  /** Something that costs more than it would be charged. */
  unpriced: { part: string };
  'flag-unknown': { flag: string };
  /** A file with `part` in its name, which would count as part of the prompt. */
  'picture-name': { name: string; part: string };
  /** A value that Discord doesn't offer: from a script, or an old list of commands. */
  'option-malformed': { option: string; value: string };
  'aspect-malformed': { value: string };
  'style-reference-malformed': { value: string };
  'profile-malformed': { value: string };
  'preset-unknown': { name: string };
  'preset-name-malformed': { name: string };
  'preset-name-taken': { name: string; flag: string };
  'preset-malformed': { limit: number };
  'presets-full': { limit: number };
  'code-name-malformed': { limit: number };
  /** It's a code, or `random`, itself. */
  'code-name-taken': { name: string };
  'code-malformed': { value: string; limit: number };
  'code-unknown': { name: string };
  'codes-full': { limit: number };
  'suffix-too-long': { length: number; limit: number };
  /** Something in a suffix or a preset would never work. */
  'preference-wrong': { findings: readonly Finding[] };
  /** A suffix sets what another preference sets, too. */
  'preferences-contradict': { flag: string; option: string };
  /** No account has turbo for a version that somebody wants to save together with it. */
  'turbo-unavailable': { version: string };
  'stylize-malformed': { smallest: number; largest: number };
  'image-weight-without-image': undefined;
  'style-weight-without-reference': undefined;
  'picture-or-link': undefined;
  /** A command of the message's menu, on a message with nothing to use. */
  'message-without-picture': undefined;
  'message-without-task': undefined;
  /** There are no words to imagine again. */
  'task-without-prompt': undefined;
  'link-malformed': { value: string };
  /** Its words and pictures were removed because it was old, or its person wanted it forgotten. */
  'task-emptied': undefined;
  'task-unknown': undefined;
  'task-unfinished': undefined;
  'search-empty': undefined;
  /** `type` is what people call such a file; `takes` are the types that work. The bot can't read it, if not `by` the API. */
  'picture-type': { name: string; type: string | undefined; takes: readonly string[]; by?: 'provider' };
  /** `bytes` is undefined if the file was too large to find out. It's the bot's limit, if not `by` the API. */
  'picture-too-large': { name: string; bytes: number | undefined; limit: number; by?: 'provider' };
  'picture-too-many-pixels': { name: string; limit: number };
  /** More than its API takes for this. */
  'too-many-pictures': { limit: number };
  /** All pictures of a request together. */
  'pictures-too-many-pixels': { limit: number };
  'picture-takes-too-long': { name: string };
  'picture-unreadable': { name: string };
  /** The API takes stills only. */
  'picture-animated': { name: string };
  'picture-unreachable': { name: string };
  /** Discord no longer has it. */
  'picture-gone': { name: string };
  /** At an address that somebody typed. */
  'link-unreachable': { name: string };
  /** Its server sends it too slowly, or not in time. */
  'link-slow': { name: string };
  /** Its API edits whole pictures only. */
  'mask-unsupported': undefined;
  /** Something about a video that its API can't be told. */
  'video-option': { option: 'clips' | 'resolution' | 'end_image' };
  'video-720p-relaxed': undefined;
  /** It can't be extended once more. */
  'video-longest': { seconds: number };
  'video-loop-and-end': undefined;
  /** No API takes a mask with several pictures. */
  'mask-for-several': undefined;
  /** An API that fetches pictures itself gets all of a grid. */
  'quarter-unsupported': undefined;
  /** An option says what a picture is for that isn't there. */
  'role-without-picture': { role: string; image: string };
  /** The version has no way to edit with several pictures; `flag` is as it's written in the prompt. */
  'edit-version': { flag: string };
  /** Not with several pictures. */
  'edit-tile': undefined;
  /** The words and a picture both say what the style is. */
  'style-twice': undefined;
  'mask-empty': undefined;
  'mask-full': undefined;
  'mask-shape': undefined;
  /** It was painted for a picture of another size. */
  'mask-size': undefined;
  /** It was painted on the region editor's page so long ago that it's no longer kept. */
  'mask-gone': undefined;
  /** A file is a mask, and another one is to be painted. */
  'mask-twice': undefined;
  'parent-picture-gone': undefined;
  'action-unavailable': undefined;
  /** A button's API takes no other prompt with it. */
  'prompt-fixed': undefined;
  'speed-unavailable': { speed: string };
  'account-gone': undefined;
  /** Nothing is submitted there until then, in epoch milliseconds. */
  'account-unusable': { trouble: 'auth' | 'balance'; until: number };
  /**
   * The operator lets it work at other hours only, or for no more points today; `until` is when it may go on, in epoch
   * milliseconds, and absent if the work alone costs more than it may spend a day.
   */
  'account-closed': { reason: 'hours' | 'points'; until: number | undefined };
  'account-unknown': { name: string; known: readonly string[] };
  'accounts-contradictory': undefined;
  /** `refillsAt` is undefined if waiting doesn't help. */
  'points-short': { price: number; left: number; refillsAt: number | undefined };
  'budget-short': { price: number; left: number; refillsAt: number };
  /**
   * It costs much of what the person has, or more than at the speed that they chose, since the API does it at another one,
   * or nobody knows what it costs; `draft` waits for their agreement.
   */
  'price-unconfirmed': {
    work: string;
    label?: string;
    price: number;
    left: number;
    draft: string;
    speed?: { asked: string; used: string };
    /** What neither the API nor the operator says the price of. */
    guess?: PriceGuess;
    /** No account can do it at the speed that they asked for now, but one can at another. */
    unavailable?: { asked: string; used: string };
  };
  /** Something in the words won't work, or may not; `draft` waits for a decision. */
  'prompt-doubtful': {
    findings: readonly Finding[];
    corrected: { prompt: string; speed: string; price: number };
    /** What it costs as it was written; absent if it can't be sent like that. */
    writtenPrice?: number;
    left: number;
    draft: string;
  };
  /** Something in an answer to the provider won't work. */
  'answer-wrong': { findings: readonly Finding[]; corrected: { prompt: string } };
  /** Somebody comes back to what they had begun, and it's no longer kept. */
  'draft-gone': undefined;
  /** The answer could only be shown by an interaction whose token no longer works. */
  'page-late': undefined;
  /** Nobody can reach the region editor. */
  'page-unavailable': undefined;
  /** Pressed again: what it starts comes only once. */
  'already-started': { place: { guildId?: string; channelId: string; messageId?: string } };
  /** A private result is published once. */
  'already-published': { place: { guildId?: string; channelId: string; messageId?: string } };
  /** The bot no longer has its pictures, and its provider probably doesn't either. */
  'result-gone': undefined;
  /** The bot may not write where a private result is to be published. */
  'publish-forbidden': undefined;
  /** The person takes no direct messages from the bot. */
  'direct-closed': undefined;
  /** Discord didn't take a direct message. */
  'direct-failed': undefined;
  'too-many-yours': { running: number; waiting: number };
  'seed-too-many': { running: number };
  'too-many-here': { waiting: number };
  'servers-only': undefined;
  'language-unknown': undefined;
  'setting-malformed': { setting: string };
  'limit-too-high': { limit: 'personRunning' | 'personWaiting' | 'serverWaiting'; most: number };
  'channels-missing': undefined;
  'channel-unknown': undefined;
  'channel-unwritable': { channel: string };
  'roles-missing': undefined;
  'role-unknown': undefined;
  'everyone-needs-no-rule': undefined;
  /** A suffix for everybody would change what people pay. */
  'suffix-speed': { flag: string };
  'settings-file-too-large': undefined;
  'settings-file-unreachable': undefined;
  /** Discord doesn't say which channels and roles there are. */
  'settings-file-unchecked': undefined;
  'settings-file-wrong': { mistakes: readonly SettingsFileMistake[] };
  /** The server's administrators decided where, and by whom, the bot is used. */
  'channel-not-allowed': { channels: readonly string[] };
  'channel-excluded': undefined;
  'age-restricted-only': undefined;
  'age-restricted-never': undefined;
  'command-role-missing': { command: string; roles: readonly string[] };
  'speed-role-missing': { speed: 'relax' | 'fast' | 'turbo'; roles: readonly string[] };
  'buttons-of-owner': undefined;
  'button-role-missing': { roles: readonly string[] };
  'administrators-only': undefined;
  'operators-only': undefined;
  'points-malformed': { smallest: number; largest: number };
  'person-is-bot': { userId: string };
  'person-left': { userId: string };
  'not-blockable': { who: 'self' | 'bot' | 'operator' | 'administrator' };
  'not-blocked': { userId: string };
  'blocks-full': { limit: number };
  'duration-malformed': { value: string };
  'budget-too-high': { ceiling: number };
  'time-zone-unknown': { value: string };
  'month-malformed': { value: string };
  'ledger-too-large': undefined;
  'nothing-to-change': undefined;
  'limit-contradictory': undefined;
  'no-limit-here': undefined;
  'role-is-everybody': undefined;
  'already-running': { place: { guildId?: string; channelId: string; messageId?: string } };
  /** `draft` keeps what was typed. */
  'zoom-malformed': { draft: string };
  'asked-no-more': undefined;
  'not-yours': undefined;
  'cancel-too-late': undefined;
  'unknown-component': undefined;
  'unknown-command': undefined;
  'region-missing': { draft: string };
  'region-everything': { draft: string };
  overloaded: undefined;
  stopping: undefined;
}

export type UserErrorCode = keyof UserErrorDetails;

/** What is wrong in a file of settings, and in which line, from 1. */
export type SettingsFileMistake =
  | { readonly kind: 'unreadable' | 'no-object' | 'format'; readonly line: number }
  | {
      readonly kind: 'unknown' | 'repeated' | 'value' | 'channel' | 'role';
      readonly line: number;
      readonly name: string;
    };

/**
 * Everything that may be wrong with a prompt before it's paid for; the renderer puts each into words. `flag` is what was
 * written, `meant` what it becomes.
 */
export interface FindingDetails {
  'one-dash': { flag: string; meant: string };
  /** Words behind a parameter. */
  'words-behind': { flag: string; text: string };
  'flag-misspelled': { flag: string; meant: string };
  'flag-unknown': { flag: string };
  quoted: { flag: string; meant: string };
  /** Commas where spaces belong, or in a number. */
  commas: { flag: string; meant: string };
  repeated: { flag: string; meant: string };
  'value-missing': { flag: string };
  /** It came after the table, or never was. */
  'version-unknown': { version: string; newest: string };
  'version-gone': { version: string; newest: string };
  'not-in-version': { flag: string; version: string };
  /** The prompt names no version. */
  'not-in-default': { flag: string; version: string };
  'maybe-not-in-version': { flag: string; version: string };
  renamed: { flag: string; version: string; meant: string };
  'use-command': { flag: string; version: string; command: string };
  'no-weights': { flag: string; version: string };
  'out-of-range': { flag: string; value: string; smallest: number; largest: number; nearest: string };
  'not-a-choice': { flag: string; value: string; choices: readonly string[]; nearest: string | undefined };
  'not-a-number': { flag: string; value: string };
  'not-a-ratio': { value: string; meant: string | undefined };
  'too-wide': { value: string; version: string; widest: string };
  'too-wide-in-hd': { value: string; widest: string };
  'not-a-style': { flag: string; value: string };
  'not-a-profile': { flag: string; value: string };
  'not-a-link': { flag: string; value: string };
  'only-one-image': { flag: string; meant: string };
  'style-version': { value: string; takes: readonly string[]; nearest: string };
  'needs-picture': { flag: string };
  'needs-flag': { flag: string; needed: string };
  excluded: { flag: string; other: string };
  /** The text sets what an option sets, too. */
  'option-overridden': { flag: string; option: string };
  'only-in-videos': { flag: string };
  'not-in-videos': { flag: string };
  'only-in-zooms': { flag: string };
  'not-at-provider': { flag: string };
  'no-turbo': { version: string };
}

export type Finding = {
  readonly [Code in keyof FindingDetails]: {
    readonly code: Code;
    readonly details: Readonly<FindingDetails[Code]>;
    /** Whether it would certainly be turned down, or dropped. */
    readonly isCertain: boolean;
  };
}[keyof FindingDetails];

/** A part of a price that an API may not publish, by its name among the factors of a price. */
export type PriceGuess = '720p' | 'hd';

/** A refusal as it's saved: its code and the details for its sentence. */
export type Refusal = {
  readonly [Code in UserErrorCode]: { readonly code: Code; readonly details: UserErrorDetails[Code] };
}[UserErrorCode];

/** An expected refusal: a person asked for something that can't be done. Nothing was charged for it. */
export class UserError<Code extends UserErrorCode = UserErrorCode> extends Error {
  override readonly name = 'UserError';
  readonly code: Code;
  readonly details: UserErrorDetails[Code];

  constructor(
    code: Code,
    ...details: UserErrorDetails[Code] extends undefined ? [] : [UserErrorDetails[Code]]
  ) {
    super(code);
    this.code = code;
    this.details = details[0] as UserErrorDetails[Code];
  }
}

/** A refusal of an answer to the provider's question: its task was charged when it began, and keeps waiting for one. */
export class AnswerError extends UserError {
  constructor({ code, details }: UserError) {
    super(code, details);
  }
}

export interface ProviderErrorOptions {
  /** What the provider itself said, for the person; it's shortened and escaped when it's shown. */
  reason?: string;
  /** How long the provider asks to wait, in milliseconds. */
  retryAfterMs?: number;
  /** Whether the request certainly never reached the provider, or certainly wasn't accepted. */
  definite?: boolean;
  /**
   * Whether only the API can have said so: with its own code in its own form, or with a connection that was never made. Then
   * the status doesn't matter, and the account is in trouble rather than this one request.
   */
  hasOwnMarks?: boolean;
  /** Whether the answer is a web page: with any status, it isn't from the API. */
  isPage?: boolean;
  /** Whether somebody said no, so there's nothing to wait for; any other 4xx already means that. */
  isRefusal?: boolean;
  /** Whether the cause may be this one request, its words or its size, so that the next one may pass. */
  mayLieInRequest?: boolean;
  /** The HTTP status of the answer, if there was one. */
  status?: number;
  /** The API's own name for the call, for the log: its support asks for it. */
  traceId?: string;
  /** Why no answer came: the system's or undici's code for a failed connection. */
  code?: string;
  cause?: unknown;
}

/** In characters; more than any message shows. */
const longestReason = 10_000;

const definiteKinds: ReadonlySet<ProviderErrorKind> = new Set([
  'rejected',
  'auth',
  'balance',
  'busy',
  'faulty',
]);

/**
 * Statuses of something in front of an API that turns down one request, for its words, its form or its size. If there's no
 * API at all, the status is another one (404, 405).
 */
const requestStatuses: ReadonlySet<number> = new Set([400, 403, 406, 413, 414, 415, 422, 431, 451]);

/**
 * Whether a status leaves open what happened to a call: something between us and the API may answer with it, even after the
 * API has accepted the call. 499 is nginx's, for a caller who left; the others are from RFC 9110 and 8470.
 */
export function leavesOutcomeOpen(status: number): boolean {
  return status === 408 || status === 425 || status === 499 || status >= 500;
}

/** A provider call without a usable answer. Its message never contains a key, header, query or body. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError';
  readonly kind: ProviderErrorKind;
  readonly reason: string | undefined;
  readonly retryAfterMs: number | undefined;
  readonly status: number | undefined;
  readonly traceId: string | undefined;
  readonly code: string | undefined;
  /** Whether it says nothing about the account, since this one request may be the cause. */
  readonly mayLieInRequest: boolean;
  /** Whether a submit with this error was certainly not accepted; otherwise its outcome is unknown. */
  readonly definite: boolean;
  /** Whether somebody said no, even if it may not have been the API: nothing more will come of it. */
  readonly isRefusal: boolean;
  /** Whether only the API can have said so. */
  readonly hasOwnMarks: boolean;

  constructor(kind: ProviderErrorKind, message: string, options: ProviderErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.kind = kind;
    this.reason = options.reason?.slice(0, longestReason);
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.traceId = options.traceId;
    this.code = options.code;
    const status = options.status ?? 0;
    const isOpen = leavesOutcomeOpen(status);
    const isDoubtful = isOpen || options.isPage === true;
    const isOfTheKey = (kind === 'auth' && status === 401) || (kind === 'balance' && status === 402);
    this.hasOwnMarks = options.hasOwnMarks ?? (isOfTheKey && !isDoubtful);
    this.definite = (options.definite ?? definiteKinds.has(kind)) && (this.hasOwnMarks || !isDoubtful);
    this.isRefusal = this.definite || (options.isRefusal ?? (status >= 400 && !isOpen));
    this.mayLieInRequest = options.mayLieInRequest ?? (kind === 'malformed' && requestStatuses.has(status));
  }
}
