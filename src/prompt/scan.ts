import { shortenText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import type { Action, TaskRequest } from '../task.ts';
import { usesEditModel } from './edit-model.ts';
import { countFlags, knownFlags, speedFlags } from './parameters.ts';

/** Everything that decides what a request costs. */
export type PricedRequest = Pick<TaskRequest, 'action' | 'prompt' | 'pictures' | 'answer' | 'copyOf'>;

/**
 * Reads a finished request, exactly as it will be sent, right before it's charged. Throws a {@link UserError} for a speed, a
 * number of jobs, or a kind of job in it that has no price. It doesn't trust anything that spelled or composed the words
 * before.
 */
export function requirePriced({ action, prompt, pictures, answer, copyOf }: PricedRequest): void {
  // Nothing is made: an existing picture is shown, and no words are sent.
  if (copyOf !== undefined || (action === 'upscale' && answer === undefined)) return;
  for (const text of new Set([prompt, answer ?? ''])) requirePricedWords(text, action);
  // For APIs that take addresses, they become a part of the prompt.
  const isNamed = action === 'imagine' || action === 'blend' || usesEditModel({ action, pictures });
  const named = isNamed ? pictures : [];
  for (const { url, name } of named) requirePlainAddress(url, name);
}

function requirePricedWords(text: string, action: Action): void {
  for (const flag of readFlags(text)) requirePricedFlag(flag, action);
  const braces = findPermutation(text);
  if (braces !== undefined) throw new UserError('several-jobs', { part: shortenText(braces, 100) });
}

/** People choose a file's name, and it's part of its address. */
function requirePlainAddress(url: string, name: string): void {
  const part = findCostlyPart(url);
  if (part !== undefined) throw new UserError('picture-name', { name, part: shortenText(part, 100) });
}

/** Whether an address in front of a prompt changes nothing about what the prompt costs. */
export function isPlainAddress(url: string): boolean {
  return findCostlyPart(url) === undefined;
}

function findCostlyPart(url: string): string | undefined {
  const costly = readFlags(url).find((found) => isCostly(found));
  return costly === undefined ? findPermutation(url) : `--${costly.name}`;
}

/** A flag: its name in lower case, and the number after it, if any. */
export interface Flag {
  readonly name: string;
  readonly number: string;
  /** Whether it's written the way flags are; a long dash may be just a dash, and an address just an address. */
  readonly isPlain: boolean;
}

function requirePricedFlag({ name, number, isPlain }: Flag, action: Action): void {
  if (isOneOf(speedFlags, name)) throw new UserError('speed-in-prompt', { flag: `--${name}` });
  if (isOneOf(countFlags, name)) throw new UserError('several-jobs', { part: `--${name}` });
  const isPriced = pricedFor.get(name)?.(action, number) ?? true;
  if (!isPriced) throw new UserError('unpriced', { part: `--${name} ${shortenText(number, 20)}`.trim() });
  // If Midjourney knows a name and we don't, it may cost anything, unless nothing is made.
  if (isPlain && !knownFlags.has(name) && action !== 'shorten')
    throw new UserError('flag-unknown', { flag: `--${shortenText(name, 50)}` });
}

function isCostly({ name }: Flag): boolean {
  return isOneOf(speedFlags, name) || isOneOf(countFlags, name) || pricedFor.has(name);
}

/**
 * Flags that change the kind of job, and when the price is right for that (docs.midjourney.com, 2026-11): a video takes
 * as much GPU time as eight grids. A draft takes less than the grid that it's charged as.
 */
const pricedFor: ReadonlyMap<string, (action: Action, number: string) => boolean> = new Map([
  ['video', isVideo],
  ['draft', (action) => action !== 'edit' && !isVideo(action)],
  ...['bs', 'edit'].map((name) => [name, () => false] as const),
  // Their prices are in `points/prices.ts`. A picture that is made into a video has none.
  ...['hd', 'oref'].map(
    (name) => [name, (action: Action) => action !== 'edit' && action !== 'video'] as const,
  ),
  ...['q', 'quality'].map((name) => [name, (_: Action, number: string) => isUsualQuality(number)] as const),
]);

/** Whether an action makes videos, and so takes their flags and no others. */
export function isVideo(action: Action): boolean {
  return action === 'video' || /^(?:animate|extend)-|-video$/.test(action);
}

/** Up to 1, the default: more takes more GPU time. Without a number the flag does nothing. */
function isUsualQuality(number: string): boolean {
  return /^(?:0?\.\d+|1(?:\.0+)?|\.*)$/.test(number);
}

function isOneOf(names: readonly string[], name: string): boolean {
  return names.includes(name);
}

/** Before a letter, Midjourney reads each of these as two hyphens. */
const longDash = String.raw`\u2010-\u2015\u2212\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63\uff0d`;
/** Everything else that looks like a dash; any two of these count, too. */
const dash = String.raw`\p{Pd}${longDash}\u02d7\u2043\u2500-\u2503\u2796\u30fc\uff70`;
const flag = new RegExp(
  `(?<![${dash}])(?<dashes>[${dash}]{2,}|[${longDash}])(?<name>[a-z]+)(?=[^a-z\\p{N}.]*(?<number>[\\p{N}.]*))`,
  'gu',
);
/** Dashes of an unknown name that's meant as a flag; longer ones are used in prose without spaces. */
const hyphens = /^[-\u2010\u2011\u2212\ufe63\uff0d]+$/u;
const notDashes = new RegExp(`[^${dash}]+`, 'gu');

const marks = /\p{M}/gu;
const unseen = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * The text as a parser may read it: in lower case, letters and digits in their plainest form, and invisible characters
 * either skipped or read as a space. Dashes stay as they are.
 */
function readingsOf(text: string): ReadonlySet<string> {
  const plain = text
    .replace(notDashes, (part) => part.normalize('NFKD'))
    .replace(marks, '')
    .toLowerCase();
  return new Set([plain.replace(unseen, ''), plain.replace(unseen, ' ')]);
}

/** The flags of all readings, those that cost something first. */
export function readFlags(text: string): Flag[] {
  const flags = [...readingsOf(text)].flatMap(findFlagsIn);
  return flags.sort((one, other) => Number(isCostly(other)) - Number(isCostly(one)));
}

function findFlagsIn(reading: string): Flag[] {
  return [...reading.matchAll(flag)].map((match) => {
    const { dashes = '', name = '', number = '' } = match.groups ?? {};
    const word = reading.slice(reading.lastIndexOf(' ', match.index) + 1, match.index);
    const isPlain = hyphens.test(dashes) && !word.includes('://');
    return { name, number, isPlain };
  });
}

const braceOrComma = /[{}]|(?<comma>(?<!(?<!\\)\\)[,،、՝߸፣᠂᠈⸲⸴⹁⹉⹌꓾꘍꛵])/gu;

/**
 * The part of a text between braces that has a comma, at any depth: Midjourney makes one job for each part
 * (docs.midjourney.com, Permutations). Only `\,` is a comma of the text.
 */
function findPermutation(text: string): string | undefined {
  const reading = text.normalize('NFKC');
  let depth = 0;
  let start = 0;
  let hasComma = false;
  for (const { 0: character, index } of reading.matchAll(braceOrComma)) {
    if (character === '{') {
      if (depth === 0) start = index;
      depth += 1;
    } else if (character !== '}') {
      hasComma ||= depth > 0;
    } else if (hasComma) {
      return reading.slice(start, index + 1);
    } else {
      depth = Math.max(0, depth - 1);
    }
  }
  return undefined;
}
