import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';

/** The title of a task's message. */
export function toTitle(task: Task, words: Words): string {
  const { action, offer } = task.request;
  const name = words.say(`action.${action}`);
  return offer?.index === undefined ? name : words.say('task.title', { action: name, index: offer.index });
}
