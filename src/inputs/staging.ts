import type { ProviderRequest } from '../providers/provider.ts';
import { personKey, type Waiting } from '../storage/waiting.ts';

/** How many tasks of one account may have their files fetched, or in memory, at once. */
const mostAtOnce = 8;

/**
 * Tasks whose files are fetched before they take a slot of their account, so that nobody's slow file server takes one from
 * the others. One task of each person is fetched at a time, and a few in all: each may take some megabytes.
 */
export interface Staging {
  /** Whether the files of a task are being fetched. */
  isUnderWay(id: string): boolean;
  /** Whether they are here. */
  has(id: string): boolean;
  /** What was prepared for a task, and is no longer kept. */
  take(id: string): ProviderRequest | undefined;
  /**
   * Begins to prepare a task that could go now, if there's room; files of others that still wait give way to it. `prepare`
   * returns `undefined` if that ended the task.
   */
  begin(task: Waiting, prepare: () => Promise<ProviderRequest | undefined>): Promise<void> | undefined;
  /** Forgets what was prepared for tasks that no longer wait here. */
  keepOnly(ids: ReadonlySet<string>): void;
}

export function createStaging(): Staging {
  /** Whose task is being prepared, by its id. */
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
      // This one could go right now; files that are there, and whose task still can't, are fetched again later.
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
