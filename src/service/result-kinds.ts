import { type Action, followUpActions, startActions } from '../task.ts';

/** How people tell tasks apart when they look for one: by what came out. */
export const resultKinds = ['image', 'variation', 'upscale', 'zoom', 'video', 'text'] as const;
export type ResultKind = (typeof resultKinds)[number];

const kindOf: Readonly<Record<Action, ResultKind>> = {
  imagine: 'image',
  blend: 'image',
  edit: 'image',
  swap: 'image',
  reroll: 'image',
  enhance: 'image',
  'imagine-all': 'image',
  other: 'image',
  variation: 'variation',
  'vary-subtle': 'variation',
  'vary-strong': 'variation',
  'vary-region': 'variation',
  upscale: 'upscale',
  'upscale-2x': 'upscale',
  'upscale-4x': 'upscale',
  'upscale-subtle': 'upscale',
  'upscale-creative': 'upscale',
  enlarge: 'upscale',
  'redo-upscale-2x': 'upscale',
  'redo-upscale-4x': 'upscale',
  'redo-upscale-subtle': 'upscale',
  'redo-upscale-creative': 'upscale',
  zoom: 'zoom',
  'zoom-2x': 'zoom',
  'zoom-1.5x': 'zoom',
  'custom-zoom': 'zoom',
  square: 'zoom',
  'pan-left': 'zoom',
  'pan-right': 'zoom',
  'pan-up': 'zoom',
  'pan-down': 'zoom',
  video: 'video',
  'animate-high': 'video',
  'animate-low': 'video',
  'reroll-video': 'video',
  'extend-high': 'video',
  'extend-low': 'video',
  'other-video': 'video',
  describe: 'text',
  redescribe: 'text',
  shorten: 'text',
};

/** Returns what can be asked for to get a result of that kind. */
export function listActionsOf(kind: ResultKind): Action[] {
  return [...startActions, ...followUpActions].filter((action) => kindOf[action] === kind);
}
