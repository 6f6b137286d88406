import { percentile } from '../accounts/cadence.ts';
import type { Clock } from '../clock.ts';
import { type Asker, directBook } from '../points/policy.ts';
import type { Lanes } from '../runner/lanes.ts';
import type { Database } from '../storage/database.ts';
import { isHiddenFrom, type Task } from '../task.ts';

/** How many waiting tasks to show. */
const mostShown = 10;
/** How many of the latest tasks to measure times over. */
const mostMeasured = 50;

/** What is running and waiting in a book, and how long tasks have taken lately. Times are milliseconds. */
export interface QueueView {
  readonly now: number;
  readonly running: number;
  readonly waiting: number;
  /** Tasks that need an answer from their person before they start. */
  readonly asking: number;
  /** The next ones, in the order in which they'll probably go. */
  readonly next: readonly { task: Task; position: number | undefined; isHidden: boolean }[];
  /** Absent if no task is done yet. */
  readonly lately?: {
    readonly tasks: number;
    /** Until a task was submitted. */
    readonly waitedMs: Spread;
    /** From acceptance to the result. */
    readonly tookMs: Spread;
  };
}

export interface Spread {
  readonly usual: number;
  readonly worst: number;
}

export interface Queue {
  /** Returns what the asker may see: outside of servers, nobody learns what others do. */
  read(asker: Pick<Asker, 'book' | 'userId'>): Promise<QueueView>;
}

/** As many as may wait in a server by default; the order beyond that isn't shown anyway. */
const mostListed = 200;

export function createQueue({
  database,
  lanes,
  clock,
}: {
  database: Pick<Database, 'tasks'>;
  lanes: Pick<Lanes, 'positionOf'>;
  clock: Clock;
}): Queue {
  return {
    async read({ book, userId }) {
      const only = book === directBook ? userId : undefined;
      const counts = await database.tasks.countByState(book, only);
      const waiting = await database.tasks.listWaitingIn(book, mostListed, only);
      const done = (await database.tasks.listLatestDoneIn(book, mostMeasured, only)).filter(isMeasurable);
      const ranked = waiting
        .map((task) => ({
          task,
          position: lanes.positionOf(task),
          isHidden: isHiddenFrom(task, userId),
        }))
        .sort(byPosition);
      return {
        now: clock.now(),
        running: (counts.submitting ?? 0) + (counts.running ?? 0) + (counts.answering ?? 0),
        waiting: counts.queued ?? 0,
        asking: counts.asking ?? 0,
        next: ranked.slice(0, mostShown),
        ...(done.length === 0 ? {} : { lately: toLately(done) }),
      };
    },
  };
}

type Measurable = Task & { acceptedAt: number; submittedAt: number; finishedAt: number };

/** A picture that was shown again never went to a provider. */
function isMeasurable(task: Task): task is Measurable {
  return task.acceptedAt !== undefined && task.submittedAt !== undefined && task.finishedAt !== undefined;
}

function toLately(done: readonly Measurable[]): NonNullable<QueueView['lately']> {
  return {
    tasks: done.length,
    waitedMs: toSpread(done.map(({ createdAt, submittedAt }) => submittedAt - createdAt)),
    tookMs: toSpread(done.map(({ acceptedAt, finishedAt }) => finishedAt - acceptedAt)),
  };
}

function toSpread(values: readonly number[]): Spread {
  return { usual: percentile(values, 0.5), worst: percentile(values, 1) };
}

function byPosition(a: { position: number | undefined }, b: { position: number | undefined }): number {
  return (a.position ?? Number.MAX_SAFE_INTEGER) - (b.position ?? Number.MAX_SAFE_INTEGER);
}
