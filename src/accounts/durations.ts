import type { Database } from '../storage/database.ts';
import type { Task } from '../task.ts';

/** How many durations of each sort of task to remember. */
const mostRemembered = 50;

/** How long each sort of task (account, action, speed) has taken lately, from acceptance to result. */
export interface Durations {
  /** Returns milliseconds, in no particular order; empty if there's nothing to learn from yet. */
  list(task: Task): readonly number[];
  /** Learns from a task that is done. */
  learn(task: Task): void;
}

export function createDurations(): Durations {
  const bySort = new Map<string, { id: string; ms: number }[]>();
  return {
    list: (task) => (bySort.get(sortOf(task)) ?? []).map(({ ms }) => ms),
    learn(task) {
      if (task.state !== 'done' || task.acceptedAt === undefined || task.finishedAt === undefined) return;
      const known = bySort.get(sortOf(task)) ?? [];
      if (known.some(({ id }) => id === task.id)) return; // a task may be saved again after its end
      const ms = task.finishedAt - task.acceptedAt;
      if (ms < 0) return; // the clock was set back in between
      const latest = { id: task.id, ms };
      bySort.set(sortOf(task), [latest, ...known].slice(0, mostRemembered));
    },
  };
}

/** Learns from the latest tasks that are done, oldest first, so that a restart doesn't forget what they taught. */
export async function recallTasks(database: Database, learn: (task: Task) => void): Promise<void> {
  for (const task of (await database.tasks.listLatestDone(500)).reverse()) learn(task);
}

function sortOf(task: Task): string {
  return `${task.account} ${task.request.action} ${task.request.speed}`;
}
