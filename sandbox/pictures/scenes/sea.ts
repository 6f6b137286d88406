import { type Brush, round } from '../brush.ts';
import { mix } from '../palette.ts';
import { drawClouds, drawLight, drawSky } from '../scenery.ts';

export function drawSea(brush: Brush): string {
  const { box, palette, prefix } = brush;
  const horizon = brush.number('horizon', 520, 640);
  const sun = {
    x: brush.number('lightx', -260, 260),
    y: horizon - brush.number('lighty', 10, 170),
    radius: brush.number('lightr', 60, 110),
  };
  const water = mix(palette.sky[1], palette.near, 0.35);
  const bottom = box.y + box.height;
  const glints: string[] = [];
  for (let y = horizon + 6, row = 0; y < Math.max(bottom, 1000); y += 7 + row * 1.6, row += 1) {
    const half = sun.radius * (0.55 + ((y - horizon) / 420) * 1.5);
    const middle = sun.x + brush.wave('glintx', row * 100, 100) * half * 0.5;
    const long = half * (0.55 + 0.45 * brush.wave('glintl', row * 100, 100));
    glints.push(
      `<ellipse cx="${round(middle)}" cy="${round(y)}" rx="${round(Math.abs(long))}" ry="${round(1.6 + row * 0.28)}"/>`,
    );
  }
  const swell = Array.from({ length: 9 }, (_, row) => {
    const y = horizon + 14 + row * row * 6.2;
    return `<path d="${brush.ridge(`swell${row}`, { y, height: 4 + row * 3, length: 90 + row * 46, roughness: 0.4 })}" fill="${mix(water, palette.near, row / 9)}" opacity=".34"/>`;
  });
  return (
    drawSky(brush) +
    drawLight(brush, sun) +
    drawClouds(brush, { y: horizon - 330, opacity: 0.42 }) +
    `<linearGradient id="${prefix}sea" gradientUnits="userSpaceOnUse" x1="0" y1="${round(horizon)}" x2="0" y2="1050"><stop offset="0" stop-color="${mix(water, palette.sky[2], 0.55)}"/><stop offset="1" stop-color="${palette.near}"/></linearGradient>` +
    `<rect x="${box.x}" y="${round(horizon)}" width="${box.width}" height="${round(Math.max(bottom - horizon, 0) + 20)}" fill="url(#${prefix}sea)"/>` +
    swell.join('') +
    `<g fill="${palette.light}" opacity=".62">${glints.join('')}</g>` +
    drawBoats(brush, horizon)
  );
}

function drawBoats(brush: Brush, horizon: number): string {
  const gap = 760;
  return brush
    .cells(gap)
    .map((cell) => {
      const size = 34 + (brush.wave('boats', cell * gap, gap) + 1) * 44;
      const x = (cell + 0.28 + brush.wave('boatx', cell * gap, gap) * 0.3) * gap;
      const y = horizon + size * 0.9;
      const hull = `M${round(x - size)},${round(y)}h${round(size * 2)}l${round(-size * 0.4)},${round(size * 0.34)}h${round(-size * 1.25)}Z`;
      const sails = `M${round(x)},${round(y - size * 0.12)}V${round(y - size * 2.3)}L${round(x + size * 0.95)},${round(y - size * 0.12)}ZM${round(x - size * 0.1)},${round(y - size * 0.12)}V${round(y - size * 1.9)}L${round(x - size * 0.75)},${round(y - size * 0.12)}Z`;
      return `<path d="${hull}" fill="${mix(brush.palette.near, '#000000', 0.3)}"/><path d="${sails}" fill="${mix(brush.palette.light, brush.palette.accent, 0.25)}"/>`;
    })
    .join('');
}
