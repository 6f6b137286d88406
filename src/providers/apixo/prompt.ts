import { UserError } from '../../errors.ts';
import { splitAtFlags } from '../../prompt/flags.ts';
import { apixoFields, kinds } from '../../prompt/kinds.ts';
import type { Adjustment } from '../../task.ts';

/** Fields of `input` that replace flags. */
export interface PromptFields {
  aspect_ratio?: string;
  stylization?: number;
  variety?: number;
  weirdness?: number;
  version?: string;
}

/** A Midjourney prompt, as the API takes it. */
export interface ReadPrompt {
  readonly words: string;
  readonly fields: PromptFields;
  readonly isDraft: boolean;
  readonly adjustments: readonly Adjustment[];
  /** Flags without a field, as they were written. */
  readonly unsupported: readonly string[];
}

/** "keep prompts under 2000 characters for portable requests" (apixo.ai, docs/models/image/midjourney). */
const longestPrompt = 2_000;

/**
 * Takes the flags out of a prompt: the API silently strips everything from the first `--` on, so a flag becomes a field, or
 * isn't supported (apixo.ai, docs/models/image/midjourney).
 */
export function readPrompt(prompt: string): ReadPrompt {
  const { words, flags } = splitAtFlags(prompt);
  const fields: Record<string, string | number> = {};
  const adjustments: Adjustment[] = [];
  const unsupported: string[] = [];
  let isDraft = false;
  for (const { name, value, text } of flags) {
    const read = readers.get(name.toLowerCase())?.(value);
    if (read !== undefined && !(read.field in fields)) {
      fields[read.field] = read.value;
      if (!read.isExact) adjustments.push({ flag: `--${name}`, asked: value, used: String(read.value) });
    } else if (name.toLowerCase() === 'draft' && value === '' && !isDraft) {
      isDraft = true;
    } else {
      unsupported.push(text);
    }
  }
  return { words, fields, isDraft, adjustments, unsupported };
}

/** Throws a `UserError` for what the API would drop or refuse. */
export function requireTakeable({ words, unsupported }: ReadPrompt): void {
  if (unsupported.length > 0) throw new UserError('flags-unsupported', { flags: unsupported.join(' ') });
  if (words === '') throw new UserError('prompt-empty');
  if (words.length > longestPrompt) {
    throw new UserError('prompt-too-long', { length: words.length, limit: longestPrompt });
  }
}

/** A flag's value as a field; `isExact` if it's just what was asked for. */
interface Reading {
  readonly field: keyof PromptFields;
  readonly value: string | number;
  readonly isExact: boolean;
}

type Reader = (value: string) => Reading | undefined;

const stylize = stepped('stylization', apixoFields.stylize);
const chaos = stepped('variety', apixoFields.chaos);
const weird = stepped('weirdness', apixoFields.weird);

const readers: ReadonlyMap<string, Reader> = new Map([
  ['ar', readRatio],
  ['aspect', readRatio],
  ['s', stylize],
  ['stylize', stylize],
  ['c', chaos],
  ['chaos', chaos],
  ['w', weird],
  ['weird', weird],
  ['v', readVersion],
  ['version', readVersion],
]);

const ratios: readonly string[] = apixoFields.ratios;

/** The nearest of the eleven available ratios, as the eye sees it: twice as wide is as far off as half as wide. */
function readRatio(value: string): Reading | undefined {
  const asked = toRatio(value);
  if (asked === undefined) return undefined;
  const distance = (ratio: string) => Math.abs(Math.log(toRatio(ratio) ?? 1) - Math.log(asked));
  const nearest = ratios.reduce((best, ratio) => (distance(ratio) < distance(best) ? ratio : best));
  return { field: 'aspect_ratio', value: nearest, isExact: distance(nearest) < 1e-9 };
}

function toRatio(text: string): number | undefined {
  const [, width, height] = /^(\d{1,4}):(\d{1,4})$/.exec(text) ?? [];
  const ratio = Number(width) / Number(height);
  return ratio > 0 && Number.isFinite(ratio) ? ratio : undefined;
}

function stepped(
  field: 'stylization' | 'variety' | 'weirdness',
  { step, largest }: { step: number; largest: number },
): Reader {
  return (text) => {
    if (!/^\d{1,6}(\.\d+)?$/.test(text)) return undefined;
    const value = Math.min(largest, Math.round(Number(text) / step) * step);
    return { field, value, isExact: value === Number(text) };
  };
}

/** Another version would be another picture, so nothing is rounded here. */
function readVersion(text: string): Reading | undefined {
  const value = text.replace(/\.0$/, '');
  const isTaken = kinds['apixo']?.onlyVersions?.includes(value) === true;
  return isTaken ? { field: 'version', value, isExact: true } : undefined;
}
