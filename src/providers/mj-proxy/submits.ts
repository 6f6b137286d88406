import { ProviderError } from '../../errors.ts';
import type { FilterTable } from '../../filter-table.ts';
import { addEdited, usesEditModel } from '../../prompt/edit-model.ts';
import { hasFlag, readFlag } from '../../prompt/flags.ts';
import type { Action, Offer, Speed, StartAction } from '../../task.ts';
import type { Picture, ProviderRequest } from '../provider.ts';
import type { MjProxyGateway } from './gateways.ts';
import { readChange, readExtend, toChangeToken } from './offers.ts';

/** What is posted to start a task; the path follows `/mj`. */
export interface Submit {
  readonly path: string;
  readonly body: Record<string, unknown>;
}

export interface SubmitOptions {
  readonly gateway: Pick<MjProxyGateway, 'extendIndexAs' | 'hasLoopField'>;
  /** Whether the prefix before `/mj/` already says the speed. */
  readonly isSpeedInPath: boolean;
  /** Whether a fast request says that it's fast: not if a prefix for all speeds may say another one. */
  readonly saysFast: boolean;
  /** Which accounts at Midjourney should do it, if the operator says so. */
  readonly filter?: FilterTable | undefined;
}

/**
 * The endpoint and body of a request, as in midjourney-proxy's documents (novicezk and litter-coder/midjourney-proxy-plus
 * docs/api.md, trueai-org `Submit…DTO.cs`, new-api's documents). All of them echo `state`; `notifyHook` hears about changes
 * if the gateway passes it on.
 *
 * A speed that isn't in the path is sent as a flag and as a filter: new-api deletes the filter unless its operator allows it,
 * and can be set to strip the flag. Fast has no flag, since it's every gateway's default, but the filter keeps it off accounts
 * that are set to relaxed. The Java original ignores fields that it doesn't know.
 */
export function toSubmit(request: ProviderRequest, options: SubmitOptions): Submit {
  const { filter: { accountFilter = {}, chooseSameChannel, modes: saysMode = true } = {} } = options;
  const speed = options.isSpeedInPath ? undefined : speedOf(request);
  const flag = speed === undefined || speed === 'fast' ? '' : `--${speed}`;
  const { path, body, takesFilter } =
    request.parent === undefined
      ? starts[toStart(request.action)](request, { ...options, flag })
      : toFollowUp(request.parent, request, { ...options, flag });
  const hook = request.callbackUrl === undefined ? {} : { notifyHook: request.callbackUrl };
  const isSaid = speed !== undefined && saysMode && (speed !== 'fast' || options.saysFast);
  const modes = isSaid ? { modes: [speed.toUpperCase()] } : {};
  const filter = takesFilter === false ? {} : { ...accountFilter, ...modes };
  return {
    path,
    body: {
      ...body,
      state: request.reference,
      ...hook,
      ...(path === '/submit/action' && chooseSameChannel !== undefined ? { chooseSameChannel } : {}),
      ...(Object.keys(filter).length === 0 ? {} : { accountFilter: filter }),
    },
  };
}

/**
 * The same request as a letter and a number, for a gateway that has `change` but not `action`: U1–U4, V1–V4 and 🔄 are the
 * same jobs either way (SubmitController.java; midjourney-proxy-plus docs/api.md). `undefined` if there's no such change.
 */
export function toChangeInstead({ action, parent }: ProviderRequest, asked: Submit): Submit | undefined {
  if (parent === undefined || asked.path !== '/submit/action') return undefined;
  const change = readChange(toChangeToken(action, parent.offer.index));
  if (change === undefined) return undefined;
  const { customId: _, ...rest } = asked.body;
  return { path: '/submit/change', body: { ...rest, ...change } };
}

/** Commands that some midjourney-proxies don't have, and their endpoints. */
export const optionalStarts = [
  ['shorten', '/submit/shorten'],
  ['edit', '/submit/edits'],
  ['video', '/submit/video'],
  ['swap', '/insight-face/swap'],
] as const satisfies readonly (readonly [StartAction, string])[];

