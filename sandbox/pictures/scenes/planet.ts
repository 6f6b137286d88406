import { type Brush, round } from '../brush.ts';
import { mix } from '../palette.ts';
import { drawStars } from '../scenery.ts';

export function drawPlanet(brush: Brush): string {
  const { box, palette, prefix } = brush;
  const x = brush.number('planetx', -150, 150);
  const y = brush.number('planety', 420, 580);
  const radius = brush.number('planetr', 200, 290);
  const tilt = round(brush.number('tilt', -32, 32));
  const dark = mix(palette.near, '#000000', 0.45);
  const bands = Array.from({ length: 9 }, (_, band) => {
    const height = radius * (0.1 + 0.09 * (brush.wave('bandh', band * 100, 100) + 1));
    return `<ellipse cx="${round(x)}" cy="${round(y - radius + (band + 0.5) * (radius / 4.5))}" rx="${round(radius * 1.1)}" ry="${round(height / 2)}" fill="${band % 2 === 0 ? palette.accent : palette.light}" opacity="${round(0.2 + 0.2 * (brush.wave('bando', band * 100, 100) + 1))}"/>`;
  });
  const ring = (half: string) =>
    [1.5, 1.66, 1.84]
      .map(
        (size, index) =>
          `<path d="M${round(x - radius * size)},${round(y)}A${round(radius * size)},${round(radius * size * 0.26)} 0 0 ${half} ${round(x + radius * size)},${round(y)}" fill="none" stroke="${index === 1 ? palette.light : palette.accent}" stroke-width="${round(radius * (0.09 - index * 0.02))}" opacity=".75"/>`,
      )
      .join('');
  return (
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="${dark}"/>` +
    `<radialGradient id="${prefix}nebula" gradientUnits="userSpaceOnUse" cx="${round(-x * 1.5)}" cy="300" r="900"><stop offset="0" stop-color="${palette.sky[1]}" stop-opacity=".75"/><stop offset=".6" stop-color="${palette.sky[0]}" stop-opacity=".35"/><stop offset="1" stop-color="${dark}" stop-opacity="0"/></radialGradient>` +
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="url(#${prefix}nebula)"/>` +
    drawStars(brush, { below: box.y + box.height, opacity: 0.95 }) +
    `<radialGradient id="${prefix}ball" cx=".32" cy=".3" r=".85"><stop offset="0" stop-color="${palette.light}" stop-opacity=".25"/><stop offset=".5" stop-color="${palette.far}" stop-opacity=".1"/><stop offset="1" stop-color="#000000" stop-opacity=".88"/></radialGradient>` +
    `<clipPath id="${prefix}disc"><circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}"/></clipPath>` +
    `<g transform="rotate(${tilt} ${round(x)} ${round(y)})">${ring('1')}<g clip-path="url(#${prefix}disc)"><circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="${mix(palette.far, palette.sky[2], 0.4)}"/>${bands.join('')}<circle cx="${round(x)}" cy="${round(y)}" r="${round(radius)}" fill="url(#${prefix}ball)"/></g>${ring('0')}</g>` +
    `<circle cx="${round(x + radius * 1.25)}" cy="${round(y - radius * 1.2)}" r="${round(radius * 0.16)}" fill="${palette.light}" opacity=".9"/>`
  );
}
