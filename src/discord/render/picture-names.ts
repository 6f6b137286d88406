import type { Words } from '../../locales/index.ts';
import type { InputPicture } from '../../task.ts';
import { toQuote } from './foreign-text.ts';

/** The pictures that somebody handed in, by name, and what each is for if that isn't plain. */
export function namePictures(
  pictures: readonly InputPicture[],
  { say }: Pick<Words, 'say'>,
  length: number,
): string[] {
  return pictures.map(({ name, role }) => {
    const quoted = `\`${toQuote(name, length)}\``;
    return role === 'style' ? say('task.picture-style', { name: quoted }) : quoted;
  });
}
