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
