import type { Words } from '../../locales/index.ts';
import type { Action, Offer, Task } from '../../task.ts';
import { toForeignLabel } from './foreign-label.ts';
import { toPlain } from './foreign-text.ts';

/** The title of a task's message. */
export function toTitle(task: Pick<Task, 'request'>, words: Words): string {
  const { action, offer } = task.request;
  const name = toName(action, offer, words);
  if (offer?.index === undefined) return name;
  const { index } = offer;
  return action === 'upscale'
    ? words.say('task.title.upscale', { index })
    : words.say('task.title', { action: name, index });
}

/** What an action is called in a sentence: by us, or by the provider whose button it is. */
export function toName(action: Action, offer: Pick<Offer, 'label'> | undefined, { say }: Words): string {
  const foreign = toForeignLabel({ action, ...offer });
  return foreign === undefined ? say(`action.${action}`) : toPlain(foreign, longestName);
}

/** Longer than a button's label. */
const longestName = 100;
