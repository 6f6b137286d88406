import { maxPixelsOfSet } from '../images/decode.ts';

/** How many pixels the rest of a request's pictures may have, all together. */
export interface PixelBudget {
  /** Returns false if that's too many. */
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
