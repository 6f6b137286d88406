/** A value of a table; numbers stay numbers in a spreadsheet. */
export type Cell = string | number | null;

/** Says that the text is UTF-8: without it, Excel reads names and notes as another encoding. */
export const byteOrderMark = '\uFEFF';

/**
 * What makes a spreadsheet take a text for a formula, with the full-width forms that some fold (OWASP, "CSV Injection"); not
 * only at the start, since some drop spaces first.
 */
const formula = /^[\s\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;
const special = /[",\r\n;]|^\s|\s$/u;

/** One line of a CSV file (RFC 4180). Text that a spreadsheet would run as a formula gets an apostrophe in front. */
export function toCsvLine(cells: readonly Cell[]): string {
  return `${cells.map(toField).join(',')}\r\n`;
}

function toField(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = formula.test(cell) ? `'${cell}` : cell;
  return special.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
