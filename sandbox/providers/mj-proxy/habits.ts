/**
 * What tells the members of the midjourney-proxy family apart. One simulation speaks for all of them; a provider is a
 * row of these. Mutable, so that a test can change a habit while the stand-in runs.
 */
export interface Habits {
  /** Which headers carry the key. new-api: Authorization, else mj-api-secret (new-api middleware/auth.go). */
  auth: 'bearer' | 'raw' | 'mj-api-secret';
  /** `result` as documents print it: 4allapi's show a bare number, the sources of all proxies give a string. */
  resultAs: 'string' | 'number';
  /** 16: epoch ms and 3 random digits (midjourney-proxy, trueai). 17: beyond 2^53, as in the gateways' documents. */
  idDigits: 16 | 17;
  /** Code 21 becomes 1, except for Inpaint and CustomZoom (new-api relay/mjproxy_handler.go, RelayMidjourneySubmit). */
  rewritesCode21: boolean;
  /** Code 22 always becomes 1; the description keeps saying that it queues (same place). */
  rewritesCode22: boolean;
  /** Of a modal's two rows fetch answers the first and list both (new-api model/midjourney.go, GetByMJId). */
  listDuplicatesAfterModal: boolean;
  /** Removes notifyHook and accountFilter (new-api service/midjourney.go, DoMidjourneyHttpRequest). */
  stripsHooksAndFilters: boolean;
  /** Removes --fast, --relax and --turbo (same place; a switch of new-api that is off unless set). */
  stripsSpeedFlags: boolean;
  /**
   * `gateway`: {server}/mj/image/{id}. `localhost`: the same with the server address that nobody set
   * (QuantumNous/new-api#144). `upstream`: the signed address of the picture host.
   */
  imageUrls: 'gateway' | 'localhost' | 'upstream';
  /** Content-Type of GET /mj/image; `default` is image/jpeg, said when the host named none (RelayMidjourneyImage). */
  imageContentType: 'true' | 'default';
  /** Words before `/mj/` that are refused. new-api itself takes any one word; one-hub's middleware/auth.go has a list. */
  refusedModes: readonly string[];
  /** The account's Remix setting: V, vary, reroll and pan then ask for a prompt first (midjourney-proxy-plus docs/api.md). */
  remix: boolean;
  /**
   * U of a tile that was picked before: `again` does it again; `existed` answers code 21 with the finished task
   * (midjourney-proxy before #334); `silent` never ends, since Discord drops the repeated press (novicezk#76).
   */
  repeatedPick: 'again' | 'existed' | 'silent';
  /** Two identical prompts in flight get each other's results (novicezk#299). */
  swapsTwins: boolean;
  /** Tasks that run at once, and that may wait behind them (midjourney-proxy docs/config.md: coreSize 3, queueSize 10). */
  slots: number;
  queueLength: number;
  /** Prompts are refused with code 24 for these, as whole words (midjourney-proxy BannedPromptUtils). */
  bannedWords: readonly string[];
}

/** 4allapi's documents are new-api's own, so: new-api in front of a midjourney-proxy-plus. */
export const habitsOf4allapi: Habits = {
  auth: 'bearer',
  resultAs: 'string',
  idDigits: 16,
  rewritesCode21: true,
  rewritesCode22: true,
  listDuplicatesAfterModal: true,
  stripsHooksAndFilters: true,
  stripsSpeedFlags: false,
  imageUrls: 'gateway',
  imageContentType: 'true',
  refusedModes: ['mj-turbo', 'turbo'],
  remix: false,
  repeatedPick: 'again',
  swapsTwins: false,
  slots: 3,
  queueLength: 10,
  bannedWords: ['gore', 'nude', 'bloodbath', 'swastika'],
};
