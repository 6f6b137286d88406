/** Looks that callbacks ask for at one task are never closer together than this, milliseconds. */
const apartMs = 500;
/** So many tasks are remembered; of older ones it is as if nobody had called. */
const mostRemembered = 10_000;

/** What callbacks have said: that there is something new of a task, and nothing else. */
export interface Hints {
  /** Takes note; gives when to look at the task, epoch milliseconds. */
  give(taskId: string, now: number): number;
  /** Whether something was said that no look has begun after. */
  isNews(taskId: string): boolean;
  /** A look at the task begins. */
  taken(taskId: string): void;
  /** Whether anything was ever said of it. */
  wasGiven(taskId: string): boolean;
}

export function createHints(): Hints {
  const dueAt = new Map<string, number>();
  const news = new Set<string>();

  return {
    give(taskId, now) {
      // None is further off, but where the clock was set back.
      const last = Math.min(dueAt.get(taskId) ?? 0, now + apartMs);
      // One that has not begun serves all who call until then; moved by each of them, it would never begin.
      const due = news.has(taskId) ? last : Math.max(now, last + apartMs);
      dueAt.delete(taskId);
      dueAt.set(taskId, due);
      news.add(taskId);
      const [oldest] = dueAt.keys();
      if (dueAt.size > mostRemembered && oldest !== undefined) {
        dueAt.delete(oldest);
        news.delete(oldest);
      }
      return due;
    },
    isNews: (taskId) => news.has(taskId),
    taken: (taskId) => void news.delete(taskId),
    wasGiven: (taskId) => dueAt.has(taskId),
  };
}
