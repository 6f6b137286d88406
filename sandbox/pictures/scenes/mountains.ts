import type { Brush, Ridge } from '../brush.ts';
import { mix } from '../palette.ts';
import { drawClouds, drawHills, drawLight, drawPines, drawSky } from '../scenery.ts';

export function drawMountains(brush: Brush): string {
  const front: Ridge = { y: 985, height: 150, length: 620, roughness: 0.3 };
  const hills: Ridge[] = [
    { y: 640, height: 330, length: 380, roughness: 0.75 },
    { y: 740, height: 300, length: 330, roughness: 0.6 },
    { y: 860, height: 220, length: 420, roughness: 0.45 },
    front,
  ];
  return (
    drawSky(brush) +
    drawLight(brush, {
      x: brush.number('lightx', -300, 300),
      y: brush.number('lighty', 150, 380),
      radius: brush.number('lightr', 34, 70),
    }) +
    drawClouds(brush, { y: 210, opacity: 0.32 }) +
    drawHills(brush, hills) +
    drawPines(brush, {
      ridge: 'hill3',
      line: front,
      size: 120,
      gap: 44,
      color: mix(brush.palette.near, '#000000', 0.25),
    })
  );
}
