import { UserError } from '../errors.ts';
import type { Words } from '../locales/index.ts';
import type { Shares } from '../service/shares.ts';
import type { Opened, TaskCaller } from '../service/start.ts';
import type { TaskMessages } from '../service/task-messages.ts';
import { hasResult, type Task } from '../task.ts';
import type { Target } from '../tasks/message-map.ts';
import type { DirectMessages, DirectResult } from './direct-messages.ts';
import { renderDirectNotice } from './render/mention.ts';

/** What goes to a task's owner as a direct message. */
export interface DirectResults {
  /**
   * Sends a private result, with working buttons if the owner may use the bot there. Throws a `UserError` if there's nothing to
   * send, or if the owner takes no direct messages.
   */
  send(target: Target, caller: TaskCaller, words: Words): Promise<{ hasButtons: boolean }>;
  /** Tells the owner that a task has ended: by a link or, if it's private, with the result itself. */
  tell(task: Task, words: Words): Promise<DirectOutcome>;
}

/** Whether it was sent; `closed`: the person takes none from this bot. */
export type DirectOutcome = { readonly outcome: 'done' } | Exclude<DirectResult, { outcome: 'done' }>;

const notYet = { outcome: 'later', error: undefined } as const;

export function createDirectResults({
  shares,
  service,
  direct,
}: {
  shares: Shares;
  service: Pick<TaskMessages, 'acknowledged' | 'unacknowledged'>;
  direct: DirectMessages;
}): DirectResults {
  /** The publisher puts the result into this message, as it does with every other. */
  async function fill({ task, isNew }: Opened, words: Words): Promise<DirectOutcome> {
    if (!isNew) return { outcome: 'done' };
    const message = { content: words.say('direct.coming'), nonce: task.id };
    const sent = await direct.post(task.origin.place.channelId, message);
    if (sent.outcome === 'done' && sent.messageId !== undefined) {
      await service.acknowledged(task.id, sent.messageId);
      return sent;
    }
    await service.unacknowledged(task.id);
    return sent.outcome === 'done' ? notYet : sent;
  }

  /** `undefined` if there's nothing to send, or an earlier try came to nothing: then words have to do. */
  async function tellByCopy(task: Task, words: Words): Promise<DirectOutcome | undefined> {
    if (task.origin.place.isPrivate !== true || !hasResult(task) || task.emptied !== undefined)
      return undefined;
    const channel = await direct.open(task.origin.userId);
    if (channel.outcome !== 'done') return channel;
    try {
      const copy = await shares.copyOnce(task, channel.channelId);
      if (copy.isNew) return await fill(copy, words);
      if (copy.task.state === 'cancelled') return undefined;
      // An earlier run may have died before Discord had it; then it's canceled soon.
      return copy.task.acknowledgedAt === undefined ? notYet : { outcome: 'done' };
    } catch (error) {
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  return {
    async send(target, caller, words) {
      await shares.require(target, caller.origin.userId);
      const channel = await direct.open(caller.origin.userId);
      if (channel.outcome !== 'done') throw toRefusal(channel.outcome);
      const copy = await shares.copyTo(target, channel.channelId, caller);
      const { outcome } = await fill(copy, words);
      if (outcome !== 'done') throw toRefusal(outcome);
      return { hasButtons: copy.task.origin.place.hasNoButtons !== true };
    },
    async tell(task, words) {
      return (
        (await tellByCopy(task, words)) ?? direct.send(task.origin.userId, renderDirectNotice(task, words))
      );
    },
  };
}

function toRefusal(outcome: 'closed' | 'later'): UserError {
  return new UserError(outcome === 'closed' ? 'direct-closed' : 'direct-failed');
}
