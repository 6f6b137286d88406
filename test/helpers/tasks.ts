import type { TaskCaller } from '../../src/service/start.ts';
import type { Presser } from '../../src/service/task-messages.ts';
import type { Offer, Origin, Place, Task } from '../../src/task.ts';
import type { Target } from '../../src/tasks/message-map.ts';

let counter = 0;

/** The owner of tasks if a test doesn't name one. */
export const owner: Presser = { userId: '444444444444444444', canManageMessages: false };
export const stranger: Presser = { userId: '555555555555555555', canManageMessages: false };
export const moderator: Presser = { userId: '666666666666666666', canManageMessages: true };

/** The message that shows a task, as a press on one of its buttons names it. */
export function targetOf(taskId: string): Target {
  return { taskId, messageId: `message-of-${taskId}` };
}

/** The masks that people painted, if nobody has. */
export const nothingPainted = { read: async () => undefined };

/** A number that is unique in this process, for ids. */
export function unique(): string {
  counter += 1;
  return String(100_000_000_000_000_000n + BigInt(counter));
}

export function aPlace(overrides: Partial<Place> = {}): Place {
  return {
    applicationId: '111111111111111111',
    guildId: '222222222222222222',
    channelId: '333333333333333333',
    token: 'interaction-token',
    tokenExpiresAt: 900_000,
    uploadLimitBytes: 10_485_760,
    locale: 'en-US',
    isOpenToBot: true,
    ...overrides,
  };
}

export function anOrigin(overrides: Partial<Origin> = {}): Origin {
  const place = overrides.place ?? aPlace();
  const book = place.guildId ?? 'direct';
  return { interactionId: unique(), userId: '444444444444444444', book, place, ...overrides };
}

/** An ordinary person who asks for a task with that origin. */
export function aCaller(overrides: Partial<Origin> = {}): TaskCaller {
  const origin = anOrigin(overrides);
  const { userId, book } = origin;
  return { origin, asker: { userId, book, roleIds: [], isAdministrator: false } };
}

export function anOffer(overrides: Partial<Offer> = {}): Offer {
  return { action: 'upscale', index: 1, token: 'MJ::JOB::upsample::1::abc', ...overrides };
}

/** A task as it is saved first: queued, not acknowledged. */
export function aTask(overrides: Partial<Task> = {}): Task {
  return {
    id: `task-${unique().slice(-11)}`,
    revision: 1,
    state: 'queued',
    request: { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: [] },
    account: 'main',
    origin: anOrigin(),
    price: 100,
    createdAt: 0,
    deadlineAt: 1_800_000,
    ...overrides,
  };
}

/** A task that the provider is working on. */
export function aRunningTask(overrides: Partial<Task> = {}): Task {
  return aTask({
    state: 'running',
    acknowledgedAt: 1,
    submittedAt: 2,
    acceptedAt: 3,
    nextLookAt: 5_000,
    ref: { id: '1700000000000001' },
    ...overrides,
  });
}
