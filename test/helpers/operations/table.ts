import { Agent } from 'undici';
import { standIns } from '../../../sandbox/providers/index.ts';
import type { ProviderConfig, ProviderKind } from '../../../src/config.ts';
import { UserError } from '../../../src/errors.ts';
import { createHttp } from '../../../src/providers/http.ts';
import { createProvider } from '../../../src/providers/index.ts';
import { type Provider, type ProviderTraits, refKey } from '../../../src/providers/provider.ts';
import type { Action, Speed, Update } from '../../../src/task.ts';

/** Something that people can do with the bot if their provider can: a row of the README's table. */
export interface Operation {
  /** The first cell of its row. */
  readonly label: string;
  /** Any of them makes it available. */
  readonly actions?: readonly Action[];
  readonly speed?: Speed;
  readonly method?: 'seed' | 'cancel';
  readonly isEditOfSeveral?: true;
  /** By the API itself, or by a translator of its own. */
  readonly isTranslation?: true;
  /** The labels of its buttons, if it has any. */
  readonly buttons?: RegExp;
  /** A form of videos that only some APIs have a field for. */
  readonly form?: 'fewer-clips' | '720p';
  /** Whether they are only under videos. */
  readonly isOfVideos?: true;
}

/** In the order of the README's table. */
export const operations = {
  imagine: { label: '`/imagine`', actions: ['imagine'] },
  relax: { label: 'relaxed speed', speed: 'relax' },
  turbo: { label: 'turbo speed', speed: 'turbo' },
  translate: { label: '`/imagine` with `translate`', isTranslation: true },
  pick: { label: 'U1–U4', actions: ['upscale'], buttons: /^U[1-4]$/ },
  variation: { label: 'V1–V4', actions: ['variation'], buttons: /^V[1-4]$/ },
  reroll: { label: '🔄', actions: ['reroll'], buttons: /^🔄$/ },
  upscale: {
    label: 'Upscale',
    actions: [
      ...(['enlarge', 'upscale-2x', 'upscale-4x', 'upscale-subtle', 'upscale-creative'] as const),
      ...(['redo-upscale-2x', 'redo-upscale-4x', 'redo-upscale-subtle', 'redo-upscale-creative'] as const),
    ],
    buttons: /^(Redo )?Upscale |^Creative$/,
  },
  vary: {
    label: 'Vary (Subtle), Vary (Strong)',
    actions: ['vary-subtle', 'vary-strong'],
    buttons: /^(Vary \(Subtle\)|Strong)$/,
  },
  region: { label: 'Vary (Region)', actions: ['vary-region'], buttons: /^(Vary \(Region\)|Region)$/ },
  zoom: {
    label: 'Zoom Out, Make Square',
    actions: ['zoom', 'zoom-2x', 'zoom-1.5x', 'square'],
    buttons: /^((Zoom Out )?2x|1\.5x|Square)$/,
  },
  customZoom: { label: 'Custom Zoom', actions: ['custom-zoom'], buttons: /^Custom( Zoom)?$/ },
  pan: {
    label: 'Pan',
    actions: ['pan-left', 'pan-right', 'pan-up', 'pan-down'],
    buttons: /^(⬅️|➡️|⬆️|⬇️)$/u,
  },
  enhance: { label: 'Enhance (of a draft)', actions: ['enhance'], buttons: /^Enhance/ },
  blend: { label: '`/blend`', actions: ['blend'] },
  describe: { label: '`/describe`', actions: ['describe'] },
  shorten: { label: '`/shorten`', actions: ['shorten'] },
  edit: { label: '`/edit`', actions: ['edit'] },
  editSeveral: { label: '`/edit` with several pictures', isEditOfSeveral: true },
  swap: { label: '`/swap`', actions: ['swap'] },
  video: { label: '`/video`', actions: ['video'] },
  fewerClips: { label: '`/video` with one or two clips', form: 'fewer-clips' },
  tallVideo: { label: '`/video` in 720p, or with a last frame', form: '720p' },
  animate: {
    label: 'Animate (High motion), Animate (Low motion)',
    actions: ['animate-high', 'animate-low'],
    buttons: /^(Animate \((High|Low)|Low$)/,
  },
  rerollVideo: {
    label: '🔄 (of videos)',
    actions: ['reroll-video'],
    buttons: /^🔄$/u,
    isOfVideos: true,
  },
  extend: {
    label: 'Extend (of videos)',
    actions: ['extend-high', 'extend-low'],
    buttons: /^Extend/,
    isOfVideos: true,
  },
  other: {
    label: 'other buttons of the API',
    actions: ['other', 'other-video', 'redescribe', 'imagine-all'],
    buttons: /^(Tile|Remaster|Bookmark|Imagine all)/,
  },
  seed: { label: '`/task seed`', method: 'seed' },
  cancel: { label: 'Cancel (of what runs)', method: 'cancel', buttons: /^Cancel$/ },
} as const satisfies Record<string, Operation>;

export type OperationName = keyof typeof operations;

export const operationNames = Object.keys(operations) as OperationName[];

/** What a kind of API declares, and what its first result shows. */
export interface Facts {
  readonly kind: ProviderKind;
  readonly provider: Provider;
  readonly traits: ProviderTraits;
  /** What a grid offers without the provider. */
  readonly local: ReadonlySet<Action>;
}

/** Reads the factory, and one grid of the local API of that kind. */
export async function readFacts(kind: ProviderKind, changes: Partial<ProviderConfig> = {}): Promise<Facts> {
  const standIn = await standIns[kind]({ pictureHeight: 64 });
  const dispatcher = new Agent();
  try {
    const config = { ...noConfig, name: 'main', kind, apiKey: standIn.key, baseUrl: standIn.url, ...changes };
    const { provider, traits } = createProvider(config, createHttp({ dispatcher }));
    const update = await imagine(provider);
    const offers = update.state === 'done' ? update.offers : [];
    const local = offers.filter(({ isLocal }) => isLocal).map(({ action }) => action);
    return { kind, provider, traits, local: new Set(local) };
  } finally {
    await dispatcher.close();
    await standIn.close();
  }
}

const noConfig = {
  pathPrefix: undefined,
  auth: undefined,
  speeds: undefined,
  filter: undefined,
  uploads: undefined,
  routes: undefined,
  apiGeneration: undefined,
  maxInFlight: undefined,
  prices: undefined,
};

async function imagine(provider: Provider): Promise<Update> {
  const signal = AbortSignal.timeout(10_000);
  const request = { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [], options: {} } as const;
  const { ref, update: first } = await provider.submit({ ...request, reference: 'ours' }, signal);
  let update: Update | undefined = first;
  while (update?.state !== 'done') update = (await provider.look([ref], signal)).get(refKey(ref));
  return update;
}

export function isOffered(name: OperationName, { provider, traits, local }: Facts): boolean {
  const { actions = [], speed, method, isTranslation, isEditOfSeveral, form }: Operation = operations[name];
  if (isEditOfSeveral === true) return traits.editModelInputs !== undefined && provider.actions.has('edit');
  if (form === 'fewer-clips') return traits.videos?.clips.includes(1) === true;
  if (form === '720p') return traits.videos?.resolutions.includes('720p') === true && traits.videos.takesEnd;
  if (isTranslation === true) return traits.translates === true || provider.translate !== undefined;
  if (speed !== undefined) return provider.speeds.has(speed);
  if (method !== undefined) return provider[method] !== undefined;
  return actions.some((action) => provider.actions.has(action) || local.has(action));
}

/** Whether a relaxed task runs as fast, and costs as much. */
export function runsRelaxedAsFast({ provider }: Facts): boolean {
  const adjustments = provider.review?.({ action: 'imagine', prompt: 'a fox', speed: 'relax' }) ?? [];
  return adjustments.some(({ asked, used }) => asked === 'relax' && used === 'fast');
}

/** Whether a video needs a prompt. */
export function needsWordsForVideo({ provider }: Facts): boolean {
  try {
    provider.review?.({ action: 'video', prompt: '', speed: 'fast' });
    return false;
  } catch (error) {
    if (error instanceof UserError) return error.code === 'prompt-empty';
    throw error;
  }
}
