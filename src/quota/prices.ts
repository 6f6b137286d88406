import type { Action, Speed } from '../task.ts';

/** Points for each action at fast speed. */
export const prices: Readonly<Record<Action, number>> = {
  imagine: 100,
  blend: 100,
  describe: 50,
  shorten: 50,
  edit: 100,
  video: 800,
  swap: 50,
  upscale: 10,
  reroll: 100,
  variation: 50,
  'vary-subtle': 50,
  'vary-strong': 50,
  'vary-region': 100,
  'upscale-2x': 10,
  'upscale-4x': 10,
  'upscale-subtle': 10,
  'upscale-creative': 10,
  enlarge: 10,
  enhance: 50,
  'redo-upscale-2x': 10,
  'redo-upscale-4x': 10,
  'redo-upscale-subtle': 10,
  'redo-upscale-creative': 10,
  zoom: 100,
  'zoom-2x': 100,
  'zoom-1.5x': 100,
  'custom-zoom': 100,
  square: 100,
  'pan-left': 100,
  'pan-right': 100,
  'pan-up': 100,
  'pan-down': 100,
  'animate-high': 800,
  'animate-low': 800,
  'reroll-video': 800,
  'extend-high': 800,
  'extend-low': 800,
};

/** In tenths, so that no price ever passes through a fraction. */
const speedTenths: Readonly<Record<Speed, number>> = { relax: 4, fast: 10, turbo: 20 };

/** Points that an action costs at a speed, rounded up to a whole point. */
export function priceOf(action: Action, speed: Speed): number {
  return Math.ceil((prices[action] * speedTenths[speed]) / 10);
}
