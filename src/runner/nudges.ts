/** Looks that callbacks ask for at one task are never closer together than this, milliseconds. */
const apartMs = 500;
/** How many tasks to remember; callbacks for older ones count as the first. */
const mostRemembered = 10_000;

/** What callbacks say: that there is news about a task, and nothing else. */
export interface Nudges {
  /** Takes note of a callback. Returns when to look at the task, epoch milliseconds. */
  give(taskId: string, now: number): number;
  /** Whether a callback came that no look has begun after. */
  isNews(taskId: string): boolean;
  /** A look at the task begins. */
  taken(taskId: string): void;
  /** Whether a callback ever came for it. */
  wasGiven(taskId: string): boolean;
}

export function createNudges(): Nudges {
  const dueAt = new Map<string, number>();
  const news = new Set<string>();

  return {
    give(taskId, now) {
      // A later time can only be left from before the clock was set back.
      const last = Math.min(dueAt.get(taskId) ?? 0, now + apartMs);
      // A look that hasn't begun serves every callback until then; if each one moved it, it would never begin.
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
