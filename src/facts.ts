import type { Facts, Task, Update } from './task.ts';

/** Twice what Midjourney takes: a translation may be longer than what was typed. */
const longestPrompt = 12_000;

/** Returns the task with what an update tells about it; what was told before stays, unless it's told otherwise. */
export function mergeFacts<Known extends Pick<Task, 'facts'>>(task: Known, { facts }: Update): Known {
  if (facts === undefined) return task;
  const told = Object.fromEntries(Object.entries(facts).filter(([, fact]) => fact !== undefined)) as Facts;
  const prompt = told.promptEnglish?.slice(0, longestPrompt);
  const words = prompt === undefined ? {} : { promptEnglish: prompt };
  return { ...task, facts: { ...task.facts, ...told, ...words } };
}

/** Returns the task without the words that its facts repeat. */
export function withoutWordsIn(task: Task): Task {
  if (task.facts === undefined) return task;
  const { promptEnglish: _, ...facts } = task.facts;
  return { ...task, facts };
}
