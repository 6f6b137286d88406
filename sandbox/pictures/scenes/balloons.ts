import { type Brush, round } from '../brush.ts';
import { mix } from '../palette.ts';
import { drawClouds, drawHills, drawLight, drawSky } from '../scenery.ts';

export function drawBalloons(brush: Brush): string {
  const { palette } = brush;
  const gap = 300;
  const balloons = brush.cells(gap).map((cell) => {
    const size = 42 + (brush.wave('balloons', cell * gap, gap) + 1) * 42;
    const x = (cell + 0.5 + brush.wave('balloonx', cell * gap, gap) * 0.35) * gap;
    const y = 330 + brush.wave('balloony', cell * gap, gap) * 220;
    const colors = [palette.accent, palette.near, palette.light, mix(palette.accent, palette.near, 0.5)];
    const main = colors[Math.abs(cell) % colors.length] ?? palette.accent;
    const second = colors[(Math.abs(cell) + 2) % colors.length] ?? palette.light;
    const hull = (wide: number) =>
      `M${round(x)},${round(y - size)}C${round(x + wide * 1.33)},${round(y - size)} ${round(x + wide * 1.2)},${round(y + size * 0.5)} ${round(x)},${round(y + size * 1.25)}C${round(x - wide * 1.2)},${round(y + size * 0.5)} ${round(x - wide * 1.33)},${round(y - size)} ${round(x)},${round(y - size)}Z`;
    const basket = `<path d="M${round(x - size * 0.16)},${round(y + size * 1.55)}h${round(size * 0.32)}v${round(size * 0.24)}h${round(-size * 0.32)}Z" fill="${palette.near}"/><path d="M${round(x - size * 0.14)},${round(y + size * 1.55)}L${round(x - size * 0.2)},${round(y + size)}M${round(x + size * 0.14)},${round(y + size * 1.55)}L${round(x + size * 0.2)},${round(y + size)}" stroke="${palette.near}" stroke-width="${round(size * 0.03)}"/>`;
    return `<path d="${hull(size)}" fill="${main}"/><path d="${hull(size * 0.62)}" fill="${second}" opacity=".9"/><path d="${hull(size * 0.24)}" fill="${main}"/>${basket}`;
  });
  return (
    drawSky(brush) +
    drawLight(brush, {
      x: brush.number('lightx', -320, 320),
      y: brush.number('lighty', 420, 600),
      radius: brush.number('lightr', 46, 80),
    }) +
    drawClouds(brush, { y: 300, opacity: 0.5 }) +
    drawHills(brush, [
      { y: 800, height: 150, length: 340, roughness: 0.35 },
      { y: 880, height: 120, length: 430, roughness: 0.25 },
      { y: 985, height: 110, length: 560, roughness: 0.15 },
    ]) +
    balloons.join('')
  );
}
