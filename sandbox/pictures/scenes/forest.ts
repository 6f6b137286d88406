import type { Brush, Ridge } from '../brush.ts';
import { mix } from '../palette.ts';
import { drawFloor, drawLight, drawPines, drawSky } from '../scenery.ts';

export function drawForest(brush: Brush): string {
  const { palette } = brush;
  const rows = [0, 1, 2, 3].map((row) => {
    const line: Ridge = { y: 760 + row * 85, height: 60, length: 520, roughness: 0.2 };
    const color = mix(mix(palette.sky[2], palette.far, 0.55), mix(palette.near, '#000000', 0.2), row / 3);
    const ground = `<path d="${brush.ridge(`wood${row}`, line)}" fill="${color}"/>`;
    return (
      drawPines(brush, {
        ridge: `wood${row}`,
        line,
        size: 400 + row * 130,
        gap: 92 + row * 44,
        color,
      }) + ground
    );
  });
  return (
    drawSky(brush) +
    drawLight(brush, {
      x: brush.number('lightx', -240, 240),
      y: brush.number('lighty', 230, 420),
      radius: brush.number('lightr', 44, 80),
    }) +
    rows.join('') +
    drawFloor(brush, 1080)
  );
}
