import { cleanText, shortenText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import type { Speed } from '../task.ts';
import { flagsIn } from './flags.ts';
import { modelOf, ranges, spellsRawAsStyle, type Version } from './models.ts';
import {
  knownFlags,
  optionFlags,
  type PromptOption,
  type Quality,
  speedFlags,
  toParameter,
} from './parameters.ts';
import { type Parameter, readPrompt, writeParameter } from './reading.ts';
import { spellFlags, spellRatio } from './spelling.ts';

/** What a person can set next to the text. */
export interface PromptOptions {
  aspect?: string;
  version?: Version;
  stylize?: number;
  chaos?: number;
  weird?: number;
  quality?: Quality;
  seed?: number;
  negative?: string;
  raw?: boolean;
  tile?: boolean;
  hd?: boolean;
  imageWeight?: number;
  profile?: string;
  styleReference?: string;
  styleWeight?: number;
  omniReference?: string;
  omniWeight?: number;
}

/** A longer prompt wouldn't fit into the text field of a Discord modal (4,000), where it's edited later. */
export const maxPromptLength = 4_000;

/**
 * The prompt as Midjourney reads it: text, then flags. What the text sets counts, and the option for it doesn't. Throws a
 * {@link UserError} if the text is empty or too long, or an option is malformed.
 */
export function composePrompt(text: string, typed: PromptOptions = {}, pictures = 0): string {
  const words = normalizePrompt(text);
  if (!hasWords(words) && pictures === 0) throw new UserError('prompt-empty');
  const options = dropOverridden(words, typed);
  if (options.imageWeight !== undefined && pictures === 0 && !/https?:\/\//.test(words)) {
    throw new UserError('image-weight-without-image');
  }
  const hasStyle = options.styleReference !== undefined || flagsIn(words).includes('sref');
  if (options.styleWeight !== undefined && !hasStyle) throw new UserError('style-weight-without-reference');
  const prompt = [words, ...toFlags(options)].filter(Boolean).join(' ');
  refuseSeveralJobs(prompt);
  return requireLength(prompt);
}

/** Throws a {@link UserError} for a prompt that is too long. */
export function requireLength(prompt: string): string {
  if (prompt.length <= maxPromptLength) return prompt;
  throw new UserError('prompt-too-long', { length: prompt.length, limit: maxPromptLength });
}

/** Which options say something else than the text, in which case the text counts. */
export function findOverridden(
  text: string,
  { speed, ...options }: PromptOptions & { speed?: Speed | undefined },
): { flag: string; option: string }[] {
  const { parameters } = readPrompt(normalizePrompt(text));
  const found: { flag: string; option: string }[] = [];
  for (const [option, names] of setOptions(options)) {
    const written = parameters.filter((one) => names.some((name) => toParameter(name) === one.name));
    const [meant] = readPrompt(toFlags({ [option]: options[option] }).join(' ')).parameters;
    const other = written.find((one) => !isSame(one, meant));
    if (other !== undefined) found.push({ flag: writeParameter(other), option: nameOf(option) });
  }
  const typedSpeed = parameters.find(({ name }) => isSpeed(name))?.name;
  if (typedSpeed !== undefined && speed !== undefined && speed !== typedSpeed)
    found.push({ flag: `--${typedSpeed}`, option: 'speed' });
  return found;
}

/** `--raw` and `--style raw` mean the same. */
function isSame(one: Parameter, other: Parameter | undefined): boolean {
  const keyOf = ({ name, values }: Parameter) =>
    `${name} ${values.join(' ')}`.toLowerCase().replace(/^style raw$/, 'raw ');
  return other !== undefined && keyOf(one) === keyOf(other);
}

/**
 * The text without a speed flag, and the speed that it asks for, or else the option's: a speed has its own price, so it never
 * stays a flag. Throws a {@link UserError} if the text sets two.
 */
export function takeSpeed(
  text: string,
  option: Speed | undefined,
): { text: string; speed: Speed | undefined } {
  const flags = flagsIn(normalizePrompt(text)).filter((flag) => isSpeed(flag));
  const [flag] = flags;
  if (flag === undefined) return { text, speed: option };
  const other = flags.find((one) => one !== flag);
  if (other !== undefined) throw new UserError('speed-twice', { one: `--${flag}`, other: `--${other}` });
  return { text: dropSpeeds(text), speed: flag };
}

/** The text without any speed flag: suggested prompts may have several, and the task that it's for has its own speed. */
export function dropSpeeds(text: string): string {
  const speed = new RegExp(`(^|\\s)--(?:${speedFlags.join('|')})(?![a-z])`, 'giu');
  return normalizePrompt(normalizePrompt(text).replace(speed, '$1'));
}

/**
 * One clean line (see {@link cleanText}), since that's how Midjourney echoes a prompt, and gateways find their job by the
 * echo; flags are spelled the way Midjourney reads them. Letters typed separately from their marks are composed, as in
 * nearly all text. The rest of NFC isn't done: it would replace some letters with others (U+FA19 with U+795E).
 */
export function normalizePrompt(text: string): string {
  const words = cleanText(text).replace(/\P{M}\p{M}+|[\u1100-\u11ff]{2,}/gu, (apart) =>
    apart.normalize('NFC'),
  );
  // It's refused as it was typed: its commas are part of it.
  return permutation.test(words) ? words : cleanText(spellFlags(words));
}

/**
 * Throws a {@link UserError} for words that make several jobs, all paid by the operator: `--repeat` and permutations in
 * braces (docs.midjourney.com, Repeat, Permutations).
 */
export function refuseSeveralJobs(text: string): void {
  const repeat = flagsIn(text).find((flag) => flag === 'repeat' || flag === 'r');
  const part = repeat === undefined ? permutation.exec(text)?.[0] : `--${repeat}`;
  if (part === undefined) return;
  const first = toFirstJob(text);
  const isShown = first !== '' && first.length <= longestFirst;
  throw new UserError('several-jobs', { part, first: isShown ? first : undefined });
}

/** What still fits into a sentence. */
const longestFirst = 1_000;
/** More of them inside each other than anybody writes. */
const deepest = 10;

/** The first prompt of a list. */
function toFirstJob(text: string): string {
  const each = new RegExp(permutation, 'gu');
  let first = text.replace(/(?<=^|\s)--(?:r|repeat)(?![a-z])(?: \d+)?/giu, '');
  for (let depth = 0; depth < deepest && permutation.test(first); depth += 1)
    first = first.replace(each, (list) => /^.((?:\\.|[^,，、])*)/u.exec(list)?.[1]?.trim() ?? '');
  return permutation.test(first) ? '' : cleanText(spellFlags(first));
}

/** Full-width braces and commas, too: gateways that translate prompts turn them into ASCII. */
const permutation = /(?<!\\)[{｛](?=[^{}｛｝]*[}｝])[^{}｛｝]*(?<!\\)[,，、][^{}｛｝]*[}｝]/u;

