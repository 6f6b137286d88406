import { contextOf, type Point } from './mask.ts';

/** What is drawn on top of the picture and its mask, in pixels of the picture. */
export interface Overlay {
  /** An area that is being drawn. */
  readonly outline: readonly Point[];
  /** Where the brush is, if it's over the picture. */
  readonly brush: { readonly at: Point; readonly width: number } | undefined;
  /** Where the cursor of the keyboard is, if it's in use. */
  readonly cursor: Point | undefined;
}

/** The picture on the screen, at any place and size. */
export interface View {
  /** How large a pixel of the picture is on the screen. */
  readonly scale: number;
  /** Draws soon, once. */
  refresh(): void;
  fit(): void;
  /** Zooms so that a place on the screen, counted from the canvas, stays where it is; its middle if none is given. */
  zoom(factor: number, around?: Point): void;
  pan(across: number, down: number): void;
  /** Where in the picture a place on the screen is. */
  toPicture(client: { clientX: number; clientY: number }): Point;
  /** Moves the picture so that this place of it can be seen. */
  reveal(point: Point): void;
}

const mostScale = 16;
/** Of the canvas' sides, kept free around a picture that fits. */
const marginRatio = 0.03;
/** How much of the picture stays in sight, in pixels of the screen. */
const keptInSight = 60;

export function createView(
  canvas: HTMLCanvasElement,
  { picture, mask, overlay }: { picture: CanvasImageSource; mask: HTMLCanvasElement; overlay: () => Overlay },
): View {
  const context = contextOf(canvas);
  const tint = document.createElement('canvas');
  const stripes = createStripes();
  const { width, height } = mask;
  let scale = 1;
  let [left, top] = [0, 0];
  let isFitted = true;
  let isDue = false;

  const fitted = () => {
    const { clientWidth, clientHeight } = canvas;
    const free = 1 - 2 * marginRatio;
    return Math.min((clientWidth * free) / width, (clientHeight * free) / height);
  };

  function refresh(): void {
    if (isDue) return;
    isDue = true;
    requestAnimationFrame(() => {
      isDue = false;
      draw();
    });
  }

  function fitPicture(): void {
    scale = fitted();
    left = (canvas.clientWidth - width * scale) / 2;
    top = (canvas.clientHeight - height * scale) / 2;
    isFitted = true;
    refresh();
  }

  function keepInSight(): void {
    const { clientWidth, clientHeight } = canvas;
    left = Math.min(clientWidth - keptInSight, Math.max(keptInSight - width * scale, left));
    top = Math.min(clientHeight - keptInSight, Math.max(keptInSight - height * scale, top));
  }

  function draw(): void {
    const ratio = window.devicePixelRatio;
    const [wide, high] = [Math.round(canvas.clientWidth * ratio), Math.round(canvas.clientHeight * ratio)];
    if (canvas.width !== wide || canvas.height !== high) Object.assign(canvas, { width: wide, height: high });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, wide, high);
    const place = [ratio * scale, 0, 0, ratio * scale, ratio * left, ratio * top] as const;
    context.setTransform(...place);
    context.imageSmoothingEnabled = scale < 3;
    context.imageSmoothingQuality = 'high';
    context.drawImage(picture, 0, 0, width, height);
    drawTint(place, ratio);
    drawOverlay(ratio);
  }

  /** Stripes of two shades, so that what's painted can be told from any picture, by anybody. */
  function drawTint(place: readonly [number, number, number, number, number, number], ratio: number): void {
    Object.assign(tint, { width: canvas.width, height: canvas.height });
    const onto = contextOf(tint);
    onto.setTransform(...place);
    onto.drawImage(mask, 0, 0);
    onto.setTransform(ratio, 0, 0, ratio, 0, 0);
    onto.globalCompositeOperation = 'source-in';
    onto.fillStyle = onto.createPattern(stripes, 'repeat') ?? '#5865f2';
    onto.fillRect(0, 0, canvas.clientWidth, canvas.clientHeight);
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.globalAlpha = 0.7;
    context.drawImage(tint, 0, 0);
    context.globalAlpha = 1;
  }

  function drawOverlay(ratio: number): void {
    const { outline, brush, cursor } = overlay();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const onScreen = ({ x, y }: Point): Point => ({ x: left + x * scale, y: top + y * scale });
    if (outline.length > 0) traceTwice(() => trace(outline.map(onScreen)), [6, 4]);
    if (brush !== undefined) {
      const { x, y } = onScreen(brush.at);
      traceTwice(() => context.arc(x, y, Math.max(1, (brush.width * scale) / 2), 0, 2 * Math.PI));
    }
    if (cursor !== undefined) {
      const { x, y } = onScreen(cursor);
      traceTwice(() => {
        for (const [dx, dy] of [
          [1, 0],
          [-1, 0],
          [0, 1],
          [0, -1],
        ] as const) {
          context.moveTo(x + 4 * dx, y + 4 * dy);
          context.lineTo(x + 14 * dx, y + 14 * dy);
        }
      });
    }
  }

  function trace(points: readonly Point[]): void {
    for (const { x, y } of points) context.lineTo(x, y);
    context.closePath();
  }

  /** Dark and light, so that it's seen on any picture. */
  function traceTwice(path: () => void, dashes: number[] = []): void {
    context.beginPath();
    path();
    for (const [color, lineWidth, dash] of [
      ['rgb(0 0 0 / 0.75)', 3.5, []],
      ['#fff', 1.5, dashes],
    ] as const) {
      Object.assign(context, { strokeStyle: color, lineWidth });
      context.setLineDash([...dash]);
      context.stroke();
    }
    context.setLineDash([]);
  }

  new ResizeObserver(() => {
    if (!isFitted) keepInSight();
    if (isFitted) fitPicture();
    else refresh();
  }).observe(canvas);

  return {
    get scale() {
      return scale;
    },
    refresh,
    fit: fitPicture,
    zoom(factor, around = { x: canvas.clientWidth / 2, y: canvas.clientHeight / 2 }) {
      const next = Math.min(mostScale, Math.max(fitted() / 2, scale * factor));
      left = around.x - ((around.x - left) * next) / scale;
      top = around.y - ((around.y - top) * next) / scale;
      scale = next;
      isFitted = false;
      keepInSight();
      refresh();
    },
    pan(across, down) {
      left += across;
      top += down;
      isFitted = false;
      keepInSight();
      refresh();
    },
    toPicture({ clientX, clientY }) {
      const box = canvas.getBoundingClientRect();
      return { x: (clientX - box.left - left) / scale, y: (clientY - box.top - top) / scale };
    },
    reveal({ x, y }) {
      const edge = 24;
      const [screenX, screenY] = [left + x * scale, top + y * scale];
      const across = Math.max(0, edge - screenX) - Math.max(0, screenX - canvas.clientWidth + edge);
      const down = Math.max(0, edge - screenY) - Math.max(0, screenY - canvas.clientHeight + edge);
      if (across !== 0 || down !== 0) this.pan(across, down);
    },
  };
}

function createStripes(): HTMLCanvasElement {
  const side = 12;
  const stripes = Object.assign(document.createElement('canvas'), { width: side, height: side });
  const context = contextOf(stripes);
  context.fillStyle = '#5865f2';
  context.fillRect(0, 0, side, side);
  Object.assign(context, { strokeStyle: '#e3e5ff', lineWidth: 3 });
  context.beginPath();
  for (const shift of [-side, 0, side]) {
    context.moveTo(shift - 2, side + 2);
    context.lineTo(shift + side + 2, -2);
  }
  context.stroke();
  return stripes;
}
