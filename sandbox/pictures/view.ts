import { createRandom, toSeed } from './random.ts';

/** Width divided by height, as asked for by `--ar 16:9`. */
export type Aspect = number;

/** The part of the world that is seen; 1000 units are the height of a fresh tile. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/**
 * One single picture, as data. The world behind it has no edges, so that zooming out and panning show more of the
 * same place. Nothing is drawn until `draw.ts` is asked to.
 */
export interface View {
  prompt: string;
  /** Says which place it is: kind of scene, palette, the run of the hills. */
  seed: number;
  /** Which of the four; tiles of one grid never share a kind of scene. */
  tile: number;
  /** One entry for each "vary" that led here; a place shifts by `strength` of itself. */
  changes: readonly { seed: number; strength: number }[];
  box: Box;
  /** A picture that was sent: it covers the scene as much as `opacity` says. */
  photo?: Photo;
  /** Repainted parts (Vary Region): where the mask is white, this other view shows. */
  repainted?: { mask: Buffer; by: View };
}

export interface Photo {
  picture: Buffer;
  opacity: number;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

export const tilesOfGrid = [0, 1, 2, 3] as const;

const tileHeight = 1000;

/** Zooming out further shows nothing more, since drawing more and more of the world would take longer and longer. */
const highestBox = 8 * tileHeight;

/** The four pictures of a fresh grid. */
export function createViews(scene: { prompt: string; seed: number; aspect: Aspect; photo?: Photo }): View[] {
  return tilesOfGrid.map((tile) => ({
    prompt: scene.prompt,
    seed: toSeed(scene.prompt, scene.seed),
    tile,
    changes: [],
    box: createBox(scene.aspect),
    ...(scene.photo && { photo: scene.photo }),
  }));
}

/** Four pictures like this one. Strength 0.1 is Vary (Subtle), 0.35 a V button, 0.6 Vary (Strong). */
export function vary(view: View, options: { seed: number; strength: number; prompt?: string }): View[] {
  return tilesOfGrid.map((tile) => ({
    ...view,
    prompt: options.prompt ?? view.prompt,
    changes: [...view.changes, { seed: toSeed(options.seed, tile), strength: options.strength }],
  }));
}

/** The same picture, smaller, amid wider surroundings. */
export function zoomOut(view: View, wanted: number): View {
  const { x, y, width, height } = view.box;
  const factor = Math.min(wanted, Math.max(1, highestBox / height));
  return {
    ...view,
    box: {
      x: x - (width * (factor - 1)) / 2,
      y: y - (height * (factor - 1)) / 2,
      width: width * factor,
      height: height * factor,
    },
  };
}

/** A step into the picture; share 1 is a quarter closer. */
export function approach(view: View, share: number): View {
  const { x, y, width, height } = view.box;
  const factor = 1 - share / 4;
  const box = { width: width * factor, height: height * factor };
  return { ...view, box: { ...box, x: x + (width - box.width) / 2, y: y + (height - box.height) / 2 } };
}

/** The picture, longer by half on one side. */
export function pan(view: View, direction: Direction): View {
  const { x, y, width, height } = view.box;
  const boxes: Record<Direction, Box> = {
    left: { x: x - width / 2, y, width: width * 1.5, height },
    right: { x, y, width: width * 1.5, height },
    up: { x, y: y - height / 2, width, height: height * 1.5 },
    down: { x, y, width, height: height * 1.5 },
  };
  return { ...view, box: boxes[direction] };
}

/** Wider surroundings until the picture is as wide as high. */
export function square(view: View): View {
  const { x, y, width, height } = view.box;
  const side = Math.max(width, height);
  return {
    ...view,
    box: { x: x - (side - width) / 2, y: y - (side - height) / 2, width: side, height: side },
  };
}

/** Other content where the mask is white (black keeps). */
export function repaint(view: View, options: { mask: Buffer; seed: number; prompt: string }): View[] {
  return tilesOfGrid.map((tile) => {
    const [other = view] = createViews({
      prompt: options.prompt,
      seed: toSeed(options.seed, tile),
      aspect: 1,
    });
    return { ...view, repainted: { mask: options.mask, by: { ...other, tile, box: view.box } } };
  });
}

export function toAspect(view: View): Aspect {
  return view.box.width / view.box.height;
}

/** A number of the place that all changes have moved: `base` is 0 to 1 and stays so. */
export function shift(view: View, label: string, base: number): number {
  let value = base;
  for (const change of view.changes) {
    const other = createRandom(toSeed(change.seed, label))();
    value += (other - value) * change.strength;
  }
  return value;
}

/** Where a fresh picture of that aspect lies. */
export function createBox(aspect: Aspect): Box {
  const width = tileHeight * aspect;
  return { x: -width / 2, y: 0, width, height: tileHeight };
}
