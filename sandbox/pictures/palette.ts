/** The colors of one place, as hexadecimal RGB. */
export interface Palette {
  sky: readonly [top: string, middle: string, low: string];
  light: string;
  far: string;
  near: string;
  accent: string;
}

type Row = readonly [string, string, string, string, string, string, string];

const rows: readonly [Row, ...Row[]] = [
  ['#2b1d52', '#a3426f', '#f7a66b', '#ffe3b0', '#8d4a7a', '#1d1233', '#ffcf70'],
  ['#5e97d1', '#f3cfc4', '#fbe6d2', '#fff6e0', '#b3aed2', '#33416b', '#f0795a'],
  ['#0f3d4c', '#2e8b8b', '#cfe8c9', '#fdf7d2', '#5fa39a', '#0b2a2f', '#f4b942'],
  ['#050a24', '#14265e', '#4a68b8', '#f1f4ff', '#2c4180', '#060b1f', '#ffd98a'],
  ['#d9643f', '#f2a65e', '#fbe0a8', '#fff3cf', '#d98b5a', '#5c2426', '#3f7f8c'],
  ['#9cc3b4', '#d9e6cf', '#f9f3e3', '#ffffff', '#93b096', '#243f33', '#d9603f'],
  ['#e58fa8', '#f7c9c2', '#fdeee0', '#fffaf2', '#cf8ca6', '#4b2850', '#5a86c8'],
  ['#232b38', '#52667a', '#b9c4c9', '#f4efe0', '#6d7f8d', '#161c25', '#e8b044'],
  ['#04121f', '#0b3a4c', '#1b7a72', '#d9ffe8', '#12505a', '#020a10', '#5dffb0'],
  ['#1b0b3b', '#5b1a7a', '#e0569f', '#ffd6ec', '#7b2a8c', '#150726', '#37d5ff'],
  ['#f2b632', '#fadf86', '#fff6d8', '#ffffff', '#ec9140', '#6b3010', '#1f8f83'],
  ['#6fa3d6', '#bcd8ee', '#f2f8fc', '#ffffff', '#9cbbd8', '#1f3d60', '#e6553f'],
];

export const paletteCount = rows.length;

/** `turn` moves every hue, in degrees. */
export function createPalette(index: number, turn: number): Palette {
  const row = rows[index % rows.length] ?? rows[0];
  const [top, middle, low, light, far, near, accent] = row.map((color) => turnHue(color, turn));
  return {
    sky: [top ?? row[0], middle ?? row[1], low ?? row[2]],
    light: light ?? row[3],
    far: far ?? row[4],
    near: near ?? row[5],
    accent: accent ?? row[6],
  };
}

/** Between two colors; share 0 is the first. */
export function mix(one: string, other: string, share: number): string {
  const to = toChannels(other);
  return toHex(toChannels(one).map((channel, index) => channel + ((to[index] ?? 0) - channel) * share));
}

/** Rotates around the gray axis (the hueRotate matrix of SVG filters), so that lightness stays about the same. */
function turnHue(color: string, degrees: number): string {
  if (degrees === 0) return color;
  const angle = (degrees * Math.PI) / 180;
  const cosine = Math.cos(angle);
  const sine = Math.sin(angle);
  const [red = 0, green = 0, blue = 0] = toChannels(color);
  return toHex([
    red * (0.213 + cosine * 0.787 - sine * 0.213) +
      green * (0.715 - cosine * 0.715 - sine * 0.715) +
      blue * (0.072 - cosine * 0.072 + sine * 0.928),
    red * (0.213 - cosine * 0.213 + sine * 0.143) +
      green * (0.715 + cosine * 0.285 + sine * 0.14) +
      blue * (0.072 - cosine * 0.072 - sine * 0.283),
    red * (0.213 - cosine * 0.213 - sine * 0.787) +
      green * (0.715 - cosine * 0.715 + sine * 0.715) +
      blue * (0.072 + cosine * 0.928 + sine * 0.072),
  ]);
}

function toChannels(color: string): number[] {
  return [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
}

function toHex(channels: readonly number[]): string {
  const digits = channels.map((channel) =>
    Math.round(Math.min(255, Math.max(0, channel)))
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${digits.join('')}`;
}
