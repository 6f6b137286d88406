import en from './en.json' with { type: 'json' };
import { type Catalog, createWords, type Words } from './words.ts';

export type { Words };

/** English has every message, and fills in for the other languages. */
export const english = createWords('en-US', en, undefined);

/** The other languages by Discord's locale codes. To add one, add a file like en.json and a line here. */
export const translations: ReadonlyMap<string, Catalog> = new Map();

const made = new Map<string, Words>();

/** The words for a Discord locale: English if there's no translation. */
export function wordsFor(locale: string): Words {
  const catalog = translations.get(locale);
  if (catalog === undefined) return english;
  const words = made.get(locale) ?? createWords(locale, catalog, english);
  made.set(locale, words);
  return words;
}
