/** Of a message (Discord docs, components/reference, "Action Row"). */
const mostRows = 5;
export const rowLength = 5;

/** Rows of buttons, and what is left for a menu below them. */
export interface Arranged<Button> {
  readonly rows: readonly (readonly Button[])[];
  readonly more: readonly Button[];
}

export interface Groups<Button> {
  /** Groups that share a row with no other. */
  readonly alone: readonly (readonly Button[])[];
  readonly others: readonly (readonly Button[])[];
  /** At the end of the last row, or below it if that's full. */
  readonly last: readonly Button[];
}

/**
 * Puts each group into a row of its own. If those are too many, the smallest neighbors share one; what still doesn't fit is
 * left for a menu.
 */
export function arrangeRows<Button>({ alone, others, last }: Groups<Button>): Arranged<Button> {
  const first = alone.flatMap(splitRow);
  let rest = others.flatMap(splitRow);
  while (!hasRoom([...first, ...rest], last, mostRows)) {
    const pair = findPair(rest);
    if (pair === undefined) return leaveForMenu([...first, ...rest], last);
    rest = rest.toSpliced(pair, 2, [...(rest[pair] ?? []), ...(rest[pair + 1] ?? [])]);
  }
  return { rows: append([...first, ...rest], last), more: [] };
}

function splitRow<Button>(group: readonly Button[]): (readonly Button[])[] {
  const count = Math.ceil(group.length / rowLength);
  return Array.from({ length: count }, (_, row) => group.slice(row * rowLength, (row + 1) * rowLength));
}

function hasRoom<Button>(
  rows: readonly (readonly Button[])[],
  last: readonly Button[],
  most: number,
): boolean {
  return append(rows, last).length <= most;
}

function append<Button>(
  rows: readonly (readonly Button[])[],
  last: readonly Button[],
): (readonly Button[])[] {
  const end = rows.at(-1);
  if (last.length === 0) return [...rows];
  if (end === undefined || end.length + last.length > rowLength) return [...rows, last];
  return [...rows.slice(0, -1), [...end, ...last]];
}

/** The first of two neighbors that fit into one row, and have the fewest buttons. */
function findPair<Button>(rows: readonly (readonly Button[])[]): number | undefined {
  const sums = rows.slice(1).map((row, index) => row.length + (rows[index]?.length ?? 0));
  const smallest = Math.min(...sums);
  return smallest <= rowLength ? sums.indexOf(smallest) : undefined;
}

/** The menu takes the last row. */
function leaveForMenu<Button>(
  rows: readonly (readonly Button[])[],
  last: readonly Button[],
): Arranged<Button> {
  const room = mostRows - 1;
  const kept = hasRoom(rows.slice(0, room), last, room) ? room : room - 1;
  return { rows: append(rows.slice(0, kept), last), more: rows.slice(kept).flat() };
}