/** `data:image/png;base64,…`: the only form that the Java original takes (DataUrl), and all others take it, too. */
export function toDataUrl(picture: Picture): string {
  return `data:${picture.type};base64,${picture.bytes.toString('base64')}`;
}

/**
 * Whether a speed that isn't in the path reaches Midjourney: it's a flag in the prompt, and `action`, `change`, `modal`,
 * `blend` and requests that only look at something have no prompt. new-api deletes the filter that could also say it.
 */
export function hasSpeedFlag({ action, offer }: { action: Action; offer?: Offer | undefined }): boolean {
  if (offer !== undefined) return offer.action.startsWith('extend-') && readExtend(offer.token) !== undefined;
  return action === 'imagine' || action === 'edit' || action === 'video';
}

/**
 * Whether the button opens a window under Midjourney's Remix mode: `enableRemix` asks for that window even if the account
 * answers it by itself (trueai-org SubmitActionDTO.cs, TaskService.cs: only these). Others ignore the field, and open it if
 * their account has Remix on (midjourney-proxy-plus docs/api.md). A `change` never opens any.
 */
export function canRemix({ action, token }: Offer): boolean {
  return remixActions.has(action) && readChange(token) === undefined;
}

const remixActions: ReadonlySet<Action> = new Set<Action>([
  'reroll',
  'variation',
  'vary-subtle',
  'vary-strong',
  'pan-left',
  'pan-right',
  'pan-up',
  'pan-down',
]);

/** Whether the result is a video: Midjourney refuses those in turbo mode. */
export function isVideoAction(action: Action): boolean {
  return videoActions.has(action);
}

const videoActions: ReadonlySet<Action> = new Set<Action>([
  'video',
  'animate-high',
  'animate-low',
  'reroll-video',
  'extend-high',
  'extend-low',
  'other-video',
]);

interface Start extends Submit {
  /** Whether the endpoint knows `accountFilter`; a swap isn't done by Midjourney. */
  readonly takesFilter?: false;
}

/** The flag of a speed that has to be said in the words; empty if it hasn't. */
type SaidOptions = SubmitOptions & { readonly flag: string };

const starts: Readonly<Record<StartAction, (request: ProviderRequest, options: SaidOptions) => Start>> = {
  imagine: (request, { flag }) => ({
    path: '/submit/imagine',
    body: {
      botType: hasFlag(request.prompt, 'niji') ? 'NIJI_JOURNEY' : 'MID_JOURNEY',
      prompt: withFlag(request.prompt, flag),
      base64Array: request.pictures.map(toDataUrl),
    },
  }),
  blend: ({ pictures, options }) => ({
    path: '/submit/blend',
    body: {
      ...toBot(options),
      base64Array: pictures.map(toDataUrl),
      dimensions: (options.dimensions ?? 'square').toUpperCase(),
    },
  }),
  describe: (request) => ({
    path: '/submit/describe',
    body: { ...toBot(request.options), base64: pictureOf(request, 0) },
  }),
  // No speed flag: it would be analyzed as part of the prompt.
  shorten: ({ prompt }) => ({ path: '/submit/shorten', body: { prompt } }),
  edit: (request, { flag }) =>
    usesEditModel(request)
      ? toEditModel(request, flag)
      : {
          path: '/submit/edits',
          body: { prompt: withFlag(request.prompt, flag), image: pictureOf(request, 0) },
        },
  video: (request, options) => ({ path: '/submit/video', body: toVideo(request, options) }),
  swap: (request) => ({
    path: '/insight-face/swap',
    body: { sourceBase64: pictureOf(request, 0), targetBase64: pictureOf(request, 1) },
    takesFilter: false,
  }),
};

/**
 * `edits` takes one picture (trueai SubmitEditsDTO.cs, docs of new-api's gateways), but Midjourney's own bot takes several
 * in the words of an imagine (docs.midjourney.com, Edit Model).
 */
