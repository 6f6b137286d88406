import type { Speed } from './speed.ts';

/** Which midjourney-proxy does the work: novicezk's Java original, litter-coder's plus, or trueai-org's. */
export type Flavour = 'java' | 'plus' | 'trueai';

/** Endpoints under `/mj/submit/`; `swap` is /mj/insight-face/swap. */
export type SubmitKind =
  | 'imagine'
  | 'blend'
  | 'describe'
  | 'shorten'
  | 'action'
  | 'modal'
  | 'change'
  | 'edits'
  | 'video'
  | 'upload-discord-images'
  | 'swap';

/** Endpoints under `/mj/task/`, besides fetch. */
export type LookKind = 'list' | 'list-by-condition' | 'list-by-ids' | 'image-seed' | 'cancel';

/**
 * What differs between members of the midjourney-proxy family. One simulation stands for all of them; a provider is a row
 * of these. Mutable, so that a test can change a habit while the stand-in runs (except `front`, which is built once).
 */
export interface Habits {
  /** `new-api`: its own rows follow the upstream's tasks; `none`: the tasks are shown as they are. */
  readonly front: 'new-api' | 'none';
  /** Decides the words and codes of refusals, what happens with banned words, and the shape of a task. */
  flavour: Flavour;
  /**
   * Which headers carry the key. `bearer`: Authorization, or mj-api-secret (new-api middleware/auth.go). `raw`:
   * Authorization unchanged, including "Bearer", and mj-api-secret only without it (trueai WorkContext.cs).
   */
  auth: 'bearer' | 'raw' | 'mj-api-secret';
  /** Words before `/mj/` and the speeds they ask for; other words aren't paths. new-api itself takes any one word. */
  speedWords: Readonly<Record<string, Speed>>;
  /** Words before `/mj/` that a new-api refuses (one-hub's middleware/auth.go has such a list). */
  refusedModes: readonly string[];
  submits: readonly SubmitKind[];
  looks: readonly LookKind[];
  /** How its account at Midjourney is set: the speed of a request that names none. */
  ownSpeed: Speed;
  /** How a speed changes the time of work, and its price. */
  paceFactors: Readonly<Record<Speed, number>>;
  priceFactors: Readonly<Record<Speed, number>>;
  /** `description` of an accepted submit. */
  acceptedText: string;
  /** `result` as documents show it: 4allapi's have a number, but the sources of all proxies return a string. */
  resultAs: 'string' | 'number';
  /** 16: epoch ms and 3 random digits (midjourney-proxy, trueai). 17: above 2^53, as in the gateways' documents. */
  idDigits: 16 | 17;
  /** Code 21 becomes 1, except for Inpaint and CustomZoom (new-api relay/mjproxy_handler.go, RelayMidjourneySubmit). */
  rewritesCode21: boolean;
  /** Code 22 always becomes 1; the description still says that it queues (same place). */
  rewritesCode22: boolean;
  /** Of a modal's two rows, fetch returns the first and list both (new-api model/midjourney.go, GetByMJId). */
  listDuplicatesAfterModal: boolean;
  /** Removes notifyHook and accountFilter (new-api service/midjourney.go, DoMidjourneyHttpRequest). */
  stripsHooksAndFilters: boolean;
  /** Removes --fast, --relax and --turbo (same place; a switch in new-api that is off by default). */
  stripsSpeedFlags: boolean;
  /**
   * `gateway`: {server}/mj/image/{id}. `localhost`: the same with a server address that nobody set
   * (QuantumNous/new-api#144). `path`: that route without any server. `data`: the picture itself, in Base64, which
   * the stand-in must be given. `upstream`: the signed address of the picture host.
   */
  imageUrls: 'gateway' | 'localhost' | 'path' | 'data' | 'upstream';
  /** Content-Type of GET /mj/image; `default` is image/jpeg, used if the host named none (RelayMidjourneyImage). */
  imageContentType: 'true' | 'default';
  /**
   * Fetch of an unknown id: 200 without a body (Java), 204 (trueai), or what gateways built after them say. A new-api has
   * its own words.
   */
  unknownTask: 'empty' | 'no-content' | 'null' | 'object' | 'code' | 'code-400' | 'code-404';
  /**
   * The answer for an unknown path: its own words, or what something in front of it answers: a status without a body, a
   * page, a web interface's page with 200, or a code with 200.
   */
  unknownRoute: 'own' | '404' | '405' | '501' | 'page' | 'web-interface' | 'code';
  /** Whether a key sees other people's tasks (no midjourney-proxy checks whose a task is; trueai TaskController.cs). */
  showsTasksOfOthers: boolean;
  /** Whether a task names its action; some gateways' rows have null there. */
  namesActions: boolean;
  /** Unset fields: null (the proxies), or empty text and 0 (YutoAI's example). */
  unsetAs: 'null' | 'empty';
  /** `discordChannelId` and `discordInstanceId` as JSON numbers, so already rounded (YutoAI's example). */
  discordIdsAs: 'string' | 'number';
  /** `&`, `<` and `>` in a task as \u0026, \u003c, \u003e (YutoAI's example; Go's encoding/json does so). */
  escapesHtml: boolean;
  /** The account's Remix setting: V, vary, reroll and pan then ask for a prompt first (midjourney-proxy-plus docs/api.md). */
  remix: boolean;
  /**
   * Whether a press with `enableRemix` is asked for a prompt although others aren't, as by an account with Remix that sends its
   * windows by itself; if not, it's refused (trueai TaskService.cs, SubmitAction). Others ignore the field.
   */
  remixOnRequest: boolean;
  /** Code 21 with `properties` {finalPrompt, remix} (trueai TaskService.cs), or with a prompt only (plus docs/api.md). */
  modalAnswer: 'with-prompt' | 'words';
  /** What a modal's body calls the id: `taskId`, or `task_id` at Rix. */
  modalIdFields: readonly ('taskId' | 'task_id')[];
  /**
   * A modal that was answered before: `taken` accepts and charges it again (trueai and new-api don't check the status
   * there), `refused` answers code 4. Either way the work is done once.
   */
  repeatedModal: 'taken' | 'refused';
  /**
   * U for a tile that was already picked: `again` does it again; `existed` answers code 21 with the finished task
   * (midjourney-proxy before #334); `silent` never ends, since Discord drops the repeated press (novicezk#76).
   */
  repeatedPick: 'again' | 'existed' | 'silent';
  /** The same words again: `again` makes a new picture; `existed` answers code 21 with the earlier task. */
  repeatedImagine: 'again' | 'existed';
  /** What `existed` says besides 21: status and picture (midjourney-proxy docs/api.md), or just two words. */
  existedAnswer: 'with-picture' | 'words';
  /** Prompts are translated before they're drawn (midjourney-proxy docs/config.md, translate-way). */
  translatesPrompts: boolean;
  /** A video without a prompt is refused (trueai, docs.yutoai.net); other gateways make one (doc.dmxapi.com). */
  videoNeedsWords: boolean;
  /** Two identical prompts in flight get each other's results (novicezk#299). */
  swapsTwins: boolean;
  /** How many tasks run at once, and how many may wait (midjourney-proxy docs/config.md: coreSize 3, queueSize 10). */
  slots: number;
  queueLength: number;
  /**
   * Buttons under every picture, next to Midjourney's own, in any form. Each is taken, and varies the picture; one whose id
   * says `window` asks for a prompt first, and one that says `nothing` makes none.
   */
  moreButtons: readonly unknown[];
  /** Whole words refused with code 24 (midjourney-proxy BannedPromptUtils); trueai accepts and fails later. */
  bannedWords: readonly string[];
}

