import type { RegionFacts, RegionTool } from '../region-protocol.ts';
import { element, say } from './elements.ts';
import { createForm } from './form.ts';
import { percent, watchKeyboard, zoomStep } from './keyboard.ts';
import { type LoadedPicture, loadPicture } from './load-picture.ts';
import { createMask, type Mask } from './mask.ts';
import { createPainter, type Painter } from './painter.ts';
import { watchPointer } from './pointer.ts';
import { createView, type View } from './view.ts';

const facts = JSON.parse(element('facts').textContent ?? '') as RegionFacts;
const { words } = facts;
const canvas = element<HTMLCanvasElement>('canvas');
const size = element<HTMLInputElement>('size');
const form = createForm(facts);

/** The widest brush, in parts of the shorter side. */
const widest = 0.5;
/** How far a key changes the size of the brush. */
const sizeStep = 5;

async function load(): Promise<void> {
  const [cover, reload] = [element('cover'), element('reload')];
  reload.hidden = true;
  const loaded = await loadPicture(`${location.pathname.replace(/\/$/u, '')}/picture`);
  if (loaded === undefined) {
    element('cover-text').textContent = words.loadFailed;
    reload.hidden = false;
    return;
  }
  cover.hidden = true;
  edit(loaded);
}

function edit({ picture, width, height }: LoadedPicture): void {
  const mask = createMask(width, height);
  const painter = createPainter(mask, onChange);
  const view = createView(canvas, {
    picture,
    mask: mask.canvas,
    overlay() {
      const at = keyboard.cursor ?? pointer.hovered;
      const brush = isBrush(painter) && at !== undefined ? { at, width: painter.width } : undefined;
      return { outline: painter.outline, brush, cursor: keyboard.cursor };
    },
  });
  const pointer = watchPointer(canvas, { painter, view });
  const actions = createActions({ mask, painter, view, onChange });
  const keyboard = watchKeyboard(canvas, { painter, view, size: { width, height }, actions, words, say });

  function onChange(): void {
    element<HTMLButtonElement>('undo').disabled = !mask.canUndo;
    element<HTMLButtonElement>('redo').disabled = !mask.canRedo;
    const part = mask.measure();
    element('painted').textContent =
      part === 0 ? words.nothingPainted : words.painted.replace('{percent}', percentOf(part));
    view.refresh();
  }

  const resize = () => {
    painter.width = widthOf(Number(size.value), Math.min(width, height));
    view.refresh();
  };
  size.addEventListener('input', resize);
  for (const input of document.querySelectorAll<HTMLInputElement>('input[name=tool]'))
    input.addEventListener('change', () => {
      if (input.checked) actions.choose(input.value as RegionTool);
    });
  for (const [id, act] of [
    ['undo', actions.undo],
    ['redo', actions.redo],
    ['invert', actions.invert],
    ['clear', actions.clear],
    ['zoom-in', () => actions.zoom(zoomStep)],
    ['zoom-out', () => actions.zoom(1 / zoomStep)],
    ['fit', actions.fit],
  ] as const)
    element(id).addEventListener('click', act);
  resize();
  view.fit();
  onChange();
  form.ready(mask);
}

function createActions({
  mask,
  painter,
  view,
  onChange,
}: {
  mask: Mask;
  painter: Painter;
  view: View;
  onChange: () => void;
}) {
  const change = (isPossible: boolean, act: () => void, sentence: string) => {
    if (painter.isActive) painter.drop();
    if (!isPossible) return;
    act();
    onChange();
    say(sentence);
  };
  const sayZoom = () => say(words.zoomed.replace('{percent}', percent(view.scale)));
  return {
    choose(tool: RegionTool) {
      if (painter.isActive) painter.drop();
      painter.tool = tool;
      const input = document.querySelector<HTMLInputElement>(`input[name=tool][value=${tool}]`);
      if (input !== null && !input.checked) {
        input.checked = true;
        say(input.ariaLabel ?? '');
      }
      canvas.dataset['tool'] = tool;
      view.refresh();
    },
    resize(steps: number) {
      size.value = String(Number(size.value) + steps * sizeStep);
      size.dispatchEvent(new Event('input'));
    },
    undo: () => change(mask.canUndo, () => mask.undo(), words.undone),
    redo: () => change(mask.canRedo, () => mask.redo(), words.redone),
    invert: () => change(true, () => mask.add({ kind: 'invert' }), words.inverted),
    clear: () => change(true, () => mask.add({ kind: 'clear' }), words.cleared),
    zoom(factor: number) {
      view.zoom(factor);
      sayZoom();
    },
    fit() {
      view.fit();
      sayZoom();
    },
  };
}

function isBrush({ tool }: Painter): boolean {
  return tool === 'brush' || tool === 'eraser';
}

/** Finer at the small end, where a pixel matters. */
function widthOf(value: number, side: number): number {
  return Math.max(1, (value / 100) ** 2 * widest * side);
}

/** Something is painted, so it's never 0, and it's only everything if it is. */
function percentOf(part: number): string {
  return percent(part === 1 ? 1 : Math.min(0.99, Math.max(0.01, part)));
}

element('reload').addEventListener('click', () => void load());
void load();
