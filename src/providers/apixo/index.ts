import type { ProviderConfig } from '../../config.ts';
import { ProviderError } from '../../errors.ts';
import {
  type Action,
  type Media,
  type Offer,
  type Ref,
  type Speed,
  speeds,
  type Update,
} from '../../task.ts';
import type { Http, HttpAnswer } from '../http.ts';
import { layersOf } from '../layers.ts';
import { locateMedia } from '../media-address.ts';
import { lookOneByOne } from '../one-by-one.ts';
import type { Provider, ProviderRequest, ProviderTraits, Submitted } from '../provider.ts';
import { readAccepted, readBalance, readCallback, readStatus, readTaskId } from './answers.ts';
import { readPrompt, requireTakeable } from './prompt.ts';

/** The API's documents changed, but not its addresses; the operator says which ones go for an account. */
export type ApiGeneration = NonNullable<ProviderConfig['apiGeneration']>;

/** How many pictures one edit is about. */
const mostEdited = 1;

export interface ApixoOptions {
  http: Http;
  apiKey: string;
  baseUrl?: string | undefined;
  generation?: ApiGeneration | undefined;
  /** A text that each new picture is marked with. */
  watermark?: string | undefined;
  /** Whether prompts are translated, unless a task says otherwise. */
  translation?: boolean | undefined;
}

export const apixoBaseUrl = 'https://api.apixo.ai';

const traits = {
  maxInFlight: 10,
  taskTimeoutMs: 15 * 60_000,
  // "Wait 200 seconds before first poll, then poll every 10 seconds" (apixo.ai, docs/models/midjourney, Performance Tips).
  firstLookMs: { relax: 200_000, fast: 50_000, turbo: 10_000 },
  pollFloorMs: 10_000,
  pollCeilingMs: 10_000,
  findsByPrompt: false,
  lookBatch: 10,
  translates: true,
  usualMs: { set: { relax: 250_000, fast: 60_000, turbo: 30_000 } }, // "Average Time" (apixo.ai, docs/models/midjourney)
  // 10 MB (docs/models/image/midjourney) of JPEG, PNG or WebP (docs/api-reference/error-codes, UNSUPPORTED_FORMAT).
  inputs: {
    by: 'address',
    types: ['image/jpeg', 'image/png', 'image/webp'],
    mostBytes: 10_000_000,
    takesAnimations: true,
  },
} as const satisfies ProviderTraits;

interface Generation {
  readonly actions: readonly Action[];
  /** Whether it runs relaxed tasks as such; otherwise they run, and are billed, as fast. */
  readonly hasRelaxed: boolean;
  /** How many reference pictures it takes. */
  readonly mostPictures: number;
  /** Whether there's a speed for drafts. */
  readonly hasDrafts: boolean;
}

const generations: Record<ApiGeneration, Generation> = {
  seed: { actions: ['imagine'], hasRelaxed: true, mostPictures: 2, hasDrafts: false },
  current: {
    actions: ['imagine', 'edit', 'variation', 'enlarge', 'reroll', 'enhance'],
    hasRelaxed: false,
    mostPictures: 20,
    hasDrafts: true,
  },
};

/** What the bot has to know about an account with that generation of the API. */
export function apixoTraitsOf(generation: ApiGeneration = 'current'): ProviderTraits {
  return { ...traits, mostPictures: { imagine: generations[generation].mostPictures, edit: mostEdited } };
}

/** What the API calls each action; for `imagine` it depends on the pictures. */
const modes: Readonly<Partial<Record<Action, string>>> = {
  edit: 'image-edit',
  variation: 'vary',
  enlarge: 'upscale',
  reroll: 'reroll',
  enhance: 'enhance',
};

/** Which offers a result has, by the mode of its task; single pictures have none. */
type Kind = 'set' | 'draft' | 'edit' | 'single';

/**
 * APIXO (apixo.ai, docs/models/image/midjourney). It returns four separate pictures without a list of what can be done
 * with them, so a ref holds `id` and `kind`: what the API can do with such a result. The documents don't say whether a task
 * with a callback can still be looked at, so its callback is read if it can't.
 */
