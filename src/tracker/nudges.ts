/** The shortest time between two looks at a task that callbacks ask for, milliseconds. */
const apartMs = 500;
/** How many tasks to remember; a callback for an older one counts as its first. */
const mostRemembered = 10_000;

/** What callbacks say: that there's news about a task, and nothing else. */
export interface Nudges {
  /** Takes note of a callback. Returns when to look at the task, epoch milliseconds. */
  give(taskId: string, now: number): number;
  /** Whether a callback has come since the last look began. */
  isNews(taskId: string): boolean;
  /** Takes note that a look at the task begins. */
  taken(taskId: string): void;
  /** Whether a callback for the task has ever come. */
  wasGiven(taskId: string): boolean;
}

export function createNudges(): Nudges {
  const dueAt = new Map<string, number>();
  const news = new Set<string>();

  return {
    give(taskId, now) {
      // A later time can only be left over from before the clock was set back.
      const last = Math.min(dueAt.get(taskId) ?? 0, now + apartMs);
      // A look that hasn't begun serves every callback until it does; if each one moved it, it would never begin.
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
