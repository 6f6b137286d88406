import type { Account } from '../accounts/accounts.ts';
import { parseJson } from '../providers/json.ts';
import type { Ref, Task, Update } from '../task.ts';
import { hasEndedIn } from './sightings.ts';

/** A result's addresses take up far less; longer bodies aren't kept. */
const longestBody = 65_536;
/** How many tasks' bodies to keep; the oldest are dropped. */
const mostKept = 500;

/**
 * What callbacks said about how tasks ended. It only counts for APIs that may not show a task that they call back about, and
 * only if looking fails: what a look says is always better. What they call a task counts if the answer to its submit is lost.
 */
export interface Hearsay {
  /** Keeps the body of a callback, in place of an earlier one. */
  keep(taskId: string, body: string): void;
  /** Returns how the task ended, according to its callback; `undefined` if that doesn't say, or is about another task. */
  about(task: Task, account: Account): Update | undefined;
  /** Returns what the task is called at the provider, according to its callback. */
  refOf(task: Task, account: Account): Ref | undefined;
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
    refOf(task, account) {
      const body = bodies.get(task.id);
      return body === undefined ? undefined : readRef(body, task, account);
    },
    drop: (taskId) => void bodies.delete(taskId),
  };
}

/** Returns what the body of a callback calls the task; `undefined` if it doesn't say. */
export function readRef(body: string, { request }: Task, { provider }: Account): Ref | undefined {
  return provider.callback?.(readBody(body), request);
}

/** Returns the body of a callback; `undefined` if it isn't JSON, and so says nothing. */
function readBody(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
