import { withoutSpeedFlags } from '../../prompt/flags.ts';
import type { Action, FollowUpAction, Media, Offer } from '../../task.ts';
import { type Button, isVideoPick, toOffer } from './buttons.ts';
import type { MjProxyGateway } from './gateways.ts';
import type { MjTask } from './task.ts';

/**
 * What can be done next with a finished task: its buttons, in their order, without those that the gateway refuses, each once.
 * Two things work without a button: `change`, if an API has no buttons at all, and extending a video whose own buttons
 * are refused.
 */
export function toOffers(task: MjTask, media: readonly Media[], gateway: OfferTraits): Offer[] {
  // The Java original's tasks don't have this field; everywhere else it's a list, or null.
  if (task.buttons === undefined && gateway.usesChange && changeable.has(task.action ?? ''))
    return [...changes];
  const buttons = takenButtons(task, gateway);
  // The same button rerolls a grid or a set of videos.
  const isFilm = media.some(({ kind }) => kind === 'video') || (task.buttons ?? []).some(isVideoPick);
  const offers = buttons
    .flatMap((button) => toOffer(button) ?? [])
    .map((offer) =>
      isFilm && offer.action === 'reroll' ? { ...offer, action: 'reroll-video' as const } : offer,
    );
  const goesOn = buttons.some(isVideoPick) || offers.some(({ action }) => action.startsWith('extend-'));
  return goesOn ? offers : [...offers, ...toExtends(task, media)];
}

type OfferTraits = Pick<MjProxyGateway, 'refusedButtons' | 'usesChange'>;

/** What can be done next with prompts that were found, apart from imagining one of them: all of them, or others. */
export function toTextOffers(task: MjTask, gateway: OfferTraits): Offer[] {
  return takenButtons(task, gateway).flatMap((button) => toOffer(button) ?? []);
}

function takenButtons({ buttons }: MjTask, { refusedButtons }: OfferTraits): Button[] {
  const taken = (buttons ?? []).filter(({ customId }) => refusedButtons?.test(customId ?? '') !== true);
  return [...new Map(taken.map((button) => [button.customId, button])).values()];
}

const changeable: ReadonlySet<string> = new Set(['IMAGINE', 'BLEND', 'VARIATION', 'REROLL']);
const tiles = [1, 2, 3, 4] as const;

function toChanges(change: string, action: FollowUpAction): Offer[] {
  return tiles.map((index) => ({ action, index, token: `change:${change}:${index}` }));
}

/**
 * U1–U4, 🔄, V1–V4 in Midjourney's order, by the rule of novicezk/midjourney-proxy (SubmitController.java, change):
 * grids can be changed, single pictures can't.
 */
const changes: readonly Offer[] = [
  ...toChanges('UPSCALE', 'upscale'),
  // new-api wants an index other than 0 even here; the others don't look at it.
  { action: 'reroll', token: 'change:REROLL:1' },
  ...toChanges('VARIATION', 'variation'),
];

/** The token for an action of an API without buttons; it can't be read back if there's no such change. */
export function toChangeToken(action: Action, index = 1): string {
  return `change:${letters[action]}:${index}`;
}

const letters: Readonly<Partial<Record<Action, string>>> = {
  upscale: 'UPSCALE',
  variation: 'VARIATION',
  reroll: 'REROLL',
};

/** The fields that a `change` token stands for. */
export function readChange(token: string): { action: string; index: number } | undefined {
  const [, action, index] = /^change:([A-Z]+):([1-4])$/.exec(token) ?? [];
  return action === undefined ? undefined : { action, index: Number(index) };
}

const videoTasks: ReadonlySet<string> = new Set(['VIDEO', 'VIDEO_EXTEND']);

/**
 * `POST /mj/submit/video` with `action: extend` continues one clip, counted from 0 (trueai SubmitVideoDTO.cs). Showing one of
 * several alone needs no gateway.
 */
function toExtends(task: MjTask, media: readonly Media[]): Offer[] {
  if (!videoTasks.has(task.action ?? '')) return [];
  const clips = media.filter(({ kind }) => kind === 'video').slice(0, 4);
  // The words have to be sent again, and only the finished task has them.
  const prompt = withoutSpeedFlags(task.prompt || task.promptEn || '');
  const extensions = (['high', 'low'] as const).flatMap((motion) =>
    clips.map((_, index) => ({
      action: `extend-${motion}` as const,
      index: index + 1,
      token: `extend:${motion}:${index}:${prompt}`,
      takesWords: true,
    })),
  );
  const picks = clips.map((_, index) => ({
    action: 'upscale' as const,
    index: index + 1,
    token: `pick:${index}`,
    isLocal: true,
  }));
  return clips.length > 1 ? [...picks, ...extensions] : extensions;
}

/** The fields that an `extend` token stands for. */
export function readExtend(token: string): { motion: string; index: number; prompt: string } | undefined {
  const [, motion, index, prompt = ''] = /^extend:(high|low):([0-3]):(.*)$/su.exec(token) ?? [];
  return motion === undefined ? undefined : { motion, index: Number(index), prompt };
}
