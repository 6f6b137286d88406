import { ProviderError } from '../../errors.ts';
import { withoutLinks } from '../foreign-words.ts';
import type { MjTask } from './task.ts';

const textActions: ReadonlySet<string> = new Set(['DESCRIBE', 'SHORTEN']);

/** Whether a task's result is text: prompts found by a describe or a shorten. */
export function isTextTask(task: MjTask): boolean {
  return textActions.has(task.action ?? '');
}

/**
 * The prompts of a finished describe or shorten, without numbers and Markdown links. They're in `properties.finalPrompt`,
 * `promptEn` and `prompt` (midjourney-proxy, plus), in the first two of these behind new-api, and for a shorten in
 * `description` at trueai-org, so the first numbered text is taken. A describe without numbers is taken as one prompt; a
 * shorten without numbers is still the prompt that was asked about.
 */
export function readPrompts(task: MjTask): string[] {
  const numbered = findNumberedPrompts(task);
  if (numbered !== undefined) return numbered;
  const sources = sourcesOf(task);
  const plain = sources.map(toPlain).find((text) => text !== '');
  if (task.action === 'SHORTEN' || plain === undefined) {
    throw new ProviderError('malformed', 'a finished task has no text');
  }
  return [plain];
}

/**
 * The prompt of a finished shorten, with `**` around its important tokens and `~~` around those that change nothing: what comes
 * before the first number, without its heading (midjourney-proxy plus, docs/api.md). `undefined` if nothing is marked.
 */
export function readWeighed(task: MjTask): string | undefined {
  if (task.action !== 'SHORTEN') return undefined;
  const sources = [task.properties?.finalPrompt, task.promptEn, task.description];
  return sources.map(toMarked).find((text) => text !== undefined);
}

function toMarked(text: string | null | undefined): string | undefined {
  const [front = ''] = (text ?? '').split(/[1-9]\uFE0F?\u20E3/u);
  const lines = front.split('\n').filter((line) => !line.trim().startsWith('#'));
  const marked = toPlain(lines.join(' '));
  return /(\*\*|~~)[^*~]+\1/u.test(marked) ? marked : undefined;
}

/** Whether there are prompts with numbers in front of them, as a describe and a shorten write them. */
export function hasNumberedPrompts(task: MjTask): boolean {
  return findNumberedPrompts(task) !== undefined;
}

function findNumberedPrompts(task: MjTask): string[] | undefined {
  return [...sourcesOf(task), task.description ?? ''].map(splitAtKeycaps).find(({ length }) => length > 0);
}

function sourcesOf({ properties, promptEn, prompt }: MjTask): string[] {
  return [properties?.finalPrompt, promptEn, prompt].map((text) => text ?? '');
}

/** `1️⃣ …` to `5️⃣ …`; what comes before the first number (the tokens of a shorten) isn't one of them. */
function splitAtKeycaps(text: string): string[] {
  return text
    .split(/[1-9]\uFE0F?\u20E3/u)
    .slice(1)
    .map((part) => toPlain(part.split(/\n#/u)[0] ?? ''))
    .filter((prompt) => prompt !== '');
}

function toPlain(text: string): string {
  return withoutLinks(text).replace(/\s+/gu, ' ').trim();
}
