import { between, createRandom, type Random, toSeed } from '../../pictures/random.ts';
import {
  createViews,
  pan,
  repaint,
  square,
  toAspect,
  type View,
  vary,
  zoomOut,
} from '../../pictures/view.ts';
import {
  type Button,
  createDescribeButtons,
  createGridButtons,
  createPickedVideoButtons,
  createShortenButtons,
  createSingleButtons,
  createUpscaledButtons,
  createVideoButtons,
} from './buttons.ts';
import type { ButtonAct } from './custom-id.ts';
import { parsePrompt, withAspect } from './prompt.ts';
import type { MjTask, Outcome } from './task.ts';
import { describePicture, shortenPrompt } from './texts.ts';

/** Realistic times in milliseconds: fast mode, as users report them for v6 and v7. */
const times = {
  grid: 40_000,
  pick: 6_000,
  upscale: 35_000,
  describe: 12_000,
  shorten: 8_000,
  swap: 10_000,
  video: 90_000,
} as const;

const strengths = { button: 0.35, subtle: 0.12, strong: 0.6 } as const;

/** A fresh grid: imagine, blend, edits, reroll. */
export function imagine(task: MjTask, prompt: string): Outcome {
  const { words, aspect, complaint } = parsePrompt(prompt);
  return { ...showGrid(task, createViews({ prompt: words, seed: task.seed, aspect }), prompt), complaint };
}

export function describe(task: MjTask, picture: { picture: Buffer; contentType: string }): Outcome {
  return {
    takesMs: spread(task, times.describe),
    shown: { as: 'upload', ...picture },
    text: describePicture(createRandom(toSeed(task.seed, picture.picture.length))),
    buttons: createDescribeButtons(),
    finalPrompt: '',
  };
}

export function shorten(task: MjTask, prompt: string): Outcome {
  return {
    takesMs: spread(task, times.shorten),
    text: shortenPrompt(prompt),
    buttons: createShortenButtons(),
    finalPrompt: prompt,
  };
}

export function swap(task: MjTask): Outcome {
  const [view] = createViews({ prompt: 'InsightFace', seed: task.seed, aspect: 1 });
  const shown = view === undefined ? {} : { shown: { as: 'single', view, scale: 1 } as const };
  return { takesMs: spread(task, times.swap), ...shown, buttons: [], finalPrompt: '' };
}

export function animate(task: MjTask, prompt: string): Outcome {
  const [view] = createViews({ prompt, seed: task.seed, aspect: 1 });
  if (view === undefined) throw new Error('Every set has a first view');
  return showClip(task, { view, takesMs: times.video, buttons: createVideoButtons(task.job), prompt });
}

/** What a button makes of its parent; undefined where the parent has nothing for it. */
export function press(
  task: MjTask,
  act: ButtonAct,
  answer: { prompt: string; mask: Buffer | undefined },
): Outcome | undefined {
  const parent = task.parent;
  if (parent === undefined) return undefined;
  const prompt = answer.prompt || parent.finalPrompt;
  if (act.do === 'reroll' && parent.shown?.as === 'clip') return animate(task, prompt);
  if (act.do === 'reroll' || act.do === 'read') return imagine(task, prompt);
  if (act.do === 'pick' && parent.shown?.as === 'grid') {
    const view = parent.shown.views[act.tile];
    return view === undefined ? undefined : showSingle(task, { view, isUpscaled: false, prompt });
  }
  const view = toParentView(parent, act);
  if (view === undefined) return undefined;
  if (act.do === 'upscale') {
    const [changed = view] = act.creative ? vary(view, { seed: task.seed, strength: 0.06 }) : [view];
    return showSingle(task, { view: changed, isUpscaled: true, prompt });
  }
  return reshape(task, { act, view, prompt, mask: answer.mask });
}

interface Reshaping {
  act: ButtonAct;
  view: View;
  prompt: string;
  mask: Buffer | undefined;
}

function reshape(task: MjTask, { act, view, prompt, mask }: Reshaping): Outcome | undefined {
  const { words, complaint, zoom } = parsePrompt(prompt);
  const slight = { seed: task.seed, strength: 0.05 };
  switch (act.do) {
    case 'vary':
      return {
        ...showGrid(
          task,
          vary(view, { seed: task.seed, strength: strengths[act.strength], prompt: words }),
          prompt,
        ),
        complaint,
      };
    case 'zoom':
      return showGrid(task, vary(zoomOut(view, act.factor), slight), prompt);
    case 'custom-zoom': {
      const outcome = showGrid(task, vary(zoomOut(view, zoom ?? 1), { ...slight, prompt: words }), prompt);
      // "the prompt must contain --zoom" (midjourney-proxy-plus docs/api.md); Midjourney says so by failing.
      return {
        ...outcome,
        complaint: complaint ?? (zoom === undefined ? 'Invalid parameter, --zoom is missing' : undefined),
      };
    }
    case 'pan': {
      const wider = pan(view, act.direction);
      return showGrid(task, vary(wider, slight), withAspect(prompt, toAspect(wider)));
    }
    case 'square':
      return showGrid(task, vary(square(view), slight), withAspect(prompt, 1));
    case 'inpaint':
      return mask === undefined
        ? undefined
        : { ...showGrid(task, repaint(view, { mask, seed: task.seed, prompt: words }), prompt), complaint };
    case 'animate':
      return showClip(task, { view, takesMs: times.video, buttons: createVideoButtons(task.job), prompt });
    case 'video-pick':
      return showClip(task, {
        view,
        takesMs: times.pick,
        buttons: createPickedVideoButtons(task.job),
        prompt,
      });
    default:
      return undefined;
  }
}

interface Clip {
  view: View;
  takesMs: number;
  buttons: readonly Button[];
  prompt: string;
}

function showClip(task: MjTask, { view, takesMs, buttons, prompt }: Clip): Outcome {
  return { takesMs: spread(task, takesMs), shown: { as: 'clip', view }, buttons, finalPrompt: prompt };
}

function showGrid(task: MjTask, views: readonly View[], finalPrompt: string): Outcome {
  return {
    takesMs: spread(task, times.grid),
    shown: { as: 'grid', views },
    buttons: createGridButtons(task.job),
    finalPrompt,
  };
}

function showSingle(task: MjTask, single: { view: View; isUpscaled: boolean; prompt: string }): Outcome {
  const { view, isUpscaled, prompt } = single;
  const options = { version: parsePrompt(prompt).version, isSquare: toAspect(view) === 1 };
  const createButtons: (job: string, options: Parameters<typeof createSingleButtons>[1]) => Button[] =
    isUpscaled ? createUpscaledButtons : createSingleButtons;
  return {
    takesMs: spread(task, isUpscaled ? times.upscale : times.pick),
    shown: { as: 'single', view, scale: isUpscaled ? 2 : 1 },
    buttons: createButtons(task.job, options),
    finalPrompt: prompt,
  };
}

function toParentView(parent: MjTask, act: ButtonAct): View | undefined {
  if (parent.shown?.as === 'single' || parent.shown?.as === 'clip') return parent.shown.view;
  if (parent.shown?.as === 'grid' && act.do === 'vary') return parent.shown.views[act.tile];
  return undefined;
}

/** A third more or less, by the task's own seed. */
function spread(task: MjTask, milliseconds: number): number {
  const random: Random = createRandom(toSeed(task.seed, 'time'));
  return Math.round(milliseconds * between(random, 0.75, 1.35));
}
