import type { RegionTool, RegionWords } from '../region-protocol.ts';
import type { Point } from './mask.ts';
import type { Painter } from './painter.ts';
import type { View } from './view.ts';

/** The keyboard's own cursor on the picture. */
export interface Keyboard {
  /** Where it is, while it's in use. */
  readonly cursor: Point | undefined;
}

/** What keys do besides moving the cursor and painting. */
export interface KeyActions {
  choose(tool: RegionTool): void;
  resize(steps: number): void;
  undo(): void;
  redo(): void;
  invert(): void;
  zoom(factor: number): void;
  fit(): void;
}

const directions: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: -1, y: 0 },
  ArrowRight: { x: 1, y: 0 },
  ArrowUp: { x: 0, y: -1 },
  ArrowDown: { x: 0, y: 1 },
};
const toolKeys: Readonly<Record<string, RegionTool>> = {
  b: 'brush',
  r: 'rectangle',
  l: 'lasso',
  e: 'eraser',
  h: 'hand',
};
/** In parts of the longer side. */
const step = 1 / 100;
const longStep = 1 / 10;
/** How far the hand moves the picture, in pixels of the screen. */
const handStep = 40;
export const zoomStep = 1.25;

/** Whoever can't use a pointer paints with the arrow keys and Space. */
export function watchKeyboard(
  canvas: HTMLCanvasElement,
  {
    painter,
    view,
    size,
    actions,
    words,
    say,
  }: {
    painter: Painter;
    view: View;
    size: { width: number; height: number };
    actions: KeyActions;
    words: RegionWords;
    say: (sentence: string) => void;
  },
): Keyboard {
  let cursor: Point = { x: size.width / 2, y: size.height / 2 };
  let isInUse = false;

  function move({ x, y }: Point, isLong: boolean): void {
    const length = Math.max(size.width, size.height) * (isLong ? longStep : step);
    cursor = {
      x: Math.min(size.width, Math.max(0, cursor.x + x * length)),
      y: Math.min(size.height, Math.max(0, cursor.y + y * length)),
    };
    if (painter.isActive) painter.move(cursor);
    view.reveal(cursor);
    const [across, down] = [percent(cursor.x / size.width), percent(cursor.y / size.height)];
    say(words.cursor.replace('{across}', across).replace('{down}', down));
  }

  function toggleStroke(): void {
    const wasActive = painter.isActive;
    if (wasActive) painter.end();
    else painter.begin(cursor);
    if (wasActive) say(words.strokeEnded);
    else if (painter.isActive) say(words.strokeBegun);
  }

  /** Returns whether the key meant something on the picture. */
  function handle({ key, shiftKey }: KeyboardEvent): boolean {
    const direction = directions[key];
    if (direction !== undefined && painter.tool === 'hand')
      view.pan(-direction.x * handStep, -direction.y * handStep);
    else if (direction !== undefined) move(direction, shiftKey);
    else if (key === ' ' || key === 'Enter') toggleStroke();
    else if (key === 'Escape' && painter.isActive) {
      painter.drop();
      say(words.strokeDropped);
    } else return false;
    isInUse = true;
    view.refresh();
    return true;
  }

  canvas.addEventListener('keydown', (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (handle(event) || act(event, actions)) event.preventDefault();
  });
  canvas.addEventListener('pointerdown', () => {
    isInUse = false;
  });
  canvas.addEventListener('blur', () => {
    isInUse = false;
    view.refresh();
  });
  document.addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLTextAreaElement;
    if (isTyping || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key !== 'z' && key !== 'y') return;
    event.preventDefault();
    if (key === 'y' || event.shiftKey) actions.redo();
    else actions.undo();
  });

  return {
    get cursor() {
      return isInUse ? cursor : undefined;
    },
  };
}

/** Returns whether the key is a shortcut. */
function act({ key }: KeyboardEvent, actions: KeyActions): boolean {
  const tool = toolKeys[key.toLowerCase()];
  if (tool !== undefined) actions.choose(tool);
  else if (key === '[') actions.resize(-1);
  else if (key === ']') actions.resize(1);
  else if (key.toLowerCase() === 'i') actions.invert();
  else if (key === '+' || key === '=') actions.zoom(zoomStep);
  else if (key === '-' || key === '−') actions.zoom(1 / zoomStep);
  else if (key === '0') actions.fit();
  else return false;
  return true;
}

/** `0.5` as `50%`, as the reader's language writes it. */
export function percent(part: number): string {
  return part.toLocaleString(document.documentElement.lang, { style: 'percent' });
}
