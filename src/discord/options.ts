import type { SlashCommandBooleanOption } from '@discordjs/builders';
import type { Attachment, ChatInputCommandInteraction } from 'discord.js';
import { shortenText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import { inputLimitBytes, inputTypeNames } from '../images/accepted.ts';
import { maxPixels, maxPixelsOfSet } from '../images/decode.ts';
import { findByType } from '../images/sniff.ts';
import { english } from '../locales/index.ts';
import { type InputPicture, type Speed, speeds, type TaskOptions } from '../task.ts';

/** Media types that don't say what a file is. */
const silentTypes: ReadonlySet<string> = new Set(['', 'application/octet-stream']);

/**
 * Reads a picture that somebody chose, and refuses it, before anything is charged, if what Discord says about it rules it
 * out. Its type is only what a name or a client claims, so a type is refused only if it can't work; its bytes will tell.
 */
export function toInputPicture(attachment: DeclaredPicture): InputPicture {
  const { name, size, url, contentType } = attachment;
  const type = (contentType ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  const kind = findByType(type);
  const mayWork = kind === undefined ? type.startsWith('image/') : kind.use === 'picture';
  if (!mayWork && !silentTypes.has(type))
    throw new UserError('picture-type', { name, type: kind?.name, takes: inputTypeNames });
  if (size > inputLimitBytes)
    throw new UserError('picture-too-large', { name, bytes: size, limit: inputLimitBytes });
  if (size === 0) throw new UserError('picture-unreadable', { name });
  if (countPixels(attachment) > maxPixels)
    throw new UserError('picture-too-many-pixels', { name, limit: maxPixels });
  return { url, name, bytes: size, ...(countPixels(attachment) === 0 ? { isMeasured: false } : {}) };
}

type DeclaredPicture = Pick<Attachment, 'name' | 'size' | 'url' | 'contentType' | 'width' | 'height'>;

/** Reads a picture's address: it's downloaded through the guard, so only its form is checked here. */
export function toLinkedPicture(text: string): InputPicture {
  const url = text.trim();
  if (!isPlainHttps(url)) throw new UserError('link-malformed', { value: url });
  return { url, name: new URL(url).pathname.split('/').at(-1) || 'picture', isLink: true };
}

/** Whether it's an address that people may give: nothing in it says who asks. */
export function isPlainHttps(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, username, password } = new URL(url);
  return protocol === 'https:' && username === '' && password === '';
}

/** The pictures in these options, in that order; options that were left out are skipped. */
export function readPictures(
  { options }: ChatInputCommandInteraction,
  ...names: readonly string[]
): InputPicture[] {
  return toInputPictures(names.flatMap((name) => options.getAttachment(name) ?? []));
}

/** Checks the pictures of one request, each for itself and all of them together. */
export function toInputPictures(attachments: readonly DeclaredPicture[]): InputPicture[] {
  const pictures = attachments.map(toInputPicture);
  if (attachments.reduce((sum, one) => sum + countPixels(one), 0) > maxPixelsOfSet)
    throw new UserError('pictures-too-many-pixels', { limit: maxPixelsOfSet });
  return pictures;
}

/** The pixels that Discord measured: 0 if it isn't a picture. */
function countPixels({ width, height }: DeclaredPicture): number {
  return (width ?? 0) * (height ?? 0);
}

/**
 * The value that was chosen for an option; `undefined` if there's none. Throws a `UserError` for a value that isn't one of
 * its choices: Discord checks them against its own list, which may be older than ours.
 */
export function readChoice<Value extends string>(
  { options }: Pick<ChatInputCommandInteraction, 'options'>,
  option: string,
  values: readonly Value[],
): Value | undefined {
  const chosen = options.getString(option);
  if (chosen === null) return undefined;
  const value = values.find((one) => one === chosen);
  if (value === undefined)
    throw new UserError('option-malformed', { option, value: shortenText(chosen, 100) });
  return value;
}

/** The models that can be chosen where no prompt names one. */
export const models = ['midjourney', 'niji'] as const;

/** The options that say which model was chosen; empty if none was. */
export function readModel(
  interaction: Pick<ChatInputCommandInteraction, 'options'>,
): Pick<TaskOptions, 'isNiji'> {
  const model = readChoice(interaction, 'model', models);
  return model === undefined ? {} : { isNiji: model === 'niji' };
}

/** The chosen speed; `undefined` if there's none. */
export function readSpeed(interaction: ChatInputCommandInteraction): Speed | undefined {
  return readChoice(interaction, 'speed', speeds);
}

/** What a command's option is called that decides whether only its person sees what comes of it. */
export const privateOption = 'private';

/** The option with that name, for a command whose results can be private. It's read before the command runs. */
export function toPrivateOption(option: SlashCommandBooleanOption): SlashCommandBooleanOption {
  return option.setName(privateOption).setDescription(english.say('command.option.private'));
}

/** A choice that is shown by its value. */
export const choice = (name: string) => ({ name, value: name });
