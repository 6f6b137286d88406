import { type Brush, type Ridge, round } from './brush.ts';
import { mix } from './palette.ts';

/** Parts that several scenes share. Each returns SVG. */

export function drawSky({ box, palette, prefix }: Brush): string {
  const [top, middle, low] = palette.sky;
  const stops = `<stop offset="0" stop-color="${top}"/><stop offset=".55" stop-color="${middle}"/><stop offset="1" stop-color="${low}"/>`;
  return (
    `<linearGradient id="${prefix}sky" gradientUnits="userSpaceOnUse" x1="0" y1="-60" x2="0" y2="760">${stops}</linearGradient>` +
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="url(#${prefix}sky)"/>`
  );
}

/** Sun or moon with a glow; the glow is what makes the sky look wide. */
export function drawLight(brush: Brush, disc: { x: number; y: number; radius: number }): string {
  const { palette, prefix } = brush;
  const { x, y, radius } = disc;
  const glow = `<stop offset="0" stop-color="${palette.light}" stop-opacity=".85"/><stop offset=".25" stop-color="${palette.light}" stop-opacity=".3"/><stop offset="1" stop-color="${palette.light}" stop-opacity="0"/>`;
  return (
    `<radialGradient id="${prefix}glow">${glow}</radialGradient>` +
    `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius * 5)}" fill="url(#${prefix}glow)"/>` +
    `<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="${palette.light}"/>`
  );
}

export function drawStars(brush: Brush, options: { below: number; opacity: number }): string {
  const { box, palette } = brush;
  // Fewer and farther apart if much sky is in view: twice as far for each doubling.
  const size = 46 * 2 ** Math.max(0, Math.floor(Math.log2(box.height / 1000)));
  const top = Math.floor(box.y / size) - 1;
  const bottom = Math.ceil(Math.min(options.below, box.y + box.height) / size);
  const stars: string[] = [];
  for (const column of brush.cells(size)) {
    for (let row = top; row < bottom; row += 1) {
      const label = `star${row}`;
      const x = (column + brush.wave(`${label}x`, column * size, size) * 0.5 + 0.5) * size;
      const y = (row + brush.wave(`${label}y`, column * size, size) * 0.5 + 0.5) * size;
      const brightness = brush.wave(label, column * size, size) * 0.5 + 0.5;
      if (brightness < 0.45) continue;
      const radius = round((0.6 + brightness ** 6 * 3.4) * (size / 46));
      const opacity = round(options.opacity * brightness);
      stars.push(`<circle cx="${round(x)}" cy="${round(y)}" r="${radius}" opacity="${opacity}"/>`);
    }
  }
  return `<g fill="${palette.light}">${stars.join('')}</g>`;
}

/** Long flat clouds, and more of them higher up if the view reaches that far. */
export function drawClouds(brush: Brush, options: { y: number; opacity: number }): string {
  const { box, palette } = brush;
  const width = 420;
  const rows = Math.max(1, Math.ceil((options.y - box.y) / 260));
  const clouds = Array.from({ length: Math.min(rows, 20) }, (_, row) =>
    brush.cells(width).map((cell) => drawCloud(brush, { cell, row, width, y: options.y - row * 260 })),
  );
  return `<g fill="${palette.light}" opacity="${options.opacity}">${clouds.flat().join('')}</g>`;
}

function drawCloud(brush: Brush, cloud: { cell: number; row: number; width: number; y: number }): string {
  const { cell, row, width } = cloud;
  const along = (label: string) => brush.wave(`cloud${label}${row}`, cell * width, width);
  const x = (cell + along('x') * 0.4) * width;
  const y = cloud.y + along('y') * 90;
  const long = 120 + (along('l') + 1) * 110;
  return [0, 1, 2]
    .map((part) => {
      const middle = round(x + (part - 1) * long * 0.35);
      return `<ellipse cx="${middle}" cy="${round(y + part * 11)}" rx="${round(long * (1 - part * 0.22))}" ry="${9 + part * 5}"/>`;
    })
    .join('');
}

/** Hills one behind the other, each with mist at its foot. */
export function drawHills(brush: Brush, hills: readonly Ridge[]): string {
  const { palette, prefix } = brush;
  const layers = hills.map((hill, index) => {
    const share = hills.length === 1 ? 1 : index / (hills.length - 1);
    const colour = mix(palette.far, palette.near, share ** 0.8);
    const mist = mix(colour, palette.sky[2], 0.75 * (1 - share * 0.85));
    const id = `${prefix}hill${index}`;
    const top = round(hill.y - hill.height);
    return (
      `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" y1="${top}" x2="0" y2="${round(hill.y + 190)}">` +
      `<stop offset="0" stop-color="${colour}"/><stop offset="1" stop-color="${mist}"/></linearGradient>` +
      `<path d="${brush.ridge(`hill${index}`, hill)}" fill="url(#${id})"/>`
    );
  });
  return layers.join('') + drawFloor(brush, 1010);
}

/** Ground in front, ridge after ridge, for views that reach far down. */
export function drawFloor(brush: Brush, y: number): string {
  const { box, palette } = brush;
  const bottom = box.y + box.height;
  const ridges: string[] = [];
  for (let line = 0, top = y + 70; top - 160 < bottom && line < 24; line += 1, top += 110 + line * 42) {
    const colour = mix(palette.near, '#000000', Math.min(0.6, 0.1 + line * 0.09));
    const ridge = { y: top, height: 110 + line * 22, length: 700 + line * 160, roughness: 0.16 };
    ridges.push(`<path d="${brush.ridge(`floor${line}`, ridge)}" fill="${colour}"/>`);
  }
  return bottom <= y ? '' : ridges.join('');
}

export interface Pines {
  /** Label of the ridge that they stand on. */
  ridge: string;
  line: Ridge;
  /** Height of the tallest. */
  size: number;
  gap: number;
  colour: string;
}

/** Pines along a ridge. */
export function drawPines(brush: Brush, options: Pines): string {
  const { ridge, line, size, gap, colour } = options;
  const label = `${ridge} pine`;
  const pines = brush.cells(gap).map((cell) => {
    const x = (cell + brush.wave(`${label}x`, cell * gap, gap) * 0.45) * gap;
    const tall = size * (0.45 + 0.55 * (brush.wave(`${label}h`, cell * gap, gap) * 0.5 + 0.5));
    const foot = brush.ridgeY(ridge, line, x) + 6;
    const wide = tall * 0.26;
    const tiers = [0, 1, 2].map((tier) => {
      const top = foot - tall + tier * tall * 0.24;
      const reach = wide * (0.5 + tier * 0.25);
      const base = top + tall * 0.46;
      return `M${round(x)},${round(top)}L${round(x + reach)},${round(base)}L${round(x - reach)},${round(base)}Z`;
    });
    const trunk = `M${round(x - wide * 0.08)},${round(foot)}v${round(-tall * 0.3)}h${round(wide * 0.16)}v${round(tall * 0.3)}Z`;
    return `${tiers.join('')}${trunk}`;
  });
  return `<path d="${pines.join('')}" fill="${colour}"/>`;
}
