import type { Attachment, ChatInputCommandInteraction } from 'discord.js';
import { UserError } from '../errors.ts';
import { type InputPicture, type Speed, speeds } from '../task.ts';
import { inputLimitBytes, inputTypes } from '../tasks/inputs.ts';

/** A picture that somebody chose: refused by what Discord says of it; what only its bytes reveal is found later. */
export function toInputPicture({
  name,
  size,
  url,
  contentType,
}: Pick<Attachment, 'name' | 'size' | 'url' | 'contentType'>): InputPicture {
  if (contentType !== null && !inputTypes.has(contentType.split(';')[0] ?? '')) {
    throw new UserError('picture-type', { name });
  }
  if (size > inputLimitBytes)
    throw new UserError('picture-too-large', { name, bytes: size, limit: inputLimitBytes });
  return { url, name };
}

/** A picture at an address: it is fetched through the guard, so only its form is looked at here. */
export function toLinkedPicture(text: string): InputPicture {
  const url = text.trim();
  if (!isPlainHttps(url)) throw new UserError('link-malformed', { value: url });
  return { url, name: new URL(url).pathname.split('/').at(-1) || 'picture', isLink: true };
}

function isPlainHttps(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return protocol === 'https:' && username === '' && password === '';
}

/** The pictures in those options, in that order; options that were left out give none. */
export function readPictures(
  { options }: ChatInputCommandInteraction,
  ...names: readonly string[]
): InputPicture[] {
  return names.flatMap((name) => {
    const attachment = options.getAttachment(name);
    return attachment === null ? [] : [toInputPicture(attachment)];
  });
}

/** The speed that was chosen; `undefined` where none was. */
export function readSpeed({ options }: ChatInputCommandInteraction): Speed | undefined {
  return speeds.find((speed) => speed === options.getString('speed'));
}

/** A choice that is shown as it is named. */
export const choice = (name: string) => ({ name, value: name });
