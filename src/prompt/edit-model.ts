import { UserError } from '../errors.ts';
import type { InputPicture, TaskRequest } from '../task.ts';
import { composePrompt } from './compose.ts';
import type { Version } from './models.ts';
import { readPrompt, writeParameter } from './reading.ts';

/**
 * How many pictures Midjourney's Edit Model takes. It tries to keep the shape of the first one, and goes together with style
 * references, but not with `--tile` (docs.midjourney.com, Edit Model, 2026-10).
 */
export const mostEdited = 4;
/** What a picture next to the edited one may be for: Midjourney has a parameter for each, and no more (`addEdited`). */
export const pictureRoles = ['reference', 'style'] as const;
/** The versions that have it, newest first; the first one is for words that name none. */
const versions = ['8.2', '8.1'] as const satisfies readonly Version[];

/** Whether a request edits with several pictures; with a single one, an API has its own way to edit. */
export function usesEditModel({
  action,
  pictures,
}: Pick<TaskRequest, 'action'> & { readonly pictures: readonly unknown[] }): boolean {
  return action === 'edit' && pictures.length > 1;
}

/** The prompt of an edit with that many pictures. Throws a {@link UserError} as `composePrompt` does. */
export function composeEdit(text: string, pictures: number, aspect?: string): string {
  return composePrompt(text, {
    ...(aspect === undefined ? {} : { aspect }),
    ...(pictures > 1 ? { version: versions[0] } : {}),
  });
}

/** Throws a {@link UserError} for words that Midjourney would turn down because of the pictures. */
export function requireEditable({
  prompt,
  ...request
}: Pick<TaskRequest, 'action' | 'prompt' | 'pictures'>): void {
  if (!usesEditModel(request)) return;
  const { parameters } = readPrompt(prompt);
  const isOther = ({ name, values: [number] }: (typeof parameters)[number]) =>
    name === 'niji' || (name === 'v' && !versions.some((one) => one === number));
  const other = parameters.find((one) => isOther(one));
  if (other !== undefined) throw new UserError('edit-version', { flag: writeParameter(other) });
  if (parameters.some(({ name }) => name === 'tile')) throw new UserError('edit-tile');
  const hasStyle = request.pictures.some(({ role }) => role === 'style');
  if (hasStyle && parameters.some(({ name }) => name === 'sref')) throw new UserError('style-twice');
}

/** The words with the addresses of their pictures, as Midjourney's bot reads them. */
export function addEdited(prompt: string, pictures: readonly Pick<InputPicture, 'url' | 'role'>[]): string {
  const list = (flag: string, chosen: typeof pictures) =>
    chosen.length === 0 ? [] : [flag, ...chosen.map(({ url }) => url)];
  return [
    prompt,
    ...list(
      '--edit',
      pictures.filter(({ role }) => role !== 'style'),
    ),
    ...list(
      '--sref',
      pictures.filter(({ role }) => role === 'style'),
    ),
  ].join(' ');
}
