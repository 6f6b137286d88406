import { dropFlagNames } from '../prompt/flags.ts';
import type { Task } from '../task.ts';

const segmenter = new Intl.Segmenter('und', { granularity: 'word' });
/** Shorter words, such as "a" and "of", are in everybody's prompts. */
const shortestWord = 3;
/** The same for letters other than a to z, as in scripts without spaces. */
const shortestElsewhere = 2;

/** Returns the words that people know a task by: those of its prompt, its question and answer, and the texts found for it. */
export function wordsOf(task: Task): ReadonlySet<string> {
  const { request, question, result } = task;
  const { prompt, typed, answer, remixOf } = request;
  const texts = [prompt, typed, answer, remixOf, question, result?.weighed, ...(result?.text ?? [])];
  return toWords(texts.filter((text) => text !== undefined).join(' '));
}

/**
 * Whether a follow-up contains something of its parent: a copy of its prompt, as most do; one of these words, typed into a
 * modal that proposed them; or one of its pictures, as with **Try again**.
 */
export function inherits(task: Task, parent: Task, words: ReadonlySet<string>): boolean {
  const { request } = task;
  if (request.offer !== undefined && request.answer === undefined) return true;
  const given = new Set(parent.request.pictures.map(({ url }) => url));
  if (request.pictures.some(({ url }) => given.has(url))) return true;
  return [...wordsOf(task)].some((word) => words.has(word));
}

function toWords(text: string): Set<string> {
  const words = [...segmenter.segment(dropFlagNames(text.toLowerCase()))].filter(
    ({ isWordLike, segment }) => isWordLike === true && !/^[\d.:]+$/u.test(segment),
  );
  const all = words.map(({ segment }) => segment);
  const long = all.filter(
    (word) => word.length >= (/^[a-z]+$/u.test(word) ? shortestWord : shortestElsewhere),
  );
  return new Set(long.length === 0 ? all : long);
}
