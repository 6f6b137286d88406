import type { Interaction } from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import type { Task } from '../task.ts';
import type { Opened } from '../tasks/opening.ts';
import type { TaskService } from '../tasks/service.ts';
import type { Acknowledgement, Responder } from './respond.ts';

const sweepEveryMs = 10_000;
const soonMs = 1_000;
/** Discord may say that a message does not exist while it is still at work on the answer that makes it. */
const certainAfterMs = 8_000;

/** Acknowledges interactions for saved tasks, and finds out what became of acknowledgements that were lost. */
export interface HandOver {
  (interaction: Interaction, opened: Opened): Promise<void>;
  /** Resolves what an earlier run left open, and goes on doing so. */
  start(): void;
  stop(): Promise<void>;
}

export interface HandOverDependencies {
  service: TaskService;
  responder: Responder;
  clock: Clock;
  log: Logger;
}

export function createHandOver({ service, responder, clock, log }: HandOverDependencies): HandOver {
  const acknowledging = new Set<string>();
  let isStopped = true;
  let cancelTimer = () => {};
  let sweeping: Promise<void> | undefined;

  async function handOver(interaction: Interaction, { task, isNew }: Opened): Promise<void> {
    if (!isNew) return; // the first delivery of the interaction has answered, or is about to
    acknowledging.add(task.id);
    try {
      await settle(task.id, await responder.defer(interaction));
    } finally {
      acknowledging.delete(task.id);
    }
  }

  async function settle(taskId: string, acknowledgement: Acknowledgement): Promise<void> {
    switch (acknowledgement.outcome) {
      case 'taken':
        return service.acknowledged(taskId, acknowledgement.messageId);
      case 'refused':
        return service.unacknowledged(taskId);
      case 'unknown':
        log.warn({ taskId }, 'it is not known whether Discord took the answer');
        schedule(soonMs);
    }
  }

  function schedule(delayMs: number): void {
    if (isStopped) return;
    cancelTimer();
    cancelTimer = clock.after(delayMs, () => {
      if (sweeping !== undefined) return; // its end schedules the next
      sweeping = sweep()
        .catch((error: unknown) => {
          log.error({ error }, 'open acknowledgements could not be resolved');
          return sweepEveryMs;
        })
        .then((nextMs) => {
          sweeping = undefined;
          schedule(nextMs);
        });
    });
  }

  /** Resolves what it can; returns in how many milliseconds to sweep again. */
  async function sweep(): Promise<number> {
    let nextMs = sweepEveryMs;
    for (const task of await service.listUnacknowledged()) {
      if (isStopped) break;
      if (acknowledging.has(task.id)) continue;
      const certainInMs = task.createdAt + certainAfterMs - clock.now();
      const found = await ask(task);
      if (found.outcome === 'taken') await service.acknowledged(task.id, found.messageId);
      // Whoever sees no answer has their points back as soon as it is certain.
      else if (found.outcome === 'refused' && certainInMs > 0) nextMs = Math.min(nextMs, certainInMs);
      else if (found.outcome === 'refused') await service.unacknowledged(task.id);
    }
    return nextMs;
  }

  async function ask({ origin: { place } }: Task): Promise<Acknowledgement> {
    if (clock.now() >= place.tokenExpiresAt) return { outcome: 'refused' };
    return responder.findOriginal(place);
  }

  return Object.assign(handOver, {
    start() {
      isStopped = false;
      schedule(0);
    },
    async stop() {
      isStopped = true;
      cancelTimer();
      await sweeping;
    },
  });
}
