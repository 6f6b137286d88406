import type { Task, TaskRequest } from './task.ts';

/** Whether a button was pressed with another prompt than it has. */
export function isRemix({ prompt, remixOf }: Pick<TaskRequest, 'prompt' | 'remixOf'>): boolean {
  return remixOf !== undefined && remixOf !== prompt;
}

/**
 * Returns a finished task with the prompt that its result was made from: if the API never asked for another one, that's what
 * the button has by itself.
 */
export function withMadePrompt(task: Task): Task {
  const { remixOf, answer: _answer, ...request } = task.request;
  if (remixOf === undefined || task.answeredAt !== undefined) return task;
  const made = { ...task, request: { ...request, prompt: remixOf } };
  return isRemix(task.request) ? { ...made, isPromptIgnored: true } : made;
}

/** Addresses in front of a prompt: of characters that mean nothing else in one. */
const addressesInFront = /^(?:<?https:\/\/[\w.~%/?=&:+-]+>?\s+)+/u;

/**
 * Returns what a window gets that was answered before the API asked. If the API proposes addresses in front of the prompt, as of
 * reference pictures that it had been given as files, nobody was shown them, so they stay.
 */
export function findGivenAnswer({ request, question = '' }: Task): string | undefined {
  const { answer, remixOf } = request;
  if (answer === undefined || remixOf === undefined || /^<?https?:/iu.test(answer)) return answer;
  const [addresses = ''] = addressesInFront.exec(question) ?? [];
  return addresses.length + answer.length > longestPrompt ? answer : `${addresses}${answer}`;
}

/** As long as any prompt may be here. */
const longestPrompt = 4_000;
