import { cellsPerSide, startOfCell } from './cells.ts';
import { openPicture, readFacts, writePicture } from './decode.ts';
import { digits, glyphHeight, glyphWidth } from './digits.ts';
import type { Size } from './mask.ts';

/** Of the drawn picture: three pixels for each that a phone's screen is wide in Discord. */
const longestSide = 1_024;
const quality = 85;
/** What transparent parts are drawn on: Discord's own dark background. */
const background = '#2b2d31';
const bytesPerPixel = 4;
/** Of one dot of a digit, in pixels. */
const largestDot = 5;
/** What a number with two digits needs with the edge around it, in dots. */
const [numberWidth, numberHeight] = [2 * glyphWidth + 3, glyphHeight + 2];

type Color = readonly [red: number, green: number, blue: number, alpha: number];
const light: Color = [255, 255, 255, 255];
const dark: Color = [0, 0, 0, 190];

interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Draws the cells that a region is chosen from over a picture, each with its number in its upper left corner. Returns a JPEG.
 * Throws a `PictureError` if the picture can't be read.
 */
export async function numberCells(bytes: Buffer): Promise<Buffer> {
  const size = toDrawnSize(await readFacts(bytes));
  const opened = await openPicture(bytes);
  opened.picture
    .resize({ ...size, fit: 'fill' })
    .flatten({ background })
    .composite([{ input: drawCells(size), raw: { ...size, channels: bytesPerPixel } }])
    .jpeg({ quality });
  return writePicture('the cells cannot be drawn', opened);
}

function toDrawnSize({ width, height }: Size): Size {
  const scale = longestSide / Math.max(width, height);
  const scaled = (side: number) => Math.max(cellsPerSide, Math.round(side * scale));
  return { width: scaled(width), height: scaled(height) };
}

/** Lines and numbers, transparent everywhere else. */
function drawCells(size: Size): Buffer {
  const { width, height } = size;
  const pixels = Buffer.alloc(width * height * bytesPerPixel);
  const fill = (rectangle: Rectangle, color: Color) => fillRectangle(pixels, size, rectangle, color);
  // A dark line under a light one can be told from any picture.
  for (const [thickness, color] of [
    [6, dark],
    [2, light],
  ] as const) {
    for (let index = 1; index < cellsPerSide; index += 1) {
      const left = startOfCell(index, width, cellsPerSide) - thickness / 2;
      const top = startOfCell(index, height, cellsPerSide) - thickness / 2;
      fill({ left, top: 0, width: thickness, height }, color);
      fill({ left: 0, top, width, height: thickness }, color);
    }
  }
  const room = Math.min(width / cellsPerSide / numberWidth, height / cellsPerSide / numberHeight);
  const dot = Math.max(1, Math.min(largestDot, Math.floor(room)));
  for (let cell = 0; cell < cellsPerSide ** 2; cell += 1) {
    const left = startOfCell(cell % cellsPerSide, width, cellsPerSide);
    const top = startOfCell(Math.floor(cell / cellsPerSide), height, cellsPerSide);
    for (const [part, color] of toNumber(cell + 1, dot))
      fill({ ...part, left: left + part.left, top: top + part.top }, color);
  }
  return pixels;
}

/** The dots of a number on a dark rectangle, from the upper left corner of the rectangle. */
function toNumber(number: number, dot: number): [Rectangle, Color][] {
  const glyphs = [...String(number)].map((digit) => digits[Number(digit)] ?? []);
  const width = (glyphs.length * (glyphWidth + 1) + 1) * dot;
  const parts: [Rectangle, Color][] = [[{ left: 0, top: 0, width, height: numberHeight * dot }, dark]];
  for (const [place, glyph] of glyphs.entries())
    for (const [row, line] of glyph.entries())
      for (const [column, mark] of [...line].entries()) {
        const left = (1 + place * (glyphWidth + 1) + column) * dot;
        if (mark === '#') parts.push([{ left, top: (1 + row) * dot, width: dot, height: dot }, light]);
      }
  return parts;
}

function fillRectangle(pixels: Buffer, size: Size, { left, top, width, height }: Rectangle, color: Color) {
  const [start, end] = [Math.max(0, left), Math.min(size.width, left + width)];
  for (let row = Math.max(0, top); row < Math.min(size.height, top + height); row += 1) {
    const at = row * size.width;
    pixels.fill(Uint8Array.from(color), (at + start) * bytesPerPixel, (at + end) * bytesPerPixel);
  }
}
