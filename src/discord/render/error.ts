import { shortenText } from '../../clean-text.ts';
import { ProviderError, type Refusal, UserError } from '../../errors.ts';
import type { Words } from '../../locales/index.ts';
import { escapeDetails } from './foreign-text.ts';

const contentLimit = 2_000;

/** The one sentence for something that was thrown; `id` finds an unexpected one in the log. */
export function renderError(error: unknown, words: Words, id: string): { content: string } {
  if (error instanceof UserError) return { content: shortenText(toSentence(error, words), contentLimit) };
  if (error instanceof ProviderError) return { content: words.failure(error.kind) };
  return { content: words.internalError(id) };
}

/** A refusal in words, with what others wrote as quotes. */
export function toSentence({ code, details }: Pick<Refusal, 'code' | 'details'>, words: Words): string {
  return words.userError(code, escapeDetails(details) as never);
}
