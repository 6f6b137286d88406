import { groupOf } from '../points/prices.ts';
import type { UsualTimes } from '../providers/provider.ts';
import type { Database } from '../storage/database.ts';
import type { Task } from '../task.ts';
import { percentile } from './cadence.ts';

/** How many durations of each sort of task to remember. */
const mostRemembered = 50;
/** Fewer than these say nothing about the next one. */
const fewest = 5;

/** How long each sort of task (account, action, speed) has taken lately, from acceptance to result. */
export interface Durations {
  /** Returns milliseconds, in no particular order; empty if there's nothing to learn from yet. */
  list(task: Task): readonly number[];
  /**
   * How long such a task usually takes, in milliseconds: the median of the last ones or, before there are five, what the
   * API's documents say; `undefined` if they don't.
   */
  usual(task: Task, documented: UsualTimes | undefined): number | undefined;
  /** Learns from a task that is done. */
  learn(task: Task): void;
}

export function createDurations(): Durations {
  const bySort = new Map<string, { id: string; ms: number }[]>();
  const list = (task: Task) => (bySort.get(sortOf(task)) ?? []).map(({ ms }) => ms);
  return {
    list,
    usual(task, documented) {
      const learned = list(task);
      return learned.length < fewest ? documentedFor(task, documented) : percentile(learned, 0.5);
    },
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

function documentedFor({ request }: Task, documented: UsualTimes | undefined): number | undefined {
  const group = groupOf(request.action);
  return group === 'set' || group === 'video' ? documented?.[group]?.[request.speed] : undefined;
}

function sortOf(task: Task): string {
  return `${task.account} ${task.request.action} ${task.request.speed}`;
}
