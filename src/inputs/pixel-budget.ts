import { maxPixelsOfSet } from '../images/decode.ts';

/** How many pixels the pictures of one request may still have together. */
export interface PixelBudget {
  /** False if that is too many. */
  take(pixels: number): boolean;
}

export function createPixelBudget(): PixelBudget {
  let left = maxPixelsOfSet;
  return {
    take(pixels) {
      left -= pixels;
      return left >= 0;
    },
  };
}