function toEditModel({ prompt, pictures }: ProviderRequest, flag: string): Start {
  const words = withFlag(addEdited(prompt, pictures), flag);
  return { path: '/submit/imagine', body: { botType: 'MID_JOURNEY', prompt: words, base64Array: [] } };
}

/** Only if somebody has chosen a bot: which one is the default is up to the gateway. */
function toBot({ isNiji }: ProviderRequest['options']): object {
  return isNiji === undefined ? {} : { botType: isNiji ? 'NIJI_JOURNEY' : 'MID_JOURNEY' };
}

/**
 * trueai SubmitVideoDTO.cs: low motion, 480 pixels and four clips by default; `endImage`, `loop`, `videoType` and `batchSize`
 * are its own. It writes `loop` as Midjourney's flag, and so do we where there's no such field.
 */
function toVideo(request: ProviderRequest, { flag, gateway }: SaidOptions): Record<string, unknown> {
  const { motion, isLoop = false, resolution } = request.options;
  const end = request.pictures[1];
  const loop = isLoop && !gateway.hasLoopField ? '--loop' : '';
  return {
    prompt: withFlag(withFlag(request.prompt, loop), flag),
    motion: motion ?? motionIn(request.prompt),
    image: pictureOf(request, 0),
    ...(end === undefined ? {} : { endImage: toDataUrl(end) }),
    ...(isLoop && gateway.hasLoopField ? { loop: true } : {}),
    ...(resolution === undefined ? {} : { videoType: `vid_1.1_i2v_${resolution.replace('p', '')}` }),
    ...toBatch(request.options),
  };
}

/** The field counts, so what was corrected in the words has to be in it, too. */
function motionIn(prompt: string): 'low' | 'high' {
  return readFlag(prompt, 'motion')?.toLowerCase() === 'high' ? 'high' : 'low';
}

function toBatch({ clips }: ProviderRequest['options']): object {
  return clips === undefined ? {} : { batchSize: clips };
}

function toFollowUp(
  { ref, offer }: NonNullable<ProviderRequest['parent']>,
  request: ProviderRequest,
  { gateway, flag }: SaidOptions,
): Start {
  const taskId = ref['id'];
  // What looks like one of our own tokens is the gateway's if it's an action that we have no name for.
  const isTheirs = offer.action === 'other' || offer.action === 'other-video';
  if (isTheirs) return { path: '/submit/action', body: { taskId, customId: offer.token } };
  const change = readChange(offer.token);
  if (change !== undefined) return { path: '/submit/change', body: { taskId, ...change } };
  const extend = readExtend(offer.token);
  if (extend === undefined) {
    const remix = request.isRemix === true ? { enableRemix: true } : {};
    return { path: '/submit/action', body: { taskId, customId: offer.token, ...remix } };
  }
  return {
    path: '/submit/video',
    body: {
      prompt: withFlag(request.prompt || extend.prompt, flag),
      motion: extend.motion,
      action: 'extend',
      index: gateway.extendIndexAs === 'string' ? String(extend.index) : extend.index,
      // As with windows: trueai and new-api call it `taskId`, docs.yutoai.net calls it `task_id`.
      taskId,
      task_id: taskId,
      ...toBatch(request.options),
    },
  };
}

function toStart(action: Action): StartAction {
  if (action in starts) return action as StartAction;
  throw new Error(`${action satisfies Action} needs the task that it follows`);
}

function pictureOf({ pictures, action }: ProviderRequest, index: number): string {
  const picture = pictures[index];
  if (picture === undefined) throw new ProviderError('rejected', `a picture is missing for ${action}`);
  return toDataUrl(picture);
}

function speedOf({ action, speed }: ProviderRequest): Speed {
  return speed === 'turbo' && isVideoAction(action) ? 'fast' : speed;
}

function withFlag(prompt: string, flag: string): string {
  return flag === '' ? prompt : `${prompt} ${flag}`.trim();
}
