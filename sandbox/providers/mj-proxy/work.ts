import { createRandom, toSeed } from '../../pictures/random.ts';
import { readSize } from '../../pictures/size.ts';
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
import { aspectOf, pressOnFilm } from './films.ts';
import { drawStyles, parsePrompt, withAspect } from './prompt.ts';
import type { MjTask, Outcome } from './task.ts';
import { describePicture, shortenPrompt } from './texts.ts';
import { spread, times } from './times.ts';

const strengths = { button: 0.35, subtle: 0.12, strong: 0.6 } as const;

/** A fresh grid: imagine, edits, reroll. An edited picture shows through. */
export function imagine(task: MjTask, prompt: string, edited?: Buffer): Outcome {
  const { words, aspect, complaint } = parsePrompt(prompt);
  const scene = { prompt: words, seed: task.seed };
  const views =
    edited === undefined
      ? createViews({ ...scene, aspect })
      : createViews({
          ...scene,
          aspect: /--(?:ar|aspect)\s/i.test(prompt) ? aspect : aspectOf(edited),
          photo: { picture: edited, opacity: 0.5 },
        });
  return { ...showGrid(task, views, drawStyles(prompt, task.seed)), complaint };
}

/** Each of the four shows a different one of the pictures most. */
export function blend(task: MjTask, prompt: string, pictures: readonly Buffer[]): Outcome {
  const outcome = imagine(task, prompt);
  if (outcome.shown?.as !== 'grid') return outcome;
  const views = outcome.shown.views.map((view, index) => {
    const picture = pictures[index % pictures.length];
    return picture === undefined ? view : { ...view, photo: { picture, opacity: 0.6 } };
  });
  return { ...outcome, shown: { as: 'grid', views } };
}

export function describe(
  task: MjTask,
  { picture, contentType }: { picture: Buffer; contentType: string },
  lineEnd: string,
): Outcome {
  const random = createRandom(toSeed(task.seed, picture.length));
  return {
    takesMs: spread(task, times.describe),
    shown: { as: 'upload', picture, contentType },
    text: describePicture(random, { size: readSize(picture), lineEnd }),
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

export function swap(task: MjTask, pictures: { face: Buffer; target: Buffer }): Outcome {
  return {
    takesMs: spread(task, times.swap),
    shown: { as: 'swap', ...pictures },
    buttons: [],
    finalPrompt: '',
  };
}

/** What a button makes from its parent; undefined if the parent has nothing for it. */
export function press(
  task: MjTask,
  act: ButtonAct,
  answer: { prompt: string; mask: Buffer | undefined },
): Outcome | undefined {
  const parent = task.parent;
  if (parent === undefined) return undefined;
  if (act.do === 'redescribe' && parent.shown?.as === 'upload') return describe(task, parent.shown, '\n');
  const prompt = answer.prompt || parent.finalPrompt;
  if (parent.shown?.as === 'film') return pressOnFilm(task, { act, shown: parent.shown, prompt });
  if (act.do === 'reroll' && parent.shown?.as === 'clip') {
    return reshape(task, {
      act: { do: 'animate', motion: 'low' },
      view: parent.shown.view,
      prompt,
      mask: undefined,
    });
  }
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
