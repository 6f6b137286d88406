import { createPalette, type Palette, paletteCount } from './palette.ts';
import { createRandom, toSeed } from './random.ts';
import { type Box, shift, type View } from './view.ts';

/**
 * Tools for drawing scenes. All numbers come from the view's seed and a label, so a place looks the same from every box
 * (zoom, pan), and a varied view moves each number a little.
 */
export interface Brush {
  box: Box;
  palette: Palette;
  /** For ids inside the SVG, which several tiles share. */
  prefix: string;
  number(label: string, low: number, high: number): number;
  /** A smooth, endless line: −1 to 1 over x, with bumps of that length. */
  wave(label: string, x: number, length: number): number;
  /** Whole numbers whose cells of that width are in sight, with one more on either side. */
  cells(width: number): number[];
  /** Everything below a hilly line. */
  ridge(label: string, line: Ridge): string;
  ridgeY(label: string, line: Ridge, x: number): number;
}

export interface Ridge {
  y: number;
  height: number;
  length: number;
  /** 0 is smooth as a dune, 1 rough as rock. */
  roughness: number;
}

const ridgePoints = 90;

export function createBrush(view: View, prefix: string): Brush {
  const { box, seed } = view;
  const random = createRandom(toSeed(seed, 'palette'));
  const first = Math.floor(random() * paletteCount);
  const turn = (shift(view, 'hue', 0.5) - 0.5) * 110;
  // Steps of 5 through 12 palettes: no two of the four tiles share one.
  const palette = createPalette(first + view.tile * 5, turn);

  const known = new Map<string, number>();

  function lattice(label: string, index: number): number {
    const key = `${view.tile} ${label} ${index}`;
    const value = known.get(key) ?? shift(view, key, createRandom(toSeed(seed, key))());
    known.set(key, value);
    return value;
  }

  function wave(label: string, x: number, length: number): number {
    const position = x / length;
    const index = Math.floor(position);
    const share = position - index;
    const ease = share * share * (3 - 2 * share);
    const from = lattice(label, index);
    return (from + (lattice(label, index + 1) - from) * ease) * 2 - 1;
  }

  function ridgeY(label: string, { y, height, length, roughness }: Ridge, x: number): number {
    const rough =
      roughness === 0
        ? 0
        : roughness * (wave(`${label}b`, x, length / 2.7) * 0.45 + wave(`${label}c`, x, length / 7.3) * 0.2);
    return y - height * (wave(label, x, length) * 0.5 + 0.5 + rough);
  }

  return {
    box,
    palette,
    prefix,
    number: (label, low, high) => low + lattice(label, 0) * (high - low),
    wave,
    cells(width) {
      const start = Math.floor(box.x / width) - 1;
      const end = Math.ceil((box.x + box.width) / width) + 1;
      return Array.from({ length: end - start + 1 }, (_, index) => start + index);
    },
    ridgeY,
    ridge(label, line) {
      const step = (box.width * 1.04) / ridgePoints;
      const start = box.x - box.width * 0.02;
      const points = Array.from({ length: ridgePoints + 1 }, (_, index) => {
        const x = start + index * step;
        return `${round(x)},${round(ridgeY(label, line, x))}`;
      });
      const bottom = round(box.y + box.height + 20);
      return `M${points.join('L')}L${round(start + ridgePoints * step)},${bottom}L${round(start)},${bottom}Z`;
    },
  };
}

export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
