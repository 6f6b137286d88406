import type { Account } from '../accounts/accounts.ts';
import { parseJson } from '../providers/json.ts';
import type { Task, Update } from '../task.ts';
import { hasEndedIn } from './sightings.ts';

/** A result's addresses take up far less; longer bodies aren't kept. */
const longestBody = 65_536;
/** How many tasks' bodies to keep; the oldest are dropped. */
const mostKept = 500;

/**
 * What callbacks said about how tasks ended. It only counts for APIs that may not show a task that they call back about, and
 * only if looking fails: what a look says is always better.
 */
export interface Hearsay {
  /** Keeps the body of a callback, in place of an earlier one. */
  keep(taskId: string, body: string): void;
  /** Returns how the task ended, according to its callback; `undefined` if that doesn't say, or is about another task. */
  about(task: Task, account: Account): Update | undefined;
  drop(taskId: string): void;
}

export function createHearsay(): Hearsay {
  const bodies = new Map<string, string>();
  return {
    keep(taskId, body) {
      if (body.length > longestBody) return;
      bodies.delete(taskId);
      bodies.set(taskId, body);
      const [oldest] = bodies.keys();
      if (bodies.size > mostKept && oldest !== undefined) bodies.delete(oldest);
    },
    about({ id, ref }, { provider }) {
      const body = bodies.get(id);
      if (body === undefined || ref === undefined) return undefined;
      const update = provider.readCallback?.(readBody(body), ref);
      return update !== undefined && hasEndedIn(update) ? update : undefined;
    },
    drop: (taskId) => void bodies.delete(taskId),
  };
}

/** Returns the body of a callback; `undefined` if it isn't JSON, and so says nothing. */
export function readBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
