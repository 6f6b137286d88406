import { UserError } from '../errors.ts';
import { takeSpeed } from '../prompt/compose.ts';
import { composeEdit } from '../prompt/edit-model.ts';
import type { InputPicture, Region, Result, Speed } from '../task.ts';
import type { StartRequest } from './presses.ts';

/** What was typed, chosen and uploaded for an edit. */
export interface EditValues {
  readonly prompt?: string;
  readonly mask?: InputPicture;
  /** Other pictures to use. */
  readonly added?: readonly InputPicture[];
  /** Whether its person wants to paint the part to edit. */
  readonly isToPaint?: boolean;
}

/**
 * What was edited, or with what it's edited: all of it, in the words of an edit. If a mask is still to be painted, the words stay
 * whole: its person sees them again. Throws a `UserError` for what can't be an edit.
 */
export function toMenuEdit(
  menu: { readonly speed: Speed; readonly region?: Region | undefined },
  chosen: readonly InputPicture[],
  { prompt = '', added = [], mask, isToPaint = false }: EditValues,
): StartRequest {
  const pictures = [...chosen, ...added];
  if (isToPaint) {
    if (mask !== undefined) throw new UserError('mask-twice');
    return { action: 'edit', prompt: composeEdit(prompt, pictures.length), speed: menu.speed, pictures };
  }
  const { text, speed = menu.speed } = takeSpeed(prompt, undefined);
  const region = mask === undefined ? menu.region : { cells: [], picture: mask };
  const words = composeEdit(text, pictures.length);
  const request = { action: 'edit', prompt: words, speed, pictures } as const;
  return region === undefined ? request : { ...request, region };
}

/** Whether a result is one file with four pictures. */
export function isGrid({ media, offers }: Result): boolean {
  const [file] = media;
  const isOne = media.length === 1 && file?.kind === 'picture';
  return isOne && offers.some(({ action, index }) => action === 'upscale' && index === 4);
}

/** The whole grid, then each of its pictures. */
export function withQuarters(pictures: readonly InputPicture[]): InputPicture[] {
  return pictures.flatMap((grid) => [
    grid,
    ...[1, 2, 3, 4].map((quarter) => ({ ...grid, name: `${grid.name} (${quarter})`, quarter })),
  ]);
}
