import type { ProviderConfig } from '../../config.ts';
import { ProviderError } from '../../errors.ts';
import type { Action, Media, Offer, Ref, Speed, Update } from '../../task.ts';
import type { Http, HttpAnswer } from '../http.ts';
import { locateMedia } from '../media-address.ts';
import { lookOneByOne } from '../one-by-one.ts';
import type { Provider, ProviderRequest, ProviderTraits, Submitted } from '../provider.ts';
import { readAccepted, readBalance, readStatus } from './answers.ts';
import { readPrompt, requireTakeable } from './prompt.ts';

/** The API's documents changed, but not its addresses; the operator says which ones go for an account. */
export type ApiGeneration = NonNullable<ProviderConfig['apiGeneration']>;

/** Discord takes ten files per message; with more, nobody could see which picture an offer is about. */
const mostMedia = 10;
export interface ApixoOptions {
  http: Http;
  apiKey: string;
  baseUrl?: string | undefined;
  generation?: ApiGeneration | undefined;
}

export const apixoBaseUrl = 'https://api.apixo.ai';

export const apixoTraits: ProviderTraits = {
  maxInFlight: 10,
  taskTimeoutMs: 15 * 60_000,
  pollFloorMs: 3_000,
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
};

interface Generation {
  readonly actions: readonly Action[];
  readonly speeds: readonly Speed[];
  /** How many reference pictures it takes. */
  readonly mostPictures: number;
  /** Whether there's a speed for drafts. */
  readonly hasDrafts: boolean;
}

const generations: Record<ApiGeneration, Generation> = {
  seed: { actions: ['imagine'], speeds: ['relax', 'fast', 'turbo'], mostPictures: 2, hasDrafts: false },
  /** `relaxed` is accepted here, too, but runs and is billed as fast, so it isn't offered. */
  current: {
    actions: ['imagine', 'edit', 'variation', 'enlarge', 'reroll', 'enhance'],
    speeds: ['fast', 'turbo'],
    mostPictures: 20,
    hasDrafts: true,
  },
};

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
 * with them, so a ref holds `id` and `kind`: what the API can do with such a result. Tasks never use callbacks: the
 * documents don't say whether a task with a callback can still be looked at, and a result that only the callback has would
 * be lost with it.
 */
export function createApixo(options: ApixoOptions): Provider {
  const { http, apiKey, generation = 'current' } = options;
  // The documents show the address with and without its path.
  const base = (options.baseUrl ?? apixoBaseUrl).replace(/\/api\/v1$/, '');
  const headers = { authorization: `Bearer ${apiKey}` };
  const { actions, speeds } = generations[generation];

  function get(path: string, signal: AbortSignal): Promise<HttpAnswer> {
    return http.request({ method: 'GET', url: `${base}/api/v1${path}`, headers, signal });
  }

  async function submit(request: ProviderRequest, signal: AbortSignal): Promise<Submitted> {
    const { input, kind } = toInput(request, generations[generation]);
    const url = `${base}/api/v1/generateTask/midjourney`;
    const body = {
      request_type: 'async',
      input: { ...input, speed: input['speed'] ?? toSpeed(request.speed) },
    };
    const id = readAccepted(await http.request({ method: 'POST', url, headers, body, signal }));
    return { ref: { id, kind }, update: { state: 'running' } };
  }

  async function lookAt(ref: Ref, signal: AbortSignal): Promise<Update | undefined> {
    const id = ref['id'] ?? '';
    const told = readStatus(await get(`/statusTask/midjourney?taskId=${encodeURIComponent(id)}`, signal));
    if (told === undefined) return undefined;
    const update = locateMedia(told, base);
    if (update.state !== 'done') return update;
    const media = update.media.slice(0, mostMedia);
    const offers = toOffers(media, ref['kind'] as Kind | undefined);
    return { ...update, media, offers: offers.filter(({ action, isLocal }) => isLocal || can(action)) };
  }

  function can(action: Action): boolean {
    return actions.includes(action);
  }

  function toSpeed(speed: Speed): string {
    if (speed !== 'relax') return speed;
    return speeds.includes(speed) ? 'relaxed' : 'fast';
  }

  return {
    actions: new Set<Action>(actions),
    speeds: new Set<Speed>(speeds),
    submit,
    look: (refs, signal) => lookOneByOne(refs, (ref) => lookAt(ref, signal)),
    review({ action, prompt, speed }) {
      if (action !== 'imagine' && action !== 'edit') return []; // follow-ups send no prompt
      const read = readWords({ action, prompt, speed }, generations[generation]);
      requireTakeable(read);
      return read.adjustments;
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
): { input: Record<string, unknown>; kind: Kind } {
  const { action, parent, pictures } = request;
  if (parent !== undefined) {
    const { ref, offer } = parent;
    // 0 to 3, as in similar APIs. No documented field says which kind of variation or upscale it is.
    const image = offer.index === undefined ? {} : { imageIndex: offer.index - 1 };
    const kind = action === 'variation' || action === 'reroll' ? 'set' : 'single';
    return { input: { mode: modes[action], taskId: ref['id'], ...image }, kind };
  }
  const read = readWords(request, generation);
  const most = action === 'edit' ? 1 : generation.mostPictures;
  const reason = findRefusal(read.unsupported, pictures, most);
  if (reason !== undefined) throw new ProviderError('rejected', 'the API cannot be asked that', { reason });
  const input = {
    mode: modes[action] ?? (pictures.length > 0 ? 'image-to-image' : 'text-to-image'),
    prompt: read.words,
    ...read.fields,
    ...(pictures.length > 0 ? { image_urls: pictures.map(({ url }) => url) } : {}),
    ...(read.isDraft ? { speed: 'draft' } : {}),
    // True by default in the seed's generation, false in others (apixo.ai, docs/models/midjourney).
    ...(request.options.translate === true ? { enableTranslation: true } : {}),
  };
  return { input, kind: action === 'edit' ? 'edit' : read.isDraft ? 'draft' : 'set' };
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
