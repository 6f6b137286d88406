import { filmFrames } from '../../pictures/draw.ts';
import { between, createRandom, toSeed } from '../../pictures/random.ts';
import {
  createViews,
  type Direction,
  pan,
  repaint,
  square,
  toAspect,
  type View,
  vary,
  zoomOut,
} from '../../pictures/view.ts';
import { parsePrompt, withAspect } from '../mj-proxy/prompt.ts';
import type { AceTask, Outcome } from './task.ts';

/** Realistic times in milliseconds at fast speed. */
const times = { grid: 40_000, pick: 6_000, upscale: 35_000, edit: 60_000, video: 90_000 } as const;

const gridActions = ['upscale1', 'upscale2', 'upscale3', 'upscale4', 'reroll'].concat([
  'variation1',
  'variation2',
  'variation3',
  'variation4',
]);

const wideActions = ['zoom_out_2x', 'zoom_out_1_5x', 'pan_left', 'pan_right', 'pan_up', 'pan_down'];

/** A fresh grid; its prompt begins with the addresses of pictures (imagine guide). */
export function generate(task: AceTask, prompt: string): Outcome {
  const { words, aspect, complaint } = parsePrompt(prompt);
  const parts = words.split(/\s+/).filter((part) => part !== '');
  const pictures = parts.filter((part) => /^https?:\/\//.test(part)).length;
  const isAlone = pictures === 1 && parts.length === 1;
  const text = parts.slice(pictures).join(' ') || 'blend';
  return {
    ...toGrid(task, createViews({ prompt: text, seed: task.seed, aspect }), prompt),
    // Midjourney's own rule: one picture needs a prompt, two or more are blended.
    complaint: complaint ?? findStray(words) ?? (isAlone ? 'Invalid image prompt position' : undefined),
  };
}

/** Edits have no list of actions (edits guide). */
export function edit(task: AceTask, prompt: string): Outcome {
  const { actions: _none, ...outcome } = generate(task, prompt);
  return { ...outcome, takesMs: spread(task, times.edit) };
}

/** Four videos from a picture, or longer ones from one of four earlier ones. */
export function film(task: AceTask, prompt: string): Outcome {
  const { words, complaint } = parsePrompt(prompt);
  const parent = task.parent?.outcome?.shown;
  const earlier = parent?.as === 'videos' ? parent : undefined;
  const fresh = createViews({ prompt: words, seed: task.seed, aspect: 1 });
  const continued = earlier?.views[Number(task.request['video_index'] ?? 0)];
  const views = continued === undefined ? fresh : fresh.map(() => continued);
  const frames = (earlier?.frames ?? 0) + filmFrames;
  const { resolution, loop } = task.request;
  // 720p unless it's told (videos guide).
  const how = { lines: resolution === '480p' ? 480 : 720, isLoop: loop === true };
  const shown = { as: 'videos', views, frames, ...how } as const;
  return { takesMs: spread(task, times.video), shown, prompt, complaint };
}

/** What an action makes from a picture; undefined if the picture doesn't offer it. */
export function follow(task: AceTask, prompt: string, mask: Buffer | undefined): Outcome | undefined {
  const parent = task.parent?.outcome;
  if (parent === undefined) return undefined;
  const words = prompt || parent.prompt;
  const { action, seed } = task;
  const { shown, actions = [] } = parent;
  // Only for single pictures that were made here (imagine guide).
  const isRegion = action === 'variation_region' && shown.as === 'single';
  if (!actions.includes(action) && !isRegion) return undefined;
  if (action === 'reroll') return generate(task, words);
  const [, name = action, number = ''] = /^(upscale|variation)([1-4])$/.exec(action) ?? [];
  const view = shown.as === 'single' ? shown.view : shown.views[Number(number) - 1];
  if (view === undefined) return undefined;
  if (number !== '' && name === 'upscale') return toSingle(task, { view, scale: 1, prompt: words });
  if (number !== '') return toGrid(task, vary(view, { seed, strength: 0.35 }), words);
  if (name.includes('upscale_')) return enlarge(task, view, words);
  return reshape(task, { view, mask, prompt: words });
}

function enlarge(task: AceTask, view: View, prompt: string): Outcome {
  const isCreative = task.action.endsWith('creative');
  const [changed = view] = isCreative ? vary(view, { seed: task.seed, strength: 0.06 }) : [view];
  return toSingle(task, { view: changed, scale: task.action.endsWith('4x') ? 4 : 2, prompt });
}

function reshape(
  task: AceTask,
  { view, mask, prompt }: { view: View; mask: Buffer | undefined; prompt: string },
): Outcome | undefined {
  const { action, seed } = task;
  const slight = { seed, strength: 0.05 };
  switch (action) {
    case 'variation_subtle':
      return toGrid(task, vary(view, { seed, strength: 0.12 }), prompt);
    case 'variation_strong':
      return toGrid(task, vary(view, { seed, strength: 0.6 }), prompt);
    case 'zoom_out_2x':
    case 'zoom_out_1_5x':
      return toGrid(task, vary(zoomOut(view, action === 'zoom_out_2x' ? 2 : 1.5), slight), prompt);
    case 'remaster':
      return toGrid(task, vary(view, { seed, strength: 0.3 }), prompt);
    case 'square':
      return toGrid(task, vary(square(view), slight), withAspect(prompt, 1));
    case 'variation_region': {
      const { words, complaint } = parsePrompt(prompt);
      if (mask === undefined) return undefined;
      return { ...toGrid(task, repaint(view, { mask, seed, prompt: words }), prompt), complaint };
    }
    default: {
      const wider = pan(view, action.replace('pan_', '') as Direction);
      return toGrid(task, vary(wider, slight), withAspect(prompt, toAspect(wider)));
    }
  }
}

function toGrid(task: AceTask, views: readonly View[], prompt: string): Outcome {
  return { takesMs: spread(task, times.grid), shown: { as: 'grid', views }, actions: gridActions, prompt };
}

function toSingle(task: AceTask, single: { view: View; scale: number; prompt: string }): Outcome {
  const { view, scale, prompt } = single;
  // The published list is version 5's; later models enlarge subtly or creatively (Nexior, models/midjourney.ts).
  const isOld = ['4', '5'].includes(parsePrompt(prompt).version);
  const upscales = isOld ? ['upscale_2x', 'upscale_4x'] : ['upscale_subtle', 'upscale_creative'];
  const isEnlarged = scale > 1;
  const actions = [
    ...upscales.map((action) => (isEnlarged ? `redo_${action}` : action)),
    'variation_subtle',
    'variation_strong',
    ...wideActions,
    ...(toAspect(view) === 1 ? [] : ['square']),
    // A new one, which no client has a name for.
    'remaster',
  ];
  const takesMs = spread(task, isEnlarged ? times.upscale : times.pick);
  return { takesMs, shown: { as: 'single', view, scale }, actions, prompt };
}

/** Words that begin with one dash: the failure that the imagine guide publishes. */
function findStray(words: string): string | undefined {
  const stray = words.split(/\s+/).filter((word) => /^-[a-z]/i.test(word));
  if (stray.length === 0) return undefined;
  return `Unrecognized argument(s): ${stray.map((word) => `\`${word}\``).join(', ')}`;
}

/** Up to a third more or less, by the task's own seed. */
function spread(task: AceTask, milliseconds: number): number {
  return Math.round(milliseconds * between(createRandom(toSeed(task.seed, 'time')), 0.75, 1.35));
}
