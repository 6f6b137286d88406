import type { Interaction } from 'discord.js';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { createLoop } from '../loop.ts';
import type { TaskService } from '../service/presses.ts';
import type { Opened } from '../service/start.ts';
import type { Task } from '../task.ts';
import type { PostTask } from './post-task.ts';
import type { Acknowledgement, Responder } from './respond.ts';

const sweepEveryMs = 10_000;
const soonMs = 1_000;
/** Discord may say that a message doesn't exist while it's still working on the answer that creates it. */
const certainAfterMs = 8_000;
/** How long to try to send the message of a task that no interaction waits for. */
const postForMs = 2 * 60_000;

/** Acknowledges interactions for saved tasks, and finds out what happened to acknowledgements that were lost. */
export interface Acknowledge {
  (interaction: Interaction, opened: Opened): Promise<void>;
  /**
   * Acknowledges before the task is saved, since that takes a while; with `isPrivate`, so that only its person sees it. Throws
   * what `start` throws.
   */
  first(interaction: Interaction, isPrivate: boolean, start: () => Promise<Opened>): Promise<void>;
  /** For a task that no interaction waits for: shows it where its person looks. */
  post(opened: Opened): Promise<Acknowledgement>;
  /** Resolves what an earlier run left open, and keeps doing so. */
  start(): void;
  stop(): Promise<void>;
}

export interface AcknowledgeDependencies {
  service: TaskService;
  responder: Responder;
  postTask: PostTask;
  clock: Clock;
  log: Logger;
}

export function createAcknowledge({
  service,
  responder,
  postTask,
  clock,
  log,
}: AcknowledgeDependencies): Acknowledge {
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

  async function post({ task, isNew }: Opened): Promise<Acknowledgement> {
    if (!isNew) return { outcome: 'unknown' };
    acknowledging.add(task.id);
    try {
      const acknowledgement = await ask(task);
      await settle(task.id, acknowledgement);
      if (acknowledgement.outcome === 'taken') await clearQuestion(task);
      return acknowledgement;
    } finally {
      acknowledging.delete(task.id);
    }
  }

  /** The private message with the link has served its purpose. */
  async function clearQuestion({ id, origin: { place } }: Task): Promise<void> {
    const { isPosted, applicationId, token } = place;
    if (isPosted !== true || token === undefined) return;
    await responder
      .removeOriginal({ id: '', applicationId, token })
      .catch((error: unknown) => log.debug({ error, taskId: id }, 'a private question could not be removed'));
  }

  async function ask(task: Task): Promise<Acknowledgement> {
    const { place } = task.origin;
    if (place.isPosted === true) {
      // Discord remembers a nonce for a few minutes; a later try might show the task twice.
      const isTooLate = clock.now() >= task.createdAt + postForMs;
      return isTooLate ? { outcome: 'refused' } : postTask(task);
    }
    if (clock.now() >= place.tokenExpiresAt) return { outcome: 'refused' };
    return responder.findOriginal(place);
  }

  return Object.assign(acknowledge, {
    first,
    post,
    start: loop.start,
    async stop() {
      isStopping = true;
      await loop.stop();
    },
  });
}
