/** A place in the picture, in its own pixels. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One thing that somebody did to the mask. */
export type Mark =
  | { readonly kind: 'stroke'; readonly points: Point[]; readonly width: number; readonly erases: boolean }
  /** A rectangle or a lasso, by its corners. */
  | { readonly kind: 'area'; readonly points: readonly Point[] }
  | { readonly kind: 'invert' }
  | { readonly kind: 'clear' };

export type Stroke = Extract<Mark, { kind: 'stroke' }>;

/** What is painted, as large as the picture: opaque where it's painted, transparent elsewhere. */
export interface Mask {
  readonly canvas: HTMLCanvasElement;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  add(mark: Exclude<Mark, Stroke>): void;
  /** Begins a stroke that is drawn while it grows; `end` makes it one mark, `drop` takes it back. */
  begin(stroke: Pick<Stroke, 'width' | 'erases'>, first: Point): LiveStroke;
  undo(): void;
  redo(): void;
  /** Which part of the picture is painted, from 0 to 1: exact, pixel by pixel. */
  measure(): number;
  /** White where it's painted, black elsewhere. */
  toPng(): Promise<Blob>;
}

export interface LiveStroke {
  to(point: Point): void;
  end(): void;
  drop(): void;
}

/** Only seen as a mask: the view gives it its look. */
const paint = '#fff';
/** How many rows are read from the canvas at a time. */
const rowsAtOnce = 256;
/** Half opaque, as in the mask that is sent. */
const threshold = 128;

export function createMask(width: number, height: number): Mask {
  const canvas = createCanvas(width, height);
  const context = contextOf(canvas);
  /** The mask itself stays where it's drawn fastest; this is where it's read. */
  const reading = contextOf(createCanvas(width, rowsAtOnce), { willReadFrequently: true });
  const done: Mark[] = [];
  const undone: Mark[] = [];

  function draw(mark: Mark): void {
    if (mark.kind === 'clear') context.clearRect(0, 0, width, height);
    else if (mark.kind === 'invert') invert();
    else if (mark.kind === 'area') fillArea(mark.points);
    else drawStroke(mark, 0);
  }

  function invert(): void {
    context.globalCompositeOperation = 'source-out';
    context.fillStyle = paint;
    context.fillRect(0, 0, width, height);
    context.globalCompositeOperation = 'source-over';
  }

  function fillArea(points: readonly Point[]): void {
    context.fillStyle = paint;
    context.beginPath();
    for (const { x, y } of points) context.lineTo(x, y);
    context.closePath();
    context.fill();
  }

  /** Draws a stroke from that point on. */
  function drawStroke({ points, width: lineWidth, erases }: Stroke, from: number): void {
    const [first, ...rest] = points.slice(from);
    if (first === undefined) return;
    context.globalCompositeOperation = erases ? 'destination-out' : 'source-over';
    context.beginPath();
    if (rest.length === 0) {
      context.fillStyle = paint;
      context.arc(first.x, first.y, lineWidth / 2, 0, 2 * Math.PI);
      context.fill();
    } else {
      Object.assign(context, { strokeStyle: paint, lineWidth, lineCap: 'round', lineJoin: 'round' });
      context.moveTo(first.x, first.y);
      for (const { x, y } of rest) context.lineTo(x, y);
      context.stroke();
    }
    context.globalCompositeOperation = 'source-over';
  }

  function redraw(): void {
    context.clearRect(0, 0, width, height);
    for (const mark of done) draw(mark);
  }

  function keep(mark: Mark): void {
    done.push(mark);
    undone.length = 0;
  }

  return {
    canvas,
    get canUndo() {
      return done.length > 0;
    },
    get canRedo() {
      return undone.length > 0;
    },
    add(mark) {
      keep(mark);
      draw(mark);
    },
    begin({ width: lineWidth, erases }, first) {
      const stroke: Stroke = { kind: 'stroke', points: [first], width: lineWidth, erases };
      drawStroke(stroke, 0);
      return {
        to(point) {
          stroke.points.push(point);
          drawStroke(stroke, stroke.points.length - 2);
        },
        end: () => keep(stroke),
        drop: redraw,
      };
    },
    undo() {
      const last = done.pop();
      if (last === undefined) return;
      undone.push(last);
      redraw();
    },
    redo() {
      const next = undone.pop();
      if (next === undefined) return;
      done.push(next);
      draw(next);
    },
    measure() {
      let painted = 0;
      for (let top = 0; top < height; top += rowsAtOnce) {
        const rows = Math.min(rowsAtOnce, height - top);
        reading.clearRect(0, 0, width, rowsAtOnce);
        reading.drawImage(canvas, 0, -top);
        const { data } = reading.getImageData(0, 0, width, rows);
        for (let at = 3; at < data.length; at += 4) if ((data[at] ?? 0) >= threshold) painted += 1;
      }
      return painted / (width * height);
    },
    toPng() {
      const black = createCanvas(width, height);
      const onto = contextOf(black);
      onto.fillRect(0, 0, width, height);
      onto.drawImage(canvas, 0, 0);
      return new Promise((resolve, reject) =>
        black.toBlob(
          (blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)),
          'image/png',
        ),
      );
    },
  };
}

function createCanvas(width: number, height: number): HTMLCanvasElement {
  return Object.assign(document.createElement('canvas'), { width, height });
}

export function contextOf(
  canvas: HTMLCanvasElement,
  settings: CanvasRenderingContext2DSettings = {},
): CanvasRenderingContext2D {
  const context = canvas.getContext('2d', settings);
  if (context === null) throw new Error('this browser cannot draw');
  return context;
}
