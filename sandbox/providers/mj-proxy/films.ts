import { filmFrames, longestFilmFrames } from '../../pictures/draw.ts';
import { readSize } from '../../pictures/size.ts';
import { createViews, type View } from '../../pictures/view.ts';
import { createPickedVideoButtons, createVideoButtons } from './buttons.ts';
import type { ButtonAct } from './custom-id.ts';
import type { FilmShown, MjTask, Outcome } from './task.ts';
import { spread, times } from './times.ts';

/** A set of clips that begin with a picture; for an address, with one drawn from the prompt. */
export function film(task: MjTask, wish: FilmWish): Outcome {
  const { prompt, picture, end, lines, clips, isLoop } = wish;
  return showFilm(task, {
    shown: {
      as: 'film',
      view: toFirstView(task, prompt, picture),
      clips: toClips(clips),
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
  /** 1, 2 or 4. */
  clips: number;
  isLoop: boolean;
}

/** Longer clips that continue one: four, or as many as that. */
export function extendFilm(task: MjTask, shown: FilmShown, prompt: string, clips = 4): Outcome {
  return showFilm(task, {
    shown: { ...shown, clips: toClips(clips), frames: shown.frames + filmFrames },
    prompt,
  });
}

/** Each clip of a set has another camera move. */
function toClips(count: number): number[] {
  return Array.from({ length: count }, (_, clip) => clip);
}

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
    buttons: createVideoButtons(task.job, shown.clips.length),
    finalPrompt: prompt,
  };
}

/** 21 seconds (docs.midjourney.com, Video). */
export function isLongest({ frames }: FilmShown): boolean {
  return frames >= longestFilmFrames;
}

/** All of them again, one of them, or an extension. */
export function pressOnFilm(
  task: MjTask,
  { act, shown, prompt }: { act: ButtonAct; shown: FilmShown; prompt: string },
): Outcome | undefined {
  if (act.do === 'reroll') return showFilm(task, { shown, prompt });
  if (act.do === 'animate') return isLongest(shown) ? undefined : extendFilm(task, shown, prompt);
  const clip = act.do === 'video-pick' ? shown.clips[act.tile] : undefined;
  if (clip === undefined) return undefined;
  return {
    takesMs: spread(task, times.pick),
    shown: { ...shown, clips: [clip] },
    buttons: createPickedVideoButtons(task.job),
    finalPrompt: prompt,
  };
}

/** The most extreme aspect ratio that Midjourney makes. */
export function aspectOf(picture: Buffer): number {
  const { width, height } = readSize(picture);
  return Math.min(4, Math.max(1 / 4, width / Math.max(1, height)));
}
