import { cleanText } from '../clean-text.ts';
import { UserError } from '../errors.ts';
import { maxPromptLength } from './compose.ts';
import { knownFlags } from './parameters.ts';
import { readFlags, requirePriced } from './scan.ts';

/** A prompt in parts. Only its words are translated: addresses in front of them and flags behind them stay. */
export interface PromptParts {
  readonly links: string;
  readonly words: string;
  readonly flags: string;
}

export function splitForTranslation(prompt: string): PromptParts {
  const end = prompt.search(/(?:^|\s)--[a-z]/iu);
  const text = end === -1 ? prompt : prompt.slice(0, end);
  const [links = ''] = /^(?:\s*https?:\/\/\S+)*/iu.exec(text) ?? [];
  return {
    links: links.trim(),
    words: text.slice(links.length).trim(),
    flags: end === -1 ? '' : prompt.slice(end).trim(),
  };
}

/**
 * The prompt with the translation in place of its words; `undefined` if that would be another request than the one that was
 * checked: nothing at all, too long, or with flags or several jobs in it that nobody typed.
 */
export function joinTranslation({ links, flags }: PromptParts, translation: string): string | undefined {
  const words = cleanText(translation);
  const prompt = [links, words, flags].filter((part) => part !== '').join(' ');
  const isUsable = words !== '' && prompt.length <= maxPromptLength && !hasFlags(words) && isPriced(prompt);
  return isUsable ? prompt : undefined;
}

function hasFlags(words: string): boolean {
  return readFlags(words).some(({ name, isPlain }) => isPlain || knownFlags.has(name));
}

function isPriced(prompt: string): boolean {
  try {
    requirePriced({ action: 'imagine', prompt, pictures: [] });
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
