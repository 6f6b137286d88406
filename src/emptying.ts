import { withoutWordsIn } from './facts.ts';
import type { Task, TaskRequest } from './task.ts';

/** Returns what is left of a task made from somebody else's words: its own result, with buttons, but no texts found in theirs. */
export function withoutOthersWords(task: Task): Task {
  const { pictures: _pictures, region, ...request } = withoutWritten(task.request);
  const { picture: _picture, ...parts } = region ?? { cells: [] };
  const cells = region === undefined ? {} : { region: parts };
  const { text: _text, weighed: _weighed, ...result } = task.result ?? { media: [], offers: [] };
  return {
    ...withoutWordsIn(without(task, 'question', 'adjustments')),
    emptied: 'words',
    request: { ...request, prompt: '', pictures: [], ...cells },
    ...(task.result === undefined ? {} : { result }),
    ...withoutReason(task),
  };
}

function withoutWritten(written: TaskRequest): TaskRequest {
  const { answer: _answer, remixOf: _remixOf, typed: _typed, ...request } = written;
  return request;
}

/** Returns what is left of a task that its person wants forgotten, or that is old: what kind it was, and what it cost. */
export function withoutWords(task: Task): Task {
  const { action, speed, offer } = task.request;
  const request = { action, speed, prompt: '', pictures: [], ...(offer === undefined ? {} : { offer }) };
  const rest = without(task, 'nextLookAt', 'question', 'preview', 'adjustments', 'facts');
  const left: Task = { ...rest, emptied: 'all', request, ...withoutReason(task) };
  const result = task.result === undefined ? {} : { result: { media: [], offers: [] } };
  // Without the ref, a look under way can't bring the result back.
  return task.failure === undefined ? { ...left, ...result } : { ...without(left, 'ref'), ...result };
}

function withoutReason({ failure }: Task): Pick<Task, 'failure'> {
  if (failure === undefined) return {};
  return { failure: { kind: failure.kind, mayHaveCost: failure.mayHaveCost } };
}

/** Returns the task without these fields. */
export function without<Key extends keyof Task>(
  task: Task,
  ...keys: Key[]
): Omit<Task, Key> & Partial<Pick<Task, Key>> {
  const copy = { ...task };
  for (const key of keys) delete copy[key];
  return copy;
}
