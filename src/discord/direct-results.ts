import { UserError } from '../errors.ts';
import type { Words } from '../locales/index.ts';
import type { Shares } from '../service/shares.ts';
import type { TaskCaller } from '../service/start.ts';
import type { TaskMessages } from '../service/task-messages.ts';
import type { Target } from '../tasks/message-map.ts';
import type { DirectMessages } from './direct-messages.ts';

/** Private results that are sent to their owner as a direct message. */
export interface DirectResults {
  /**
   * Sends it, with working buttons if the owner may use the bot there. Throws a `UserError` if there's nothing to send, or if the
   * owner takes no direct messages.
   */
  send(target: Target, caller: TaskCaller, words: Words): Promise<{ hasButtons: boolean }>;
}

export function createDirectResults({
  shares,
  service,
  direct,
}: {
  shares: Shares;
  service: Pick<TaskMessages, 'acknowledged' | 'unacknowledged'>;
  direct: DirectMessages;
}): DirectResults {
  return {
    async send(target, caller, words) {
      await shares.require(target, caller.origin.userId);
      const channel = await direct.open(caller.origin.userId);
      if (channel.outcome !== 'done') throw toRefusal(channel.outcome);
      const { task, isNew } = await shares.copyTo(target, channel.channelId, caller);
      const hasButtons = task.origin.place.hasNoButtons !== true;
      if (!isNew) return { hasButtons };
      // The publisher puts the result into this message, as it does with every other.
      const message = { content: words.say('direct.coming'), nonce: task.id };
      const sent = await direct.post(channel.channelId, message);
      if (sent.outcome === 'done' && sent.messageId !== undefined) {
        await service.acknowledged(task.id, sent.messageId);
        return { hasButtons };
      }
      await service.unacknowledged(task.id);
      throw toRefusal(sent.outcome);
    },
  };
}

function toRefusal(outcome: 'done' | 'closed' | 'later'): UserError {
  return new UserError(outcome === 'closed' ? 'direct-closed' : 'direct-failed');
}
