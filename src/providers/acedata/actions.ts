import { type Action, type FollowUpAction, followUpActions, type Offer } from '../../task.ts';
import { namesVideo, readForeignButton } from '../foreign-buttons.ts';

/** Actions on one picture of a grid; the number at the end says which. */
const indexedActions: Readonly<Record<string, FollowUpAction>> = {
  upscale: 'upscale',
  variation: 'variation',
};

/**
 * Actions on the whole: those of published results (AceDataCloud/MidjourneyAPI, imagine guide), and those that only the
 * vendor's own page has: the subtle and creative upscales, the redone ones and `square` (AceDataCloud/Nexior,
 * models/midjourney.ts).
 */
const wholeActions: Readonly<Record<string, FollowUpAction>> = {
  reroll: 'reroll',
  upscale_2x: 'upscale-2x',
  upscale_4x: 'upscale-4x',
  upscale_subtle: 'upscale-subtle',
  upscale_creative: 'upscale-creative',
  redo_upscale_2x: 'redo-upscale-2x',
  redo_upscale_4x: 'redo-upscale-4x',
  redo_upscale_subtle: 'redo-upscale-subtle',
  redo_upscale_creative: 'redo-upscale-creative',
  variation_subtle: 'vary-subtle',
  variation_strong: 'vary-strong',
  variation_region: 'vary-region',
  zoom_out_2x: 'zoom-2x',
  zoom_out_1_5x: 'zoom-1.5x',
  square: 'square',
  pan_left: 'pan-left',
  pan_right: 'pan-right',
  pan_up: 'pan-up',
  pan_down: 'pan-down',
};

const regionToken = 'variation_region';

/** Videos come without a list of actions: `extend` takes any video of a set (AceDataCloud/MidjourneyAPI, videos guide). */
const extendToken = 'extend';

const followUps: ReadonlySet<FollowUpAction> = new Set([
  ...Object.values(indexedActions),
  ...Object.values(wholeActions),
  'extend-high',
  'extend-low',
]);

/** Everything that can be started: no face swap, no custom zoom, and no button that we know of animates a picture. */
export const acedataActions: ReadonlySet<Action> = new Set<Action>([
  'imagine',
  'blend',
  'describe',
  'shorten',
  'edit',
  'video',
  ...followUpActions.filter((action) => followUps.has(action)),
  'other',
  'other-video',
]);

/**
 * What can be done with a picture, from the `actions` of its result and in their order, each once. One that isn't in the
 * tables is offered under its own name.
 * A region can be varied if the picture was made here (imagine guide) and can be varied as a whole, but no published list
 * has it: it comes after the other variations.
 */
export function toPictureOffers(actions: readonly string[]): Offer[] {
  const offers = [...new Set(actions)].flatMap((token) => toOffer(token) ?? []);
  const last = offers.findLastIndex(({ action }) => action === 'vary-subtle' || action === 'vary-strong');
  if (last === -1 || actions.includes(regionToken)) return offers;
  return offers.toSpliced(last + 1, 0, { action: 'vary-region', token: regionToken });
}

/** Each video of a set can be shown alone, which needs no API, or extended, with high or low motion and other words. */
export function toVideoOffers(count: number): Offer[] {
  const numbers = Array.from({ length: count }, (_, video) => video + 1);
  const extensions = (['extend-high', 'extend-low'] as const).flatMap((action) =>
    numbers.map((index) => ({ action, index, token: extendToken, takesWords: true })),
  );
  const picks = numbers.map((index) => ({
    action: 'upscale' as const,
    index,
    token: `pick-${index}`,
    isLocal: true,
  }));
  return count > 1 ? [...picks, ...extensions] : extensions;
}

/** Whether we have no name for an action, so that nobody knows what its result has to be. */
export function isUnknownAction(token: string | null | undefined): boolean {
  const action = token ? toOffer(token)?.action : undefined;
  return token !== 'generate' && (action === 'other' || action === 'other-video');
}

function toOffer(token: string): Offer | undefined {
  const whole = Object.hasOwn(wholeActions, token) ? wholeActions[token] : undefined;
  if (whole !== undefined) return { action: whole, token };
  const [, name = '', number = ''] = /^(upscale|variation)([1-4])$/.exec(token) ?? [];
  const indexed = indexedActions[name];
  if (indexed !== undefined) return { action: indexed, index: Number(number), token };
  const shown = token.length > longestName ? {} : readForeignButton({}, token);
  if (shown.label === undefined) return undefined;
  return { action: namesVideo(token) ? 'other-video' : 'other', token, ...shown };
}

/** The longest of the API's own has 21 letters. */
const longestName = 200;
