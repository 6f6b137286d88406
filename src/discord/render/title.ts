import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';

/** The title of a task's message. */
export function toTitle(task: Task, words: Words): string {
  const { action, offer } = task.request;
  const name = words.say(`action.${action}`);
  if (offer?.index === undefined) return name;
  const { index } = offer;
  return action === 'upscale'
    ? words.say('task.title.upscale', { index })
    : words.say('task.title', { action: name, index });
}
