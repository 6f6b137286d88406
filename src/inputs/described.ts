import type { FittedFile } from '../images/fit.ts';
import { identify } from '../images/sniff.ts';
import type { InputForm } from '../providers/provider.ts';
import type { InputPicture } from '../task.ts';
import { inputTimeoutMs, type LoadInput } from './pictures.ts';

/** Larger than Discord shows a picture. */
const largestBytes = 4_000_000;

/**
 * Loads a described picture once more, to stand next to its words; throws an `InputError` if it's gone, since Discord deletes
 * what a command was given after a while.
 */
export function createLoadDescribed(loadInput: LoadInput) {
  return async (picture: InputPicture, limitBytes: number): Promise<FittedFile | undefined> => {
    const form: InputForm = {
      by: 'bytes',
      types: ['image/jpeg', 'image/png', 'image/gif', 'image/webp'],
      mostBytes: Math.min(limitBytes, largestBytes),
      takesAnimations: true,
    };
    const { bytes } = await loadInput(picture, form, AbortSignal.timeout(inputTimeoutMs));
    const found = identify(bytes);
    return found === undefined ? undefined : { bytes, kind: found.kind };
  };
}
