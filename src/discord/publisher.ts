import { createLoop } from '../loop.ts';
import { isEnded, type Task } from '../task.ts';
import type { OwedMessage } from '../tasks/outbox.ts';
import { createDeliver, type DeliverDependencies } from './deliver.ts';
import type { FinalOutcome } from './final-message.ts';
import { createProgress } from './progress.ts';
import type { Outlook } from './render/message.ts';
import { renderTask } from './render/task.ts';

/** Each mostly waits for the provider's file server and for Discord. Over a slow line there are fewer. */
const mostDeliveriesAtOnce = 16;
const longestSleepMs = 30_000;
const afterFailureMs = 5_000;

/**
 * The only writer of tasks' messages. Progress is drawn now and then and may be lost; the final message is owed
 * by a row in the database and is tried until Discord has it, or can never have it.
 */
export interface Publisher {
  /** Takes note of a saved task, and draws it in its turn. */
  announce(task: Task): void;
  /** Sends what earlier runs still owe, from now on. */
  start(): void;
  /** Resolves once everything due is delivered, or after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

export interface PublisherDependencies extends DeliverDependencies {
  /** What is expected of an unfinished task. */
  outlook: (task: Task) => Promise<Outlook>;
}

export function createPublisher(dependencies: PublisherDependencies): Publisher {
  const { outbox, edits, locate, outlook, words, clock, log } = dependencies;
  const deliver = createDeliver(dependencies);
  const progress = createProgress({
    edits,
    render: async (task) =>
      renderTask(task, words(task.origin.place.locale), { outlook: await outlook(task) }),
    onLocated: (task, messageId) => locate(task.id, messageId),
    clock,
    log,
  });
  const delivering = new Map<string, Promise<void>>();
  let deliveriesAtOnce = mostDeliveriesAtOnce;
  const loop = createLoop({
    clock,
    round: takeDue,
    onError(error) {
      log.error({ error }, 'owed messages could not be read');
      return clock.now() + afterFailureMs;
    },
    longestSleepMs,
  });

  async function takeDue(): Promise<number | undefined> {
    const free = deliveriesAtOnce - delivering.size;
    if (free <= 0) return undefined; // the end of a delivery wakes the loop
    const due = await outbox.listDue(delivering.size + free, (taskId) => delivering.has(taskId));
    for (const owed of due.slice(0, free))
      if (!delivering.has(owed.task.id)) delivering.set(owed.task.id, take(owed));
    const nextDueAt = await outbox.nextDueAt();
    // What is being delivered is due, too.
    const shortestSleepMs = delivering.size > 0 ? 1_000 : 100;
    return nextDueAt === undefined ? undefined : Math.max(nextDueAt, clock.now() + shortestSleepMs);
  }

  async function take(owed: OwedMessage): Promise<void> {
    const { id } = owed.task;
    await progress.end(id);
    learnPace(await deliver(owed));
    delivering.delete(id);
    loop.wake();
  }

  /** Uploads that share a line slow each other down. */
  function learnPace(outcome: FinalOutcome | undefined): void {
    if (outcome === 'too-slow') deliveriesAtOnce = Math.max(1, Math.floor(deliveriesAtOnce / 2));
    if (outcome === 'done') deliveriesAtOnce = Math.min(mostDeliveriesAtOnce, deliveriesAtOnce + 1);
  }

  async function flush(): Promise<void> {
    do await Promise.all([loop.idle(), ...delivering.values()]);
    while (delivering.size > 0);
  }

  return {
    announce(task) {
      if (isEnded(task)) loop.wake();
      else if (task.acknowledgedAt !== undefined) progress.show(task);
    },
    start: loop.start,
    async stop(graceMs) {
      progress.stop();
      const isOver = new Promise<void>((resolve) => clock.after(graceMs, resolve));
      await Promise.race([flush(), isOver]);
      await loop.stop();
    },
  };
}
