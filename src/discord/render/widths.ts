/**
 * How wide a message's buttons may be together on a phone that is 390 pixels wide, next to the picture of who wrote it. Discord
 * doesn't cut buttons that don't fit into a row: they go on in the next line, and the rows can't be told apart any more.
 */
export const phoneWidth = 302;

/** Between two buttons. */
const gap = 8;
const padding = 26;
const emojiWidth = 16;
const smallest = 46;

/** Of letters at 14 pixels, in a font that's a little wider than Discord's own. */
const letterWidths: readonly (readonly [letters: RegExp, width: number])[] = [
  [/[.,:;'!|()ijlI ]/u, 4.2],
  [/[rtfs\-/]/u, 6],
  [/[mwMW]/u, 12.2],
  [/[\u1100-\u11ff\u2e80-\ud7af\uf900-\ufaff\uff00-\uff60]/u, 14],
  [/\p{Lu}/u, 9],
];
const usualWidth = 8;

/** What people see of a button. */
export interface ButtonFace {
  readonly symbol?: string | undefined;
  readonly label?: string | undefined;
}

/** Whether these buttons fit into one line on a phone. */
export function fitsPhone(faces: readonly ButtonFace[]): boolean {
  return faces.reduce((sum, face) => sum + widthOf(face) + gap, -gap) <= phoneWidth;
}

function widthOf({ symbol, label = '' }: ButtonFace): number {
  const text = [...label].reduce((sum, letter) => sum + widthOfLetter(letter), 0);
  return Math.max(smallest, padding + text + (symbol === undefined || label === '' ? 0 : emojiWidth));
}

function widthOfLetter(letter: string): number {
  return letterWidths.find(([letters]) => letters.test(letter))?.[1] ?? usualWidth;
}
