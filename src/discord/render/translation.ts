import { cleanText } from '../../clean-text.ts';
import type { Words } from '../../locales/index.ts';
import { splitForTranslation } from '../../prompt/translation.ts';
import type { Task } from '../../task.ts';
import { toQuote } from './foreign-text.ts';

const longest = 300;

/** The prompt in English, if an API says so and it's another text than what was sent. */
export function englishOf({ request, facts }: Pick<Task, 'request' | 'facts'>): string | undefined {
  const english = facts?.promptEnglish;
  // An API translates the hidden suffix, too.
  if (request.hidden !== undefined) return undefined;
  return english === undefined || wordsIn(english) === wordsIn(request.prompt) ? undefined : english;
}

/** Flags may be in another order, and an API adds some of its own. */
function wordsIn(prompt: string): string {
  return cleanText(splitForTranslation(prompt).words).toLowerCase();
}

/** What was made of people's words, for a task's message. */
export function toTranslationLines(task: Task, { say }: Words): string[] {
  const { typed } = task.request;
  const english = englishOf(task);
  return [
    ...(typed === undefined ? [] : [say('task.translated-from', { words: toQuote(typed, longest) })]),
    ...(english === undefined ? [] : [say('task.english', { words: toQuote(english, longest) })]),
  ];
}
