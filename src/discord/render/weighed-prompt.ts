import { cleanText, cutText } from '../../clean-text.ts';
import { splitAtFlags } from '../../prompt/flags.ts';
import { toPlain } from './foreign-text.ts';

/**
 * A prompt with the words in bold that every shorter form of it keeps, and those struck out that none does. What comes back
 * has at most `limit` characters before it's escaped.
 */
export function toWeighedPrompt(prompt: string, shortened: readonly string[], limit: number): string {
  const kept = shortened.map((text) => new Set(splitWords(text).map(toKey)));
  const words = splitWords(cutText(cleanText(splitAtFlags(prompt).words), limit));
  return words
    .map((word) => {
      const times = kept.filter((one) => one.has(toKey(word))).length;
      const plain = toPlain(word, limit);
      return toWeight(plain, { isBold: times === kept.length, isStruck: times === 0 });
    })
    .join(' ');
}

/** A prompt as the API has weighed it, with its marks. What comes back has at most `limit` characters before it's escaped. */
export function toMarkedPrompt(marked: string, limit: number): string {
  const parts = cutText(cleanText(marked), limit).split(/(\*\*|~~)/u);
  let isBold = false;
  let isStruck = false;
  const shown = parts.map((part) => {
    if (part === '**') isBold = !isBold;
    else if (part === '~~') isStruck = !isStruck;
    else return weighInside(part, (words) => toWeight(toPlain(words, limit), { isBold, isStruck }));
    return '';
  });
  return shown.join('').trim();
}

/** Discord shows no mark next to a space. */
function weighInside(part: string, weigh: (words: string) => string): string {
  const words = part.trim();
  const at = part.indexOf(words);
  return words === '' ? part : `${part.slice(0, at)}${weigh(words)}${part.slice(at + words.length)}`;
}

function toWeight(plain: string, { isBold, isStruck }: { isBold: boolean; isStruck: boolean }): string {
  if (isBold) return `**${plain}**`;
  return isStruck ? `~~${plain}~~` : plain;
}

function splitWords(text: string): string[] {
  return text.split(/\s+/u).filter((word) => word !== '');
}

/** Commas and capitals come and go when a prompt is shortened. */
function toKey(word: string): string {
  const letters = word.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [word];
  return letters.join('');
}
