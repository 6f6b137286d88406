import { cutText } from './clean-text.ts';
import type { Facts, Task, Update } from './task.ts';

/** Twice what Midjourney takes: a translation may be longer than what was typed. */
const longestPrompt = 12_000;
const longestName = 100;
/** The last moment that a `Date` can hold. */
const lastMoment = 8.64e15;

/** Returns the task with what an update tells about it; what was told before stays, unless it's told otherwise. */
export function mergeFacts<Known extends Pick<Task, 'facts'>>(
  task: Known,
  { facts }: Update | { readonly facts: Facts },
): Known {
  if (facts === undefined) return task;
  const told = Object.entries(facts).flatMap(([name, fact]) => {
    const usable = toUsable(name, fact);
    return usable === undefined ? [] : [[name, usable]];
  });
  return told.length === 0
    ? task
    : { ...task, facts: { ...task.facts, ...(Object.fromEntries(told) as Facts) } };
}

/** An API may send anything: what can't be right counts as untold, and nothing is kept at any length. */
function toUsable(name: string, fact: Facts[keyof Facts]): Facts[keyof Facts] {
  if (typeof fact === 'number') return fact > 0 && fact <= lastMoment ? fact : undefined;
  if (typeof fact === 'string')
    return cutText(fact, name === 'promptEnglish' ? longestPrompt : longestName) || undefined;
  return fact === undefined || !Number.isFinite(fact.amount) ? undefined : fact;
}

/** Returns the task without the words that its facts repeat. */
export function withoutWordsIn(task: Task): Task {
  if (task.facts === undefined) return task;
  const { promptEnglish: _english, styleCodes: _style, ...facts } = task.facts;
  return { ...task, facts };
}
