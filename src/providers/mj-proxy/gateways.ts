import type { ProviderConfig } from '../../config.ts';
import { type Action, followUpActions, type Speed, startActions } from '../../task.ts';
import {
  midjourneyTimes,
  mjProxyInputs,
  type ProviderTraits,
  promptedPictures,
  type VideoForm,
} from '../provider.ts';
import { refusesButton } from './new-api-buttons.ts';

/** How the key is sent: `Authorization: Bearer …`, `Authorization: …`, or midjourney-proxy's own header. */
export type AuthStyle = NonNullable<ProviderConfig['auth']>;

/** What comes before `/mj/`: one prefix for all calls, or one for each speed. */
export type PathPrefix = NonNullable<ProviderConfig['pathPrefix']>;

/**
 * What differs between gateways that speak midjourney-proxy's API. Whether a route exists is a first guess; the gateway's
 * answer decides (routes.ts). A route that isn't in its sources isn't tried.
 */
export interface MjProxyGateway {
  readonly baseUrl?: string;
  readonly pathPrefix: PathPrefix;
  readonly auth: AuthStyle;
  readonly actions: readonly Action[];
  /** Speeds that can be asked for if the path doesn't say them. */
  readonly speeds: readonly Speed[];
  /** Buttons that the gateway returns but certainly refuses when pressed, by their customId. */
  readonly refusedButtons?: { test(customId: string): boolean };
  /** Whether it has `POST /mj/task/list-by-condition`; otherwise tasks are fetched one by one. */
  readonly hasList: boolean;
  /** Whether it has `GET /mj/task/list`, where a lost submit can be found by our reference. */
  readonly hasTaskList: boolean;
  /** Whether it has `POST /mj/task/{id}/cancel`. */
  readonly canCancel: boolean;
  /** Whether it has `GET /mj/task/{id}/image-seed`. */
  readonly hasSeed: boolean;
  /** Whether tasks without buttons are continued with `POST /mj/submit/change`. */
  readonly usesChange: boolean;
  /** How `index` is written when `POST /mj/submit/video` extends a video. */
  readonly extendIndexAs: 'number' | 'string';
  /** Whether a loop has a field; otherwise it's asked for with Midjourney's own flag. */
  readonly hasLoopField: boolean;
  /** Whether a video without words is refused. */
  readonly videoNeedsWords: boolean;
  readonly traits: ProviderTraits;
}

const minute = 60_000;
const taskTimeoutMs = 65 * minute; // the APIs give up after an hour at the latest

const animateActions = ['animate-high', 'animate-low'] as const satisfies readonly Action[];
const extendActions = ['extend-high', 'extend-low'] as const satisfies readonly Action[];

/** The documents of gateways have no field for anything else (docs.newapi.pro, docs.yutoai.net). */
const plainVideos: VideoForm = { clips: [4], resolutions: ['480p'], takesEnd: false, is720pFast: true };

/** Buttons of a text, which new-api doesn't know. */
const textActions = ['redescribe', 'imagine-all'] as const satisfies readonly Action[];
const videoActions: readonly Action[] = [...animateActions, 'reroll-video', ...extendActions, 'other-video'];
/** Only other APIs have these: Midjourney has no button for them, and its "Redo Upscale" is an upscale. */
const foreignActions: readonly Action[] = [
  'enlarge',
  'enhance',
  'redo-upscale-2x',
  'redo-upscale-4x',
  'redo-upscale-subtle',
  'redo-upscale-creative',
];
const pictureActions = followUpActions.filter(
  (action) => ![...videoActions, ...foreignActions, ...textActions].includes(action),
);

export const mjProxyGateways = {
  /**
   * 4allapi publishes new-api's own documents under another host, so it's expected to behave like new-api: it refreshes
   * its tasks every 15 s (controller/midjourney.go), has no turbo, and refuses buttons other than these with HTTP 400
   * (`CoverPlusActionToNormalAction`). Shorten, edits and video aren't on its page, but are routes of new-api
   * (router/relay-router.go). Videos are extended with the video route, not with buttons.
   */
  '4allapi': {
    baseUrl: 'https://api.4allapi.com',
    pathPrefix: '',
    auth: 'bearer',
    actions: [...startActions, ...pictureActions, 'reroll-video', ...extendActions, 'other-video'],
    speeds: ['relax', 'fast'],
    refusedButtons: { test: refusesButton },
    hasList: true,
    hasTaskList: false,
    canCancel: false,
    hasSeed: true,
    usesChange: false,
    extendIndexAs: 'number',
    hasLoopField: false,
    videoNeedsWords: false,
    traits: {
      maxInFlight: 10,
      taskTimeoutMs,
      pollFloorMs: 5_000,
      lookBatch: 50,
      findsByPrompt: true,
      inputs: mjProxyInputs,
      editModelInputs: promptedPictures,
      videos: plainVideos,
      choosesNiji: true,
      usualMs: midjourneyTimes,
    },
  },
  /**
   * YutoAI's document shows `{{BASE_URL}}/fast/mj/…` in its requests, and doesn't mention a list, a task list, cancel,
   * seed, swap or edits. Video is on another page of docs.yutoai.net, which requires words and writes the index of a clip
   * as text. The operator sets its base URL.
   */
  yutoai: {
    pathPrefix: { fast: '/fast', relax: '/relax' },
    auth: 'bearer',
    actions: [
      ...(['imagine', 'blend', 'describe', 'shorten', 'video'] as const),
      ...pictureActions,
      ...textActions,
      ...videoActions,
    ],
    speeds: ['relax', 'fast'],
    hasList: false,
    hasTaskList: false,
    canCancel: false,
    hasSeed: false,
    usesChange: false,
    extendIndexAs: 'string',
    hasLoopField: false,
    videoNeedsWords: true,
    traits: {
      maxInFlight: 3,
      taskTimeoutMs,
      pollFloorMs: 3_000,
      lookBatch: 10,
      findsByPrompt: true,
      inputs: mjProxyInputs,
      videos: plainVideos,
      usualMs: midjourneyTimes,
    },
  },
  /**
   * Any midjourney-proxy that people run themselves: everything that novicezk's, litter-coder's and trueai-org's have
   * between them. If one lacks something, it refuses and nothing is charged. The Java original, trueai-org's and the
   * gateways read `mj-api-secret`; speeds are sent as flags, which all of them understand.
   */
  mjproxy: {
    pathPrefix: '',
    auth: 'mj-api-secret',
    actions: [...startActions, ...pictureActions, ...textActions, ...videoActions],
    speeds: ['relax', 'fast', 'turbo'],
    hasList: true,
    hasTaskList: true,
    canCancel: true,
    hasSeed: true,
    usesChange: true,
    extendIndexAs: 'number',
    hasLoopField: true,
    videoNeedsWords: true, // trueai-org's does
    traits: {
      maxInFlight: 3,
      taskTimeoutMs,
      pollFloorMs: 3_000,
      lookBatch: 50,
      findsByPrompt: true,
      inputs: mjProxyInputs,
      editModelInputs: promptedPictures,
      // trueai SubmitVideoDTO.cs. HD takes fast speed (docs.midjourney.com, Video).
      videos: { clips: [1, 2, 4], resolutions: ['480p', '720p'], takesEnd: true, is720pFast: true },
      choosesNiji: true, // litter-coder's and trueai-org's; the Java original has no niji and doesn't read it
      usualMs: midjourneyTimes,
    },
  },
} as const satisfies Record<string, MjProxyGateway>;
