import type { HttpAnswer } from '../http.ts';
import { isForWholeAccount } from '../one-by-one.ts';
import { readFetched, readList } from './answers.ts';
import { isInTrouble, throwForGateway } from './refusals.ts';
import type { Routes } from './routes.ts';
import type { MjTask } from './task.ts';

/** How many tasks are asked for at once if each takes its own call. */
const atOnce = 10;

export interface Looks {
  /**
   * What is known about these tasks; one may be there twice, and unknown ones are missing. Throws a `ProviderError` if
   * nothing can be read.
   */
  read(prefix: string, ids: readonly string[], signal: AbortSignal): Promise<MjTask[]>;
}

export interface LooksOptions {
  send(prefix: string, path: string, signal: AbortSignal, body?: unknown): Promise<HttpAnswer>;
  routes: Routes;
  hasList: boolean;
}

/**
 * One call for all tasks if the gateway has a list, and one more for each task that isn't in it: a list may be missing,
 * ignore the ids, end after some of them, or have an unknown form. What a fetch says is final.
 */
export function createLooks({ send, routes, hasList }: LooksOptions): Looks {
  async function list(prefix: string, ids: readonly string[], signal: AbortSignal): Promise<Listed> {
    const answer = await send(prefix, '/task/list-by-condition', signal, { ids });
    const tasks = readList(answer);
    if (tasks !== undefined) return { tasks: tasks.filter(({ id }) => ids.includes(id)), isMissing: false };
    if (answer.status === 401 || answer.status === 429) throwForGateway(answer);
    return { tasks: [], isMissing: !isInTrouble(answer) };
  }

  /**
   * If one task can't be read, or isn't ours to read, that says nothing about the others; if the API asks to wait, that
   * goes for all. If a whole batch can't be read, the rest isn't asked for.
   */
  async function fetchAll(prefix: string, ids: readonly string[], signal: AbortSignal): Promise<Fetched> {
    const tasks: MjTask[] = [];
    const errors: unknown[] = [];
    let answered = 0;
    for (let start = 0; start < ids.length; start += atOnce) {
      const some = ids.slice(start, start + atOnce);
      const settled = await Promise.allSettled(some.map((id) => fetchOne(prefix, id, signal)));
      const failed = settled.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
      // A task that can't be read is known, but that's all.
      tasks.push(
        ...settled.flatMap((one, index) =>
          one.status === 'fulfilled' ? one.value : [{ id: some[index] ?? '', unread: one.reason as unknown }],
        ),
      );
      errors.push(...failed);
      answered += some.length - failed.length;
      if (failed.length === some.length || failed.some(isForWholeAccount)) {
        tasks.push(...ids.slice(start + atOnce).map((id) => ({ id })));
        break;
      }
    }
    return { tasks, error: errors.find(isForWholeAccount) ?? (answered === 0 ? errors[0] : undefined) };
  }

  async function fetchOne(prefix: string, id: string, signal: AbortSignal): Promise<MjTask[]> {
    return readFetched(await send(prefix, `/task/${encodeURIComponent(id)}/fetch`, signal), id);
  }

  return {
    async read(prefix, ids, signal) {
      const route = `${prefix}/task/list-by-condition`;
      const isAsked = hasList && !routes.isMissing(route);
      const listed = isAsked ? await list(prefix, ids, signal) : { tasks: [], isMissing: false };
      const named = new Set(listed.tasks.map(({ id }) => id));
      const unnamed = ids.filter((id) => !named.has(id));
      const fetched = await fetchAll(prefix, unnamed, signal);
      if (fetched.error !== undefined && named.size === 0) throw fetched.error;
      if (listed.isMissing) routes.noteMissing(route);
      return [...listed.tasks, ...fetched.tasks];
    },
  };
}

interface Listed {
  readonly tasks: MjTask[];
  /** Whether there's no such route, unless nothing else works either. */
  readonly isMissing: boolean;
}

interface Fetched {
  readonly tasks: MjTask[];
  /** Why nothing could be read, if so. */
  readonly error: unknown;
}