export function createApixo(options: ApixoOptions): Provider {
  const { http, apiKey, generation = 'current' } = options;
  // The documents show the address with and without its path.
  const base = (options.baseUrl ?? apixoBaseUrl).replace(/\/api\/v1$/, '');
  const headers = { authorization: `Bearer ${apiKey}` };
  const { actions, hasRelaxed } = generations[generation];

  function get(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    return http.request({ method: 'GET', url: `${base}/api/v1${path}`, headers, signal });
  }

  async function submit(request: ProviderRequest, signal: AbortSignal): Promise<Submitted> {
    const speed = usedSpeed(request.speed);
    const { input, kind } = toInput({ ...request, speed }, generations[generation], options);
    const url = `${base}/api/v1/generateTask/midjourney`;
    const { callbackUrl } = request;
    const way =
      callbackUrl === undefined
        ? { request_type: 'async' }
        : { request_type: 'callback', callback_url: callbackUrl };
    const body = {
      ...way,
      input: { ...input, speed: input['speed'] ?? (speed === 'relax' ? 'relaxed' : speed) },
    };
    const id = readAccepted(await http.request({ method: 'POST', url, headers, body, signal }));
    return { ref: { id, kind }, update: { state: 'running' } };
  }

  async function lookAt(ref: Ref, signal: AbortSignal): Promise<Update | undefined> {
    const id = ref['id'] ?? '';
    const told = readStatus(await get(`/statusTask/midjourney?taskId=${encodeURIComponent(id)}`, signal));
    return told === undefined ? undefined : toUpdate(told, ref);
  }

  function toUpdate(told: Update, ref: Ref): Update {
    const update = locateMedia(told, base);
    if (update.state !== 'done') return update;
    const offers = toOffers(update.media, ref['kind'] as Kind | undefined);
    return { ...update, offers: offers.filter(({ action, isLocal }) => isLocal || can(action)) };
  }

  function can(action: Action): boolean {
    return actions.includes(action);
  }

  /** The speed that a task runs at here. */
  function usedSpeed(speed: Speed): Speed {
    return speed === 'relax' && !hasRelaxed ? 'fast' : speed;
  }

  return {
    actions: new Set<Action>(actions),
    speeds: new Set(speeds),
    submit,
    look: (refs, signal) => lookOneByOne(refs, (ref) => lookAt(ref, signal)),
    review({ action, prompt, speed }) {
      const used = usedSpeed(speed);
      const bySpeed = used === speed ? [] : [{ flag: `--${speed}`, asked: speed, used }];
      if (action !== 'imagine' && action !== 'edit') return bySpeed; // follow-ups send no prompt
      const read = readWords({ action, prompt, speed: used }, generations[generation]);
      requireTakeable(read);
      return [...bySpeed, ...read.adjustments];
    },
    callback(body, request) {
      const id = readTaskId(layersOf(body));
      return id === undefined ? undefined : { id, kind: kindOf(request) };
    },
    readCallback(body, ref) {
      const told = readCallback(body, ref['id'] ?? '');
      return told === undefined ? undefined : toUpdate(told, ref);
    },
    async balance(signal) {
      return { amount: readBalance(await get('/apikeys/current-balance', signal)), unit: 'USD' };
    },
  };
}

/** A draft is a speed of its own at the API, so it only goes with the usual speed, and with fresh pictures. */
function readWords(
  { action, prompt, speed }: Pick<ProviderRequest, 'action' | 'prompt' | 'speed'>,
  { hasDrafts }: Generation,
) {
  const read = readPrompt(prompt);
  if (!read.isDraft || (hasDrafts && action === 'imagine' && speed === 'fast')) return read;
  return { ...read, unsupported: [...read.unsupported, '--draft'] };
}

function toInput(
  request: ProviderRequest,
  generation: Generation,
  { watermark, translation }: Pick<ApixoOptions, 'watermark' | 'translation'>,
): { input: Record<string, unknown>; kind: Kind } {
  const { action, parent, pictures } = request;
  if (parent !== undefined) {
    const { ref, offer } = parent;
    // 0 to 3, as in similar APIs. No documented field says which kind of variation or upscale it is.
    const image = offer.index === undefined ? {} : { imageIndex: offer.index - 1 };
    return { input: { mode: modes[action], taskId: ref['id'], ...image }, kind: kindOf(request) };
  }
  const read = readWords(request, generation);
  const most = action === 'edit' ? mostEdited : generation.mostPictures;
  const reason = findRefusal(read.unsupported, pictures, most);
  if (reason !== undefined) throw new ProviderError('rejected', 'the API cannot be asked that', { reason });
  const translate = request.options.translate ?? translation;
  const input = {
    mode: modes[action] ?? (pictures.length > 0 ? 'image-to-image' : 'text-to-image'),
    prompt: read.words,
    ...read.fields,
    ...(pictures.length > 0 ? { image_urls: pictures.map(({ url }) => url) } : {}),
    ...(read.isDraft ? { speed: 'draft' } : {}),
    ...(watermark === undefined ? {} : { watermark }),
    // True by default in the seed's generation, false in others (apixo.ai, docs/models/midjourney).
    ...(translate === undefined ? {} : { enableTranslation: translate }),
  };
  return { input, kind: kindOf(request) };
}

function kindOf({ action, prompt = '' }: Pick<ProviderRequest, 'action'> & { prompt?: string }): Kind {
  if (action === 'edit') return 'edit';
  if (action === 'enlarge' || action === 'enhance') return 'single';
  return action === 'imagine' && readPrompt(prompt).isDraft ? 'draft' : 'set';
}

/** Refuses what the API would drop or refuse, before it's sent, so that nothing is spent. */
function findRefusal(
  unsupported: readonly string[],
  pictures: ProviderRequest['pictures'],
  most: number,
): string | undefined {
  if (unsupported.length > 0) return `There is no ${unsupported.join(' ')} here.`;
  if (pictures.length <= most) return undefined;
  return `At most ${most} reference picture${most === 1 ? '' : 's'} can be used.`;
}

/**
 * In the order of Midjourney's own two rows. U1–U4 don't need the API: the pictures are already separate. Nothing is
 * documented for after an upscale, an enhancement or an edit.
 */
function toOffers(media: readonly Media[], kind: Kind = 'set'): Offer[] {
  if (kind === 'single') return [];
  const each = (action: 'upscale' | 'variation' | 'enlarge' | 'enhance', rest: { isLocal?: true } = {}) =>
    media.map((_, index): Offer => ({ action, index: index + 1, token: modes[action] ?? 'local', ...rest }));
  const picks = media.length > 1 ? each('upscale', { isLocal: true }) : [];
  if (kind === 'edit') return picks;
  const enhancements = kind === 'draft' ? each('enhance') : [];
  return [
    ...picks,
    { action: 'reroll', token: 'reroll' },
    ...each('variation'),
    ...each('enlarge'),
    ...enhancements,
  ];
}
