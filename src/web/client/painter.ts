import type { RegionTool } from '../region-protocol.ts';
import type { LiveStroke, Mask, Point } from './mask.ts';

/** Turns what a pointer, or the keyboard in its place, does with a tool into marks. */
export interface Painter {
  tool: RegionTool;
  /** The width of brush and eraser, in pixels of the picture. */
  width: number;
  readonly isActive: boolean;
  /** The corners of the rectangle or lasso that is being drawn. */
  readonly outline: readonly Point[];
  begin(at: Point): void;
  move(at: Point): void;
  end(): void;
  /** Takes back what was begun. */
  drop(): void;
}

export function createPainter(mask: Mask, onChange: () => void): Painter {
  let stroke: LiveStroke | undefined;
  let corners: Point[] | undefined;

  function outlineOf(points: readonly Point[], tool: RegionTool): readonly Point[] {
    const [from, to] = [points[0], points.at(-1)];
    if (tool !== 'rectangle' || from === undefined || to === undefined) return points;
    // On whole pixels: its edge is as sharp as it looks.
    const [left, right] = [Math.round(Math.min(from.x, to.x)), Math.round(Math.max(from.x, to.x))];
    const [top, bottom] = [Math.round(Math.min(from.y, to.y)), Math.round(Math.max(from.y, to.y))];
    return [
      { x: left, y: top },
      { x: right, y: top },
      { x: right, y: bottom },
      { x: left, y: bottom },
    ];
  }

  return {
    tool: 'brush',
    width: 1,
    get isActive() {
      return stroke !== undefined || corners !== undefined;
    },
    get outline() {
      return corners === undefined ? [] : outlineOf(corners, this.tool);
    },
    begin(at) {
      if (this.tool === 'hand') return;
      if (this.tool === 'rectangle' || this.tool === 'lasso') corners = [at];
      else stroke = mask.begin({ width: this.width, erases: this.tool === 'eraser' }, at);
    },
    move(at) {
      stroke?.to(at);
      corners?.push(at);
    },
    end() {
      stroke?.end();
      if (corners !== undefined && corners.length > 1)
        mask.add({ kind: 'area', points: outlineOf(corners, this.tool) });
      [stroke, corners] = [undefined, undefined];
      onChange();
    },
    drop() {
      stroke?.drop();
      [stroke, corners] = [undefined, undefined];
      onChange();
    },
  };
}
