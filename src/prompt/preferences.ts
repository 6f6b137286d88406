import { cleanText, shortenText } from '../clean-text.ts';
import { type Finding, UserError } from '../errors.ts';
import type { Speed } from '../task.ts';
import { combinePrompt, type PromptDefaults } from './combine.ts';
import {
  findOverridden,
  normalizePrompt,
  takeSpeed,
  toAspect,
  toProfile,
  toStyleReference,
} from './compose.ts';
import { hasTurbo } from './kinds.ts';
import { lint } from './lint.ts';
import { ranges } from './models.ts';
import { knownFlags } from './parameters.ts';
import { readPresetName } from './presets.ts';
import { readPrompt } from './reading.ts';
import { requirePriced } from './scan.ts';

/** Most characters of a suffix or a preset: a prompt has room for several, and for its own words. */
export const longestText = 1_000;
/** Most characters of a code, and of a suggestion for an option (Discord docs, "Application Command Option Choice"). */
export const longestCode = 100;
export const longestCodeName = 40;

/** What somebody saved under a name: something for `--sref`, or for `--p`. */
export interface SavedCode {
  readonly name: string;
  readonly kind: 'style' | 'profile';
  readonly value: string;
}

/** Returns a preset's name as it's kept. Throws a `UserError` if it can't be one, or Midjourney reads a flag in it. */
export function requirePresetName(typed: string): string {
  const name = readPresetName(typed);
  if (!/^[a-z][a-z0-9_-]{1,31}$/.test(name))
    throw new UserError('preset-name-malformed', { name: shortenText(cleanText(name), 100) });
  // A value may follow a flag without a space.
  const flag = /^[a-z]+/.exec(name)?.[0] ?? '';
  if (knownFlags.has(flag)) throw new UserError('preset-name-taken', { name, flag });
  return name;
}

/**
 * Returns a preset's text as it's kept. Throws a `UserError` for what never works at those kinds of accounts, or has no price.
 */
export function requirePreset(typed: string, accountKinds: readonly string[]): string {
  const text = cleanText(typed);
  if (text === '' || text.length > longestText)
    throw new UserError('preset-malformed', { limit: longestText });
  requireUsable(text, accountKinds);
  return text;
}

/**
 * Checks all that comes after every prompt, together. Throws a `UserError` for what never works at those kinds of accounts, or
 * has no price.
 */
export function requireDefaults(
  defaults: Omit<PromptDefaults, 'presets'>,
  accountKinds: readonly string[],
): Omit<PromptDefaults, 'presets'> {
  const { suffix = '', aspect, stylize } = defaults;
  const [smallest, largest] = ranges.stylize;
  if (stylize !== undefined && !(Number.isInteger(stylize) && stylize >= smallest && stylize <= largest))
    throw new UserError('stylize-malformed', { smallest, largest });
  if (suffix.length > longestText)
    throw new UserError('suffix-too-long', { length: suffix.length, limit: longestText });
  const checked = aspect === undefined ? defaults : { ...defaults, aspect: toAspect(aspect) };
  requireUsable(suffix, accountKinds);
  const { suffix: _, ...settings } = checked;
  const [contradiction] = findOverridden(suffix, settings);
  if (contradiction !== undefined) throw new UserError('preferences-contradict', contradiction);
  const { prompt, speed } = combinePrompt({ text: example }, checked);
  requireNothingWrong(findWrong(prompt));
  requireSpeed(prompt, speed, accountKinds);
  return checked;
}

const example = 'x';

/** Throws a `UserError` if the words make several jobs, have no price, or hold something that never works. */
function requireUsable(written: string, accountKinds: readonly string[]): void {
  const { text, speed } = takeSpeed(written, undefined);
  const words = normalizePrompt(text);
  requirePriced({ action: 'imagine', prompt: words, pictures: [] });
  requireNothingWrong(findWrong(words));
  requireSpeed(words, speed, accountKinds);
}

/** Each prompt with them would be stopped, since neither Midjourney nor any account has that speed for that version. */
function requireSpeed(prompt: string, speed: Speed | undefined, accountKinds: readonly string[]): void {
  const version = readPrompt(prompt).parameters.find(({ name }) => name === 'v')?.values[0];
  if (speed !== 'turbo' || version === undefined) return;
  if (![undefined, ...accountKinds].some((kind) => hasTurbo(kind, version)))
    throw new UserError('turbo-unavailable', { version });
}

function requireNothingWrong(findings: readonly Finding[]): void {
  if (findings.length > 0) throw new UserError('preference-wrong', { findings });
}

/** Wrong in any prompt, whichever version it's made with. */
const alwaysWrong: ReadonlySet<Finding['code']> = new Set<Finding['code']>([
  'one-dash',
  'words-behind',
  'flag-misspelled',
  'flag-unknown',
  'quoted',
  'commas',
  'repeated',
  'value-missing',
  'version-gone',
  'only-in-zooms',
]);

/** What would be wrong in any prompt: a part of one may still need a picture, a style or a version from the rest. */
function findWrong(prompt: string): Finding[] {
  const { findings } = lint(prompt, { action: 'imagine', speed: 'fast', pictures: 1 });
  return findings.filter(
    ({ code, isCertain }) => code !== 'needs-flag' && (isCertain || alwaysWrong.has(code)),
  );
}

/** Returns a code as it's kept. It may be typed with its flag, which says what it's for. Throws a `UserError` for anything else. */
export function requireCode({
  name: typedName,
  value: typedValue,
  kind: chosen,
}: {
  name: string;
  value: string;
  kind?: SavedCode['kind'] | undefined;
}): SavedCode {
  const name = cleanText(typedName);
  if (name === '' || name.length > longestCodeName)
    throw new UserError('code-name-malformed', { limit: longestCodeName });
  if (isStyleReference(name)) throw new UserError('code-name-taken', { name });
  const [, flag, value = ''] = /^(?:--(sref|p|profile)\s+)?(.*)$/isu.exec(cleanText(typedValue)) ?? [];
  const byFlag = flag === undefined ? undefined : flag.toLowerCase() === 'sref' ? 'style' : 'profile';
  const kind = chosen ?? byFlag ?? (/^(?:random|\d[\d\s:.]*|https?:.*)$/iu.test(value) ? 'style' : 'profile');
  try {
    const spelled = kind === 'style' ? toStyleReference(value) : toProfile(value);
    if (spelled.length > longestCode) throw new UserError('code-malformed', { value, limit: longestCode });
    const prompt = kind === 'style' ? `--sref ${spelled}` : `--p ${spelled}`;
    requirePriced({ action: 'imagine', prompt, pictures: [] });
    return { name, kind, value: spelled };
  } catch (error) {
    if (error instanceof UserError && /-malformed$/.test(error.code))
      throw new UserError('code-malformed', { value: shortenText(value, 100), limit: longestCode });
    throw error;
  }
}

/** What the option takes as it is: a code with that name would hide it. */
function isStyleReference(name: string): boolean {
  try {
    return toStyleReference(name) !== '';
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Returns the value of the code that was named, or what was typed if none has that name. */
export function resolveCode(codes: readonly SavedCode[], kind: SavedCode['kind'], typed: string): string {
  return findCode(codes, typed, kind)?.value ?? typed;
}

/** Names are the same in upper and lower case. */
export function findCode(
  codes: readonly SavedCode[],
  name: string,
  kind?: SavedCode['kind'],
): SavedCode | undefined {
  const wanted = cleanText(name).toLowerCase();
  return codes.find(
    (code) => code.name.toLowerCase() === wanted && (kind === undefined || code.kind === kind),
  );
}
