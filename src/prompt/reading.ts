import { knownFlags, toParameter } from './parameters.ts';

/** A parameter as a linter reads it. */
export interface Parameter {
  /** As in the tables. */
  readonly name: string;
  /** As it was written, without its dashes. */
  readonly written: string;
  readonly values: readonly string[];
}

/** A prompt, taken apart: words first, parameters behind them, and the words behind each of those. */
export interface Reading {
  readonly words: string;
  readonly parameters: readonly (Parameter & { readonly wordsBehind: string })[];
}

const start = /(?<=^|\s)--(?=[a-z])/iu;
const name = /^[a-z][\w-]*/iu;
/** A style code, `random`, or an address, with a weight if it has one. */
const reference = /^(?:random|[a-z]*\d[\w-]*|https?:\/\/\S+)(?:::-?[\d.]*)?$/iu;
const number = /^[\d.:]+$/u;
const word = /^\p{L}+[,.;!?]?$/u;

/** Reads a prompt that has been normalized. */
export function readPrompt(prompt: string): Reading {
  const [words = '', ...parts] = prompt.split(start);
  return { words: words.trim(), parameters: parts.map(readPart) };
}

/** The prompt again: words, then parameters. */
export function writePrompt(words: string, parameters: readonly Parameter[]): string {
  return [words, ...parameters.map(writeParameter)].filter(Boolean).join(' ');
}

/** Words of several texts: Midjourney only takes the addresses in front of them for pictures, so those of all texts come first. */
export function joinWords(texts: readonly string[]): string {
  const parts = texts.map(splitAtText);
  const words = [...parts.flatMap(({ addresses }) => addresses), ...parts.map(({ text }) => text)];
  return words.filter(Boolean).join(' ');
}

function splitAtText(words: string): { addresses: readonly string[]; text: string } {
  const tokens = words.split(' ');
  const begin = tokens.findIndex((token) => !/^https?:\/\//iu.test(token));
  const end = begin === -1 ? tokens.length : begin;
  return { addresses: tokens.slice(0, end), text: tokens.slice(end).join(' ') };
}

export function writeParameter({ written, values }: Pick<Parameter, 'written' | 'values'>): string {
  return [`--${written}`, ...values].join(' ');
}

/** Reads a parameter and everything behind it, without its dashes. */
export function readPart(part: string): Reading['parameters'][number] {
  const written = name.exec(part)?.[0] ?? '';
  const rest = part.slice(written.length).trim();
  const tokens = rest === '' ? [] : rest.split(/\s+/u);
  const count = countValues(written, tokens);
  return {
    name: toParameter(written),
    written,
    values: tokens.slice(0, count),
    wordsBehind: tokens.slice(count).join(' '),
  };
}

/** How many of the words behind a parameter belong to it. */
function countValues(written: string, tokens: readonly string[]): number {
  const [first = ''] = tokens;
  switch (knownFlags.get(written.toLowerCase())) {
    case 'words':
      return tokens.length;
    case 'value':
      // Numbers alone aren't words, and words aren't numbers.
      if (tokens.every((token) => number.test(token))) return tokens.length;
      return takesNumber(written) && tokens.length > 1 && word.test(first) ? 0 : Math.min(1, tokens.length);
    case 'values': {
      if (toParameter(written) === 'p') return countCodes(tokens);
      if (tokens.length > 1 && word.test(first) && !isReference(first)) return 0;
      const other = tokens.findIndex((token, index) => index > 0 && !areReferences(unquote(token)));
      return other === -1 ? tokens.length : other;
    }
    case 'nothing':
      return /^video$/iu.test(written) && /^\d$/.test(first) ? 1 : 0;
    case undefined:
      return number.test(unquote(first)) || /^https?:/iu.test(first) ? 1 : 0;
  }
}

function takesNumber(written: string): boolean {
  return !['style', 'motion', 'end'].includes(toParameter(written));
}

/**
 * How many of these words are codes of profiles. A code may be any letters, so what stands alone is one; of several, all up to
 * the last one that has a digit, or seven letters (docs.midjourney.com, Personalization, Moodboards, 2026-11).
 */
function countCodes(tokens: readonly string[]): number {
  if (tokens.length < 2) return tokens.length;
  return tokens.findLastIndex((token) => /\d|^[a-z]{7}$/u.test(unquote(token))) + 1;
}

export function isReference(token: string): boolean {
  return reference.test(token);
}

/** Commas are corrected later. */
function areReferences(token: string): boolean {
  if (isReference(token)) return true;
  const parts = token.split(',').filter(Boolean);
  return parts.length > 0 && parts.every(isReference);
}

/** A value without quotation marks around it, of any keyboard. */
export function unquote(value: string): string {
  return value
    .replace(/^["'\u00ab\u2018-\u201f\u2039]+/u, '')
    .replace(/["'\u00bb\u2018-\u201f\u203a]+$/u, '');
}
