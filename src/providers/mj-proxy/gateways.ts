import type { ProviderConfig } from '../../config.ts';
import { type Action, followUpActions, type Speed, startActions } from '../../task.ts';
import { mjProxyInputs, type ProviderTraits } from '../provider.ts';

/** How the key travels: `Authorization: Bearer …`, `Authorization: …`, or a header of midjourney-proxy's own. */
export type AuthStyle = NonNullable<ProviderConfig['auth']>;

/** What stands before `/mj/`: one for all, or one for each speed that there is. */
export type PathPrefix = NonNullable<ProviderConfig['pathPrefix']>;

/**
 * What differs between gateways that speak midjourney-proxy's API. That a route is there is a first guess, and what the
 * gateway answers decides (routes.ts); a route that its sources don't have isn't tried.
 */
export interface MjProxyRow {
  readonly baseUrl?: string;
  readonly pathPrefix: PathPrefix;
  readonly auth: AuthStyle;
  readonly actions: readonly Action[];
  /** Speeds that can be asked for where the path does not say them. */
  readonly speeds: readonly Speed[];
  /** Buttons that the gateway returns and then refuses, by their customId. */
  readonly refusedButtons?: RegExp;
  /** Whether it has `POST /mj/task/list-by-condition`; otherwise tasks are fetched one by one. */
  readonly hasList: boolean;
  /** Whether it has `GET /mj/task/list`, in which a lost submit can be found by our reference. */
  readonly hasTaskList: boolean;
  /** Whether it has `POST /mj/task/{id}/cancel`. */
  readonly canCancel: boolean;
  /** Whether it has `GET /mj/task/{id}/image-seed`. */
  readonly hasSeed: boolean;
  /** Whether tasks that come without any buttons are continued by `POST /mj/submit/change`. */
  readonly usesChange: boolean;
  /** How `index` is written where a video is extended by `POST /mj/submit/video`. */
  readonly extendIndexAs: 'number' | 'string';
  /** Whether a video without words is refused. */
  readonly videoNeedsWords: boolean;
  readonly traits: ProviderTraits;
}

const minute = 60_000;
const taskTimeoutMs = 65 * minute; // the APIs give up after an hour at the latest

const animateActions = ['animate-high', 'animate-low'] as const satisfies readonly Action[];
const extendActions = ['extend-high', 'extend-low'] as const satisfies readonly Action[];

const videoActions: readonly Action[] = [...animateActions, 'reroll-video', ...extendActions];
/** Other APIs have them: no button of Midjourney's own stands for one, its "Redo Upscale" is an upscale. */
const foreignActions: readonly Action[] = [
  'enlarge',
  'enhance',
  'redo-upscale-2x',
  'redo-upscale-4x',
  'redo-upscale-subtle',
  'redo-upscale-creative',
];
const pictureActions = followUpActions.filter(
  (action) => !videoActions.includes(action) && !foreignActions.includes(action),
);

export const mjProxyRows = {
  /**
   * 4allapi publishes new-api's own documentation with another host, so new-api's habits are expected: it
   * refreshes its tasks every 15 s (controller/midjourney.go), holds no turbo, and refuses buttons other than
   * these with HTTP 400 (`CoverPlusActionToNormalAction`). Shorten, edits and video are not on its page, but are
   * routes of new-api (router/relay-router.go); by the last one, and by no button, videos can be extended.
   */
  '4allapi': {
    baseUrl: 'https://api.4allapi.com',
    pathPrefix: '',
    auth: 'bearer',
    actions: [...startActions, ...pictureActions, 'reroll-video', ...extendActions],
    speeds: ['relax', 'fast'],
    refusedButtons: /::(animate_|video_)/,
    hasList: true,
    hasTaskList: false,
    canCancel: false,
    hasSeed: true,
    usesChange: false,
    extendIndexAs: 'number',
    videoNeedsWords: false,
    traits: {
      maxInFlight: 10,
      taskTimeoutMs,
      pollFloorMs: 5_000,
      lookBatch: 50,
      findsByPrompt: true,
      inputs: mjProxyInputs,
    },
  },
  /**
   * YutoAI's document shows `{{BASE_URL}}/fast/mj/…` in its requests and names no list, no task list, no
   * cancel, no seed, no swap and no edits; video is on another page of docs.yutoai.net, which asks for
   * words and writes the index of a clip as text. Its base URL is the operator's own.
   */
  yutoai: {
    pathPrefix: { fast: '/fast', relax: '/relax' },
    auth: 'bearer',
    actions: [
      ...(['imagine', 'blend', 'describe', 'shorten', 'video'] as const),
      ...pictureActions,
      ...videoActions,
    ],
    speeds: ['relax', 'fast'],
    hasList: false,
    hasTaskList: false,
    canCancel: false,
    hasSeed: false,
    usesChange: false,
    extendIndexAs: 'string',
    videoNeedsWords: true,
    traits: {
      maxInFlight: 3,
      taskTimeoutMs,
      pollFloorMs: 3_000,
      lookBatch: 10,
      findsByPrompt: true,
      inputs: mjProxyInputs,
    },
  },
  /**
   * Any midjourney-proxy that people run themselves: all that novicezk's, litter-coder's and trueai-org's have
   * between them; what one lacks it refuses, and nothing is charged. `mj-api-secret` is read by the Java original,
   * by trueai-org's and by the gateways; speeds go as flags, which all of them understand.
   */
  mjproxy: {
    pathPrefix: '',
    auth: 'mj-api-secret',
    actions: [...startActions, ...pictureActions, ...videoActions],
    speeds: ['relax', 'fast', 'turbo'],
    hasList: true,
    hasTaskList: true,
    canCancel: true,
    hasSeed: true,
    usesChange: true,
    extendIndexAs: 'number',
    videoNeedsWords: true, // trueai-org's does
    traits: {
      maxInFlight: 3,
      taskTimeoutMs,
      pollFloorMs: 3_000,
      lookBatch: 50,
      findsByPrompt: true,
      inputs: mjProxyInputs,
    },
  },
} as const satisfies Record<string, MjProxyRow>;
