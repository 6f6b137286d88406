import type { Brush, Ridge } from '../brush.ts';
import { mix } from '../palette.ts';
import { drawFloor, drawLight, drawSky } from '../scenery.ts';

export function drawDunes(brush: Brush): string {
  const { palette } = brush;
  const dunes = [0, 1, 2, 3, 4].map((index) => {
    const line: Ridge = {
      y: 640 + index * 95,
      height: 120 + index * 16,
      length: 480 + index * 130,
      roughness: 0.08,
    };
    const lit = mix(palette.far, palette.light, 0.42 - index * 0.09);
    const dark = mix(palette.far, palette.near, 0.28 + index * 0.15);
    const id = `${brush.prefix}dune${index}`;
    const shade = brush.ridge(`dune${index}`, {
      ...line,
      y: line.y + 52 + index * 12,
      height: line.height * 0.55,
      length: line.length * 1.25,
    });
    return (
      `<linearGradient id="${id}" x1="0" y1="0" x2="1" y2=".25"><stop offset="0" stop-color="${lit}"/><stop offset="1" stop-color="${dark}"/></linearGradient>` +
      `<path d="${brush.ridge(`dune${index}`, line)}" fill="url(#${id})"/><path d="${shade}" fill="${dark}" opacity=".45"/>`
    );
  });
  return (
    drawSky(brush) +
    drawLight(brush, {
      x: brush.number('lightx', -280, 280),
      y: brush.number('lighty', 240, 470),
      radius: brush.number('lightr', 80, 150),
    }) +
    dunes.join('') +
    drawFloor(brush, 1080)
  );
}
