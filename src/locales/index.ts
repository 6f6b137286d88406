import { en, type Words } from './en.ts';

export type { Words };

/** The words for a person's Discord locale. */
export function wordsFor(_locale: string): Words {
  return en;
}