function isSpeed(flag: string): flag is Speed {
  return speedFlags.some((speed) => speed === flag);
}

/** Whether a prompt has any words. Those behind a parameter count, too: a correction moves them. */
export function hasWords(prompt: string): boolean {
  const { words, parameters } = readPrompt(prompt);
  return (
    words !== '' || parameters.some(({ name, wordsBehind }) => wordsBehind !== '' && knownFlags.has(name))
  );
}

/** Those that are set, and all spellings of the flags that they write. */
function setOptions(options: PromptOptions): [PromptOption, readonly string[]][] {
  const all = Object.entries(optionFlags) as [PromptOption, readonly string[]][];
  return all.filter(([option]) => options[option] !== undefined && options[option] !== false);
}

function dropOverridden(text: string, options: PromptOptions): PromptOptions {
  const flags = new Set(flagsIn(text));
  const overridden = setOptions(options).filter(([, names]) => names.some((name) => flags.has(name)));
  const names: ReadonlySet<string> = new Set(overridden.map(([option]) => option));
  return Object.fromEntries(Object.entries(options).filter(([option]) => !names.has(option)));
}

/** The flags that options write. Throws a {@link UserError} for a malformed option. */
export function toFlags(options: PromptOptions): string[] {
  requireInRange(options);
  const flags: string[] = [];
  const add = (name: string, value: string | number | undefined) => {
    if (value !== undefined) flags.push(`--${name} ${value}`);
  };
  if (options.aspect !== undefined) flags.push(`--ar ${toAspect(options.aspect)}`);
  const version = modelOf(options.version ?? '');
  if (version !== undefined) flags.push(version.flag);
  add('s', options.stylize);
  add('c', options.chaos);
  add('w', options.weird);
  add('q', options.quality);
  add('seed', options.seed);
  add('iw', options.imageWeight);
  if (options.raw === true) flags.push(spellsRawAsStyle(options.version) ? '--style raw' : '--raw');
  if (options.tile === true) flags.push('--tile');
  if (options.hd === true) flags.push('--hd');
  if (options.styleReference !== undefined) flags.push(`--sref ${toStyleReference(options.styleReference)}`);
  add('sw', options.styleWeight);
  if (options.omniReference !== undefined) flags.push(`--oref ${toLink(options.omniReference)}`);
  add('ow', options.omniWeight);
  if (options.profile !== undefined) flags.push(`--p ${toProfile(options.profile)}`);
  if (options.negative !== undefined) add('no', toNegative(options.negative));
  return flags;
}

