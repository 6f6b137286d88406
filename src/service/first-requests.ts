import type { Database } from '../storage/database.ts';
import { isHiddenFrom, type Task, type TaskRequest } from '../task.ts';

/** What a line of follow-ups began with. */
export interface FirstRequest {
  readonly request: TaskRequest;
  readonly emptied: Task['emptied'];
}

/** More generations than anybody makes. */
const mostSteps = 100;

/** Returns what a task's line of follow-ups began with, as far as that person may know it; `undefined` if that's gone. */
export async function findFirstRequest(
  tasks: Pick<Database['tasks'], 'get'>,
  task: Task,
  userId: string,
): Promise<FirstRequest | undefined> {
  let first: Task | undefined = task;
  for (let step = 0; first?.request.offer !== undefined && step < mostSteps; step += 1)
    first = first.parentId === undefined ? undefined : await tasks.get(first.parentId);
  return first && { request: toReadable(first, userId), emptied: first.emptied };
}

/**
 * Somebody who publishes what came of a private task shows its words, but none of the pictures that they gave it: without
 * those, an edit is like any other prompt.
 */
function toReadable(first: Task, userId: string): TaskRequest {
  if (!isHiddenFrom(first, userId)) return first.request;
  const { action, speed } = first.request;
  return { action: action === 'edit' ? 'imagine' : action, prompt: '', speed, pictures: [] };
}
