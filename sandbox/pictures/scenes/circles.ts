import type { Brush } from '../brush.ts';

/** Quarter circles on a lattice, as on a poster. */
export function drawCircles(brush: Brush): string {
  const { box, palette } = brush;
  const size = 250;
  const colors = [palette.near, palette.accent, palette.light, palette.far, palette.sky[0], palette.sky[2]];
  const colorOf = (value: number) => colors[Math.floor((value * 0.5 + 0.5) * 5.99)] ?? palette.accent;
  const shapes: string[] = [];
  for (const column of brush.cells(size)) {
    for (let row = Math.floor(box.y / size); row * size < box.y + box.height; row += 1) {
      const value = (label: string) => brush.wave(`${label}${row}`, column * size, size);
      const [x, y] = [column * size, row * size];
      const corner = Math.floor((value('turn') * 0.5 + 0.5) * 3.99);
      const arc = (radius: number) => {
        const corners = [
          `M${x},${y}h${radius}A${radius},${radius} 0 0 1 ${x},${y + radius}Z`,
          `M${x + size},${y}v${radius}A${radius},${radius} 0 0 1 ${x + size - radius},${y}Z`,
          `M${x + size},${y + size}h${-radius}A${radius},${radius} 0 0 1 ${x + size},${y + size - radius}Z`,
          `M${x},${y + size}v${-radius}A${radius},${radius} 0 0 1 ${x + radius},${y + size}Z`,
        ];
        return corners[corner] ?? '';
      };
      shapes.push(
        `<rect x="${x}" y="${y}" width="${size + 0.5}" height="${size + 0.5}" fill="${colorOf(value('ground'))}"/>`,
        `<path d="${arc(size)}" fill="${colorOf(value('big'))}"/><path d="${arc(size * 0.66)}" fill="${colorOf(value('mid'))}"/><path d="${arc(size * 0.33)}" fill="${colorOf(value('small'))}"/>`,
      );
    }
  }
  return shapes.join('');
}
