import type { Point } from './mask.ts';
import type { Painter } from './painter.ts';
import type { View } from './view.ts';

/** Mouse, touch and pen on the canvas. */
export interface Pointer {
  /** Where it is in the picture, if it's a mouse or pen over it. */
  readonly hovered: Point | undefined;
}

interface Touch {
  readonly x: number;
  readonly y: number;
}

/** How far one turn of a wheel zooms. */
const zoomPerPixel = 0.0015;
const middleButton = 1;

/**
 * One finger, the pen or the main button uses the tool; two fingers, the middle button and the hand move the picture. Once a
 * pen is used, fingers only move it: a hand rests on the screen.
 */
export function watchPointer(
  canvas: HTMLCanvasElement,
  { painter, view }: { painter: Painter; view: View },
): Pointer {
  const down = new Map<number, Touch>();
  let hovered: Point | undefined;
  let hasPen = false;
  let isPanning = false;

  function place({ clientX, clientY }: PointerEvent | WheelEvent): Touch {
    const box = canvas.getBoundingClientRect();
    return { x: clientX - box.left, y: clientY - box.top };
  }

  function pinch(event: PointerEvent): void {
    const [one, other] = [...down.values()];
    const before = one && other && spanOf(one, other);
    down.set(event.pointerId, place(event));
    const [moved, still] = [...down.values()];
    const after = moved && still && spanOf(moved, still);
    if (before === undefined || after === undefined) return;
    view.pan(after.middle.x - before.middle.x, after.middle.y - before.middle.y);
    if (before.length > 0) view.zoom(after.length / before.length, after.middle);
  }

  canvas.addEventListener('pointerdown', (event) => {
    if (down.size >= 2) return;
    event.preventDefault();
    canvas.focus({ preventScroll: true });
    canvas.setPointerCapture(event.pointerId);
    down.set(event.pointerId, place(event));
    hasPen ||= event.pointerType === 'pen';
    const isFinger = event.pointerType === 'touch';
    if (down.size === 2) {
      painter.drop();
      isPanning = true;
      return;
    }
    isPanning = painter.tool === 'hand' || event.button === middleButton || (isFinger && hasPen);
    if (isPanning || (event.pointerType === 'mouse' && event.button !== 0)) return;
    painter.begin(view.toPicture(event));
    view.refresh();
  });

  canvas.addEventListener('pointermove', (event) => {
    hovered = event.pointerType === 'touch' ? undefined : view.toPicture(event);
    view.refresh();
    const before = down.get(event.pointerId);
    if (before === undefined) return;
    if (down.size === 2) return pinch(event);
    const now = place(event);
    down.set(event.pointerId, now);
    if (isPanning) return view.pan(now.x - before.x, now.y - before.y);
    if (!painter.isActive) return;
    const steps = event.getCoalescedEvents?.() ?? [];
    for (const step of steps.length > 0 ? steps : [event]) painter.move(view.toPicture(step));
  });

  function release(event: PointerEvent, isDropped: boolean): void {
    if (!down.delete(event.pointerId) || isPanning) return;
    if (isDropped) painter.drop();
    else if (painter.isActive) painter.end();
  }
  canvas.addEventListener('pointerup', (event) => release(event, false));
  canvas.addEventListener('pointercancel', (event) => release(event, true));
  canvas.addEventListener('pointerleave', () => {
    hovered = undefined;
    view.refresh();
  });
  canvas.addEventListener('contextmenu', (event) => event.preventDefault());
  canvas.addEventListener(
    'wheel',
    (event) => {
      event.preventDefault();
      if (event.shiftKey) return view.pan(-event.deltaY - event.deltaX, 0);
      view.zoom(Math.exp(-event.deltaY * zoomPerPixel * (event.ctrlKey ? 4 : 1)), place(event));
    },
    { passive: false },
  );

  return {
    get hovered() {
      return hovered;
    },
  };
}

function spanOf(one: Touch, other: Touch): { length: number; middle: Touch } {
  return {
    length: Math.hypot(one.x - other.x, one.y - other.y),
    middle: { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 },
  };
}
