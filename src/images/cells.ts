/**
 * How many rows of cells a picture is divided into to choose a region, and how many cells are in each: as many as a menu has
 * room for (Discord docs, components/reference, "String Select": 25 options). They're numbered row by row from 1.
 */
export const cellsPerSide = 5;
export const cellCount = cellsPerSide ** 2;

/** Returns the first pixel of a row or column of cells, counted from 0; for the number behind the last one, the end of the side. */
export function startOfCell(index: number, side: number, perSide: number): number {
  return Math.ceil((index * side) / perSide);
}
