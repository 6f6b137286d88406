import { type Brush, round } from '../brush.ts';
import { mix } from '../palette.ts';
import { drawHills, drawStars } from '../scenery.ts';

export function drawAurora(brush: Brush): string {
  const { palette, prefix, box } = brush;
  const curtains = [0, 1, 2].map((curtain) => {
    const step = 16;
    const strips = brush.cells(step).map((cell) => {
      const x = cell * step;
      const foot = 560 - curtain * 70 + brush.wave(`aurora${curtain}`, x, 260) * 120;
      const tall = 250 + brush.wave(`aurorat${curtain}`, x, 90) * 120;
      const opacity = Math.max(0, 0.2 + brush.wave(`aurorao${curtain}`, x, 130) * 0.2);
      return `<rect x="${x}" y="${round(foot - tall)}" width="${step + 0.6}" height="${round(tall)}" opacity="${round(opacity * 10) / 10}"/>`;
    });
    return `<g fill="url(#${prefix}veil${curtain % 2})">${strips.join('')}</g>`;
  });
  const veil = (id: number, color: string) =>
    `<linearGradient id="${prefix}veil${id}" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="${color}" stop-opacity="0"/><stop offset=".8" stop-color="${color}" stop-opacity=".9"/><stop offset="1" stop-color="${color}" stop-opacity="0"/></linearGradient>`;
  const dark = mix(palette.sky[0], '#000814', 0.72);
  return (
    `<linearGradient id="${prefix}dark" gradientUnits="userSpaceOnUse" x1="0" y1="0" x2="0" y2="760"><stop offset="0" stop-color="${dark}"/><stop offset="1" stop-color="${mix(palette.sky[1], '#000814', 0.5)}"/></linearGradient>` +
    `<rect x="${box.x}" y="${box.y}" width="${box.width}" height="${box.height}" fill="url(#${prefix}dark)"/>` +
    drawStars(brush, { below: 640, opacity: 0.85 }) +
    veil(0, mix(palette.accent, '#4dffb0', 0.5)) +
    veil(1, mix(palette.sky[2], '#b06dff', 0.45)) +
    curtains.join('') +
    drawHills(
      {
        ...brush,
        palette: {
          ...palette,
          far: mix(palette.far, '#000814', 0.7),
          near: mix(palette.near, '#000000', 0.5),
          sky: [dark, dark, mix(palette.sky[1], '#000814', 0.4)],
        },
      },
      [
        { y: 720, height: 170, length: 360, roughness: 0.6 },
        { y: 830, height: 130, length: 460, roughness: 0.4 },
        { y: 980, height: 120, length: 640, roughness: 0.2 },
      ],
    )
  );
}
