import { between, createRandom, type Random, toSeed } from '../../pictures/random.ts';
import { readSize } from '../../pictures/size.ts';
import {
  createViews,
  pan,
  repaint,
  square,
  tilesOfGrid,
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
import type { FilmShown, MjTask, Outcome } from './task.ts';
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

/** A fresh grid: imagine, edits, reroll. What is edited shines through. */
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
  return { ...showGrid(task, views, prompt), complaint };
}

/** Each of the four shows another one of the pictures best. */
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

/** A set of four clips that begin with a picture; where that is an address, with one of the prompt's own. */
export function film(task: MjTask, wish: FilmWish): Outcome {
  const { prompt, picture, end, lines, isLoop } = wish;
  return showFilm(task, {
    shown: {
      as: 'film',
      view: toFirstView(task, prompt, picture),
      clips: tilesOfGrid,
      frames: filmFrames,
      lines,
      end: end && toFirstView(task, prompt, end),
      isLoop,
    },
    prompt,
  });
}

export interface FilmWish {
  prompt: string;
  picture: Buffer | undefined;
  end: Buffer | undefined;
  lines: number;
  isLoop: boolean;
}

/** Four longer clips that go on from one. */
export function extendFilm(task: MjTask, shown: FilmShown, prompt: string): Outcome {
  return showFilm(task, {
    shown: { ...shown, clips: tilesOfGrid, frames: shown.frames + filmFrames },
    prompt,
  });
}

const filmFrames = 12;

function toFirstView(task: MjTask, prompt: string, picture: Buffer | undefined): View {
  const aspect = picture === undefined ? 1 : aspectOf(picture);
  const photo = picture === undefined ? {} : { photo: { picture, opacity: 1 } };
  const [view] = createViews({ prompt, seed: task.seed, aspect, ...photo });
  if (view === undefined) throw new Error('Every set has a first view');
  return view;
}

function showFilm(task: MjTask, { shown, prompt }: { shown: FilmShown; prompt: string }): Outcome {
  return {
    takesMs: spread(task, times.video),
    shown,
    buttons: createVideoButtons(task.job),
    finalPrompt: prompt,
  };
}

/** Midjourney makes nothing that is longer than wide by more than that. */
function aspectOf(picture: Buffer): number {
  const { width, height } = readSize(picture);
  return Math.min(4, Math.max(1 / 4, width / Math.max(1, height)));
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

/** All of them again, one of them, or more of it. */
function pressOnFilm(
  task: MjTask,
  { act, shown, prompt }: { act: ButtonAct; shown: FilmShown; prompt: string },
): Outcome | undefined {
  if (act.do === 'reroll') return showFilm(task, { shown, prompt });
  if (act.do === 'animate') return extendFilm(task, shown, prompt);
  const clip = act.do === 'video-pick' ? shown.clips[act.tile] : undefined;
  if (clip === undefined) return undefined;
  return {
    takesMs: spread(task, times.pick),
    shown: { ...shown, clips: [clip] },
    buttons: createPickedVideoButtons(task.job),
    finalPrompt: prompt,
  };
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