/** The default habits: no gateway in front of the proxy, and nothing goes wrong. */
export const plainHabits = {
  front: 'none',
  speedWords: {},
  refusedModes: [],
  ownSpeed: 'fast',
  paceFactors: { relax: 3, fast: 1, turbo: 0.6 },
  priceFactors: { relax: 1, fast: 1, turbo: 1 },
  acceptedText: 'Submit success',
  resultAs: 'string',
  idDigits: 16,
  rewritesCode21: false,
  rewritesCode22: false,
  listDuplicatesAfterModal: false,
  stripsHooksAndFilters: false,
  stripsSpeedFlags: false,
  imageUrls: 'upstream',
  imageContentType: 'true',
  unknownTask: 'no-content',
  unknownRoute: 'own',
  showsTasksOfOthers: true,
  namesActions: true,
  unsetAs: 'null',
  discordIdsAs: 'string',
  escapesHtml: false,
  remix: false,
  remixOnRequest: true,
  modalAnswer: 'with-prompt',
  modalIdFields: ['taskId'],
  repeatedModal: 'taken',
  repeatedPick: 'again',
  repeatedImagine: 'again',
  existedAnswer: 'with-picture',
  translatesPrompts: false,
  videoNeedsWords: false,
  swapsTwins: false,
  slots: 3,
  queueLength: 10,
  moreButtons: [],
  bannedWords: ['gore', 'nude', 'bloodbath', 'swastika'],
} as const satisfies Partial<Habits>;