/** Discord checks numbers against its own list of commands, which may be older than ours. */
function requireInRange(options: PromptOptions): void {
  for (const [option, [least, most]] of Object.entries(ranges) as [keyof typeof ranges, [number, number]][]) {
    const value: unknown = options[option];
    if (value === undefined) continue;
    const isInRange = typeof value === 'number' && value >= least && value <= most;
    const isWhole = Number.isInteger(value) || option === 'imageWeight';
    if (!isInRange || !isWhole)
      throw new UserError('option-malformed', {
        option: nameOf(option),
        value: shortenText(String(value), 100),
      });
  }
}

/** An option's name in the command. */
function nameOf(option: PromptOption): string {
  return option.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The value of `--no`, without anything that would end it; `undefined` if nothing is left. */
function toNegative(text: string): string | undefined {
  const value = normalizePrompt(`--no ${text}`).slice('--no'.length);
  return cleanText(value.replaceAll('--', ' ')) || undefined;
}

/** A ratio of two whole numbers, spelled as Midjourney does. Throws a {@link UserError} for anything else. */
export function toAspect(value: string): string {
  const match = /^(\d{1,4}):(\d{1,4})$/.exec(spellRatio(value.trim()));
  const [width, height] = [Number(match?.[1] ?? 0), Number(match?.[2] ?? 0)];
  if (width < 1 || height < 1) throw new UserError('aspect-malformed', { value });
  return `${width}:${height}`;
}

/** One or more codes, picture addresses or `random`, optionally with a weight each (`::2`). */
export function toStyleReference(value: string): string {
  const parts = normalizePrompt(`--sref ${value}`).split(' ').slice(1);
  const isPart = (part: string) => /^(random|\d{1,12}|https:\/\/[^\s"<>]+?)(::\d+(\.\d+)?)?$/iu.test(part);
  if (parts.length === 0 || !parts.every(isPart)) throw new UserError('style-reference-malformed', { value });
  return parts.join(' ');
}

/** One address that Midjourney can fetch. */
function toLink(value: string): string {
  const link = value.trim();
  if (!/^https:\/\/[^\s"<>]+$/iu.test(link)) throw new UserError('link-malformed', { value });
  return link;
}

/** One or more codes of profiles or moodboards (docs.midjourney.com, Personalization, Moodboards, 2026-11). */
export function toProfile(value: string): string {
  const parts = normalizePrompt(`--p ${value}`).split(' ').slice(1);
  const isPart = (part: string) => /^[a-z0-9]{1,40}(::\d+(\.\d+)?)?$/iu.test(part);
  if (parts.length === 0 || !parts.every(isPart)) throw new UserError('profile-malformed', { value });
  return parts.join(' ');
}
