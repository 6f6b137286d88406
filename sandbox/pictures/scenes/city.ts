import { type Brush, round } from '../brush.ts';
import { mix } from '../palette.ts';
import { drawFloor, drawLight, drawSky, drawStars } from '../scenery.ts';

export function drawCity(brush: Brush): string {
  const { palette } = brush;
  const rows = [0, 1, 2, 3].map((row) => {
    const gap = 62 + row * 24;
    const color = mix(palette.far, mix(palette.near, '#000000', 0.15), row / 3);
    const blocks: string[] = [];
    const windows: string[] = [];
    for (const cell of brush.cells(gap)) {
      const label = `block${row}`;
      const share = brush.wave(label, cell * gap, gap) * 0.5 + 0.5;
      const top = 300 + row * 120 + (1 - share ** 1.6) * 360;
      const width = gap * (0.72 + 0.26 * share);
      const left = cell * gap;
      blocks.push(`M${round(left)},${round(top)}h${round(width)}V2600h${round(-width)}Z`);
      if (share > 0.72)
        blocks.push(`M${round(left + width * 0.46)},${round(top)}v-46h${round(width * 0.08)}v46Z`);
      const pane = width / 6;
      for (let y = top + 16, floor = 0; y < 990 && floor < 26; y += 24, floor += 1) {
        for (let column = 0; column < 3; column += 1) {
          if (brush.wave(`${label} lit ${floor} ${column}`, cell * gap, gap) < 0.1 - row * 0.06) continue;
          windows.push(
            `M${round(left + pane * (0.9 + column * 1.6))},${round(y)}h${round(pane * 0.85)}v10h${round(-pane * 0.85)}Z`,
          );
        }
      }
    }
    const light = row === 0 ? 0.25 : 0.4 + row * 0.16;
    return `<path d="${blocks.join('')}" fill="${color}"/><path d="${windows.join('')}" fill="${mix(palette.accent, palette.light, row % 2 === 0 ? 0.2 : 0.6)}" opacity="${light}"/>`;
  });
  return (
    drawSky(brush) +
    drawStars(brush, { below: 420, opacity: 0.7 }) +
    drawLight(brush, {
      x: brush.number('lightx', -300, 300),
      y: brush.number('lighty', 130, 300),
      radius: brush.number('lightr', 50, 95),
    }) +
    rows.join('') +
    drawFloor(brush, 1010)
  );
}
