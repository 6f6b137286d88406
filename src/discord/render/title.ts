import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';

/** What a task is, as the title of its message. */
export function toTitle(task: Task, words: Words): string {
  const { action, offer } = task.request;
  return offer?.index === undefined ? words.action(action) : words.actionOf(action, offer.index);
}
