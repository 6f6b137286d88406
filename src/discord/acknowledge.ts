import type { Interaction } from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createLoop } from '../loop.ts';
import type { TaskService } from '../service/presses.ts';
import type { Opened } from '../service/start.ts';
import type { Task } from '../task.ts';
import type { Acknowledgement, Responder } from './respond.ts';

const sweepEveryMs = 10_000;
const soonMs = 1_000;
/** Discord may say that a message doesn't exist while it's still working on the answer that creates it. */
const certainAfterMs = 8_000;

/** Acknowledges interactions for saved tasks, and finds out what happened to acknowledgements that were lost. */
export interface Acknowledge {
  (interaction: Interaction, opened: Opened): Promise<void>;
  /**
   * Acknowledges before the task is saved, since that takes a while; with `isPrivate`, so that only its person sees it. Throws
   * what `start` throws.
   */
  first(interaction: Interaction, isPrivate: boolean, start: () => Promise<Opened>): Promise<void>;
  /** Resolves what an earlier run left open, and keeps doing so. */
  start(): void;
  stop(): Promise<void>;
}

export interface AcknowledgeDependencies {
  service: TaskService;
  responder: Responder;
  clock: Clock;
  log: Logger;
}

export function createAcknowledge({ service, responder, clock, log }: AcknowledgeDependencies): Acknowledge {
  const acknowledging = new Set<string>();
  let isStopping = false;
  const loop = createLoop({
    clock,
    round: sweep,
    onError(error) {
      log.error({ error }, 'open acknowledgements could not be resolved');
      return clock.now() + sweepEveryMs;
    },
    longestSleepMs: sweepEveryMs,
  });

  async function acknowledge(interaction: Interaction, { task, isNew }: Opened): Promise<void> {
    if (!isNew) return; // the first delivery of the interaction has answered, or is about to
    acknowledging.add(task.id);
    try {
      const isPrivate = task.origin.place.isPrivate === true;
      await settle(task.id, await responder.defer(interaction, isPrivate));
    } finally {
      acknowledging.delete(task.id);
    }
  }

  async function first(
    interaction: Interaction,
    isPrivate: boolean,
    start: () => Promise<Opened>,
  ): Promise<void> {
    const acknowledgement = await responder.defer(interaction, isPrivate);
    if (acknowledgement.outcome === 'refused') return; // nobody would see the task
    const { task, isNew } = await start();
    if (isNew) await settle(task.id, acknowledgement);
  }

  async function settle(taskId: string, acknowledgement: Acknowledgement): Promise<void> {
    switch (acknowledgement.outcome) {
      case 'taken':
        return service.acknowledged(taskId, acknowledgement.messageId);
      case 'refused':
        return service.unacknowledged(taskId);
      case 'unknown':
        log.warn({ taskId }, 'nobody knows whether Discord took the answer');
        loop.wakeBy(clock.now() + soonMs);
    }
  }

  /** Resolves what it can; returns when to sweep again. */
  async function sweep(): Promise<number | undefined> {
    let nextAt: number | undefined;
    for (const task of await service.listUnacknowledged()) {
      if (isStopping) break;
      if (acknowledging.has(task.id)) continue;
      const certainAt = task.createdAt + certainAfterMs;
      const found = await ask(task);
      if (found.outcome === 'taken') await service.acknowledged(task.id, found.messageId);
      // If a person sees no answer, they get their points back as soon as that's certain.
      else if (found.outcome === 'refused' && certainAt > clock.now())
        nextAt = Math.min(nextAt ?? certainAt, certainAt);
      else if (found.outcome === 'refused') await service.unacknowledged(task.id);
    }
    return nextAt;
  }

  async function ask({ origin: { place } }: Task): Promise<Acknowledgement> {
    if (clock.now() >= place.tokenExpiresAt) return { outcome: 'refused' };
    return responder.findOriginal(place);
  }

  return Object.assign(acknowledge, {
    first,
    start: loop.start,
    async stop() {
      isStopping = true;
      await loop.stop();
    },
  });
}
