/** Prompt text at the foot of a picture: small, wrapped, at most two lines. */
export interface Caption {
  text: string;
  width: number;
  height: number;
}

/** Any machine has one of these or a fallback; a missing glyph is drawn as a box, not as an error. */
const fonts =
  "'DejaVu Sans', 'Noto Sans', 'Noto Sans CJK SC', 'Liberation Sans', Arial, Helvetica, sans-serif";

const legibleHeight = 160;
const maxLines = 2;

export function drawCaption({ text, width, height }: Caption): string {
  if (text === '' || height < legibleHeight) return '';
  const size = Math.max(9, Math.round(height * 0.02));
  const margin = Math.round(size * 1.1);
  const lines = wrap(text, (width - margin * 2) / size);
  const lineHeight = size * 1.4;
  const top = height - margin - lineHeight * (lines.length - 1) - size * 0.2;
  const scrim = lines.length * lineHeight + margin * 3;
  const rows = lines.map(
    (line, index) => `<tspan x="${margin}" y="${top + index * lineHeight}">${escapeXml(line)}</tspan>`,
  );
  return (
    '<linearGradient id="scrim" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-opacity="0"/><stop offset=".55" stop-opacity=".42"/><stop offset="1" stop-opacity=".72"/></linearGradient>' +
    `<rect y="${height - scrim}" width="${width}" height="${scrim}" fill="url(#scrim)"/>` +
    `<text font-family="${fonts}" font-size="${size}" fill="#ffffff">${rows.join('')}</text>`
  );
}

/** `ems` is how many font sizes fit in a line. */
export function wrap(text: string, ems: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const part of text
    .replace(/\s+/g, ' ')
    .trim()
    .split(/(?<=[ \u2e80-\uffef])/)) {
    for (const piece of cut(part, ems)) {
      if (line !== '' && measure(line + piece.trimEnd()) > ems) {
        lines.push(line.trimEnd());
        line = '';
      }
      line += piece;
    }
  }
  if (line.trim() !== '') lines.push(line.trimEnd());
  const shown = lines.slice(0, maxLines);
  const last = shown.at(-1);
  if (lines.length <= maxLines || last === undefined) return shown;
  return [...shown.slice(0, -1), `${last.slice(0, -1)}…`];
}

/** Control characters aren't allowed in XML, not even escaped. */
export function escapeXml(text: string): string {
  const names: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  };
  return [...text]
    .filter((character) => isXml(character.codePointAt(0) ?? 0))
    .map((character) => names[character] ?? character)
    .join('');
}

function isXml(point: number): boolean {
  if (point < 0x20) return point === 0x09 || point === 0x0a || point === 0x0d;
  return !(point >= 0xd800 && point <= 0xdfff) && point !== 0xfffe && point !== 0xffff;
}

/** A word that is longer than the line is cut. */
function cut(word: string, ems: number): string[] {
  if (measure(word) <= ems) return [word];
  const pieces: string[] = [''];
  for (const character of word) {
    const piece = pieces.at(-1) ?? '';
    if (measure(piece + character) > ems) pieces.push(character);
    else pieces[pieces.length - 1] = piece + character;
  }
  return pieces;
}

/** Width in font sizes, roughly: 0.6 a Latin letter, 1 a CJK one. */
function measure(text: string): number {
  let width = 0;
  for (const character of text) width += (character.codePointAt(0) ?? 0) >= 0x2e80 ? 1 : 0.6;
  return width;
}
