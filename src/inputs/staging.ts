import type { ProviderRequest } from '../providers/provider.ts';
import { personKey, type Waiting } from '../storage/waiting.ts';

/** How many of an account's tasks may have files in memory or being fetched at once. */
const mostAtOnce = 8;

/**
 * Fetches the files of tasks before they take a slot of their account, so that one person's slow file server doesn't keep a
 * slot from the others. Each person has the files of one task fetched at a time, and only a few tasks have theirs fetched at
 * once, since each may take some megabytes.
 */
export interface Staging {
  /** Whether the files of a task are being fetched. */
  isUnderWay(id: string): boolean;
  /** Whether they have been fetched. */
  has(id: string): boolean;
  /** Returns what was prepared for a task, and stops keeping it. */
  take(id: string): ProviderRequest | undefined;
  /**
   * Begins to prepare a task that could go now, if there's room; the files of a task that is still waiting make way for it.
   * `prepare` returns `undefined` if it ended the task.
   */
  begin(task: Waiting, prepare: () => Promise<ProviderRequest | undefined>): Promise<void> | undefined;
  /** Forgets what was prepared for tasks that no longer wait here. */
  keepOnly(ids: ReadonlySet<string>): void;
}

export function createStaging(): Staging {
  /** Whose tasks are being prepared: `personKey` by task id. */
  const underWay = new Map<string, string>();
  const ready = new Map<string, ProviderRequest>();

  async function run(id: string, prepare: () => Promise<ProviderRequest | undefined>): Promise<void> {
    try {
      const request = await prepare();
      if (request !== undefined) ready.set(id, request);
    } finally {
      underWay.delete(id);
    }
  }

  return {
    isUnderWay: (id) => underWay.has(id),
    has: (id) => ready.has(id),
    take(id) {
      const request = ready.get(id);
      ready.delete(id);
      return request;
    },
    begin(task, prepare) {
      const isTheirs = [...underWay.values()].includes(personKey(task));
      if (isTheirs || underWay.has(task.id) || underWay.size >= mostAtOnce) return undefined;
      // This task could go right now. Those whose files are ready still can't: theirs are fetched again later.
      const [oldest] = underWay.size + ready.size >= mostAtOnce ? ready.keys() : [];
      if (oldest !== undefined) ready.delete(oldest);
      underWay.set(task.id, personKey(task));
      return run(task.id, prepare);
    },
    keepOnly(ids) {
      for (const id of ready.keys()) if (!ids.has(id)) ready.delete(id);
    },
  };
}
