import { UserError } from '../errors.ts';
import type { Logger } from '../log.ts';
import type { Database } from '../storage/database.ts';
import { hasResult, isEnded, type Place, type Task } from '../task.ts';
import type { Changes } from '../tasks/changes.ts';
import type { MessageMap, Target } from '../tasks/message-map.ts';
import type { CanBeShown } from './shown-again.ts';

/** Who presses, and whether they may remove what others started. */
export interface Presser {
  readonly userId: string;
  readonly canManageMessages: boolean;
}

/** The messages that show tasks: whether Discord has them, where they are, and their removal. */
export interface TaskMessages {
  /** Throws a `UserError` if the message doesn't show the task, or not to that person. */
  verify(target: Target, userId: string): Promise<void>;
  /** Saves the new token of that person's press on the message, so that what is owed can be written with it. */
  moveTo(target: Target, place: Place, userId: string): Promise<void>;
  /** Throws a `UserError` if that isn't a private task of that person, or if its message isn't to be shown again. */
  requireBringable(taskId: string, userId: string): Promise<void>;
  /** Shows a private task of that person in the message of another interaction: the one that showed it may be lost. */
  bring(taskId: string, place: Place, userId: string): Promise<void>;
  /** Whether it shows a result, which nobody should remove by accident. Throws a `UserError` if the presser may not remove it. */
  showsResult(target: Target, presser: Presser): Promise<boolean>;
  /** Forgets what is still owed to the message. Throws a `UserError` if the presser may not remove it. */
  remove(target: Target, presser: Presser): Promise<void>;
  /** Discord has the answer: the task may go to its provider. */
  acknowledged(taskId: string, messageId: string | undefined): Promise<void>;
  /** Saves which message shows a task, if Discord said so only after the acknowledgement. */
  located(taskId: string, messageId: string): Promise<void>;
  /** Discord never took the answer: nobody would see the task, so it's cancelled and refunded. */
  unacknowledged(taskId: string): Promise<void>;
  /** Returns the tasks whose answer Discord may or may not have. */
  listUnacknowledged(): Promise<Task[]>;
}

export interface TaskMessagesDependencies {
  database: Pick<Database, 'tasks' | 'deliveries'>;
  changes: Changes;
  messageMap: MessageMap;
  canBeShown: CanBeShown;
  log: Logger;
}

export function createTaskMessages(dependencies: TaskMessagesDependencies): TaskMessages {
  const { database, changes, messageMap, canBeShown, log } = dependencies;

  async function readRemovable(target: Target, presser: Presser): Promise<Task> {
    const task = await messageMap.require(target, presser.userId);
    refuseOthers(task, presser);
    if (!isEnded(task)) throw new UserError('unknown-component');
    return task;
  }

  async function readBringable(taskId: string, userId: string): Promise<Task> {
    const task = await database.tasks.get(taskId);
    if (task === undefined || task.origin.userId !== userId || !isBringable(task))
      throw new UserError('unknown-component');
    if (!(await canBeShown(task))) throw new UserError('result-gone');
    return task;
  }

  return {
    async verify(target, userId) {
      await messageMap.require(target, userId);
    },

    async moveTo(target, place, userId) {
      const task = await messageMap.require(target, userId);
      const { isPrivate, messageId: known = target.messageId, repliesTo } = task.origin.place;
      // A private task may have been shown in several messages, and this is the one that its person still has.
      const messageId = isPrivate === true ? target.messageId : known;
      const { repliesTo: _, ...here } = place;
      const above = repliesTo === undefined ? {} : { repliesTo };
      await changes.change(task.id, { type: 'placed', place: { ...here, ...above, messageId } });
    },

    requireBringable: async (taskId, userId) => void (await readBringable(taskId, userId)),

    async bring(taskId, place, userId) {
      const task = await readBringable(taskId, userId);
      const { repliesTo: _, ...here } = place;
      await changes.change(task.id, { type: 'placed', place: here });
      if (place.messageId !== undefined) await messageMap.remember(place.messageId, taskId);
    },

    async showsResult(target, presser) {
      const task = await readRemovable(target, presser);
      return hasResult(task);
    },

    async remove(target, presser) {
      const task = await readRemovable(target, presser);
      await changes.change(task.id, { type: 'removed' });
      await database.deliveries.remove(task.id, 'final');
      await database.deliveries.remove(task.id, 'mention');
      await messageMap.forget(target.messageId);
    },

    async acknowledged(taskId, messageId) {
      const event = messageId === undefined ? {} : { messageId };
      const task = await changes.change(taskId, { type: 'acknowledged', ...event });
      if (task !== undefined && messageId !== undefined) await messageMap.remember(messageId, taskId);
    },

    async located(taskId, messageId) {
      const task = await changes.change(taskId, { type: 'located', messageId });
      if (task !== undefined) await messageMap.remember(messageId, taskId);
    },

    async unacknowledged(taskId) {
      const task = await changes.change(taskId, { type: 'cancelled' });
      if (task !== undefined) log.warn({ taskId }, 'Discord did not take the answer: cancelled and refunded');
    },

    async listUnacknowledged() {
      const queued = await database.tasks.listByState('queued');
      return queued.filter((task) => task.acknowledgedAt === undefined);
    },
  };
}

/** Whether it's shown to its person alone, and there's something left of it to show again. */
export function isBringable({ origin, removedAt, emptied }: Task): boolean {
  return origin.place.isPrivate === true && removedAt === undefined && emptied !== 'all';
}

/** Throws a `UserError` if the task is somebody else's and the presser can't manage messages there. */
export function refuseOthers(task: Task, presser: Presser): void {
  const isTheirs = task.origin.userId === presser.userId || presser.canManageMessages;
  if (!isTheirs) throw new UserError('not-yours');
}
