import { mentionPerson } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';
import { toBoldPrompt } from './foreign-text.ts';
import { toTitle } from './title.ts';

/** How much of a prompt is shown, in UTF-16 code units: escaped, even the last fits into 2,000 with all around it. */
const promptLimits = [1_500, 900] as const;
const longestBold = 1_800;

/**
 * The first line of a task's message, as people know it from Midjourney's own bot: the prompt in bold, what was done with
 * it, by whom, and at which speed.
 */
export function toHeadline(task: Task, words: Words): string {
  const { action, prompt, speed } = task.request;
  const title = toTitle(task, words);
  const by = { person: mentionPerson(task.origin.userId), speed: words.say(`speed.${speed}`) };
  const shown = fitPrompt(prompt);
  if (shown === '') return words.say('task.headline.bare', { title, ...by });
  return action === 'imagine'
    ? words.say('task.headline', { prompt: shown, ...by })
    : words.say('task.headline.action', { prompt: shown, title, ...by });
}

function fitPrompt(prompt: string): string {
  const fitting = promptLimits.map((limit) => toBoldPrompt(prompt, limit));
  return fitting.find(({ length }) => length <= longestBold) ?? fitting.at(-1) ?? '';
}
