import type { Words } from '../locales/index.ts';
import type { Task } from '../task.ts';
import type { Edits } from './edits.ts';
import { withoutForeignWords } from './final-message.ts';
import type { Outlook, PostedMessage } from './render/message.ts';
import { renderTask } from './render/task.ts';
import type { Acknowledgement } from './respond.ts';

/**
 * Sends a task's message to its channel, for a task that no interaction waits for. Tried again within a few minutes, it's
 * still one message.
 */
export type PostTask = (task: Task) => Promise<Acknowledgement>;

export function createPostTask({
  edits,
  outlook,
  words,
}: {
  edits: Pick<Edits, 'send'>;
  outlook: (task: Task) => Promise<Outlook>;
  words: (locale: string) => Words;
}): PostTask {
  async function send(task: Task, shown: Task) {
    const { place } = task.origin;
    return edits.send(place, await render(task, shown));
  }

  async function render({ id, origin: { place } }: Task, shown: Task): Promise<PostedMessage> {
    const message = renderTask(shown, words(place.locale), { outlook: await outlook(shown) });
    const { repliesTo } = place;
    return {
      ...message,
      // Not the task's id alone: the mention at its end has that.
      nonce: `${id}-page`,
      enforce_nonce: true,
      ...(repliesTo === undefined
        ? {}
        : { message_reference: { message_id: repliesTo, fail_if_not_exists: false } }),
    };
  }

  return async (task) => {
    const first = await send(task, task);
    // AutoMod may object to the prompt; the picture can be shown without it.
    const { outcome, messageId } =
      first.outcome === 'refused' ? await send(task, withoutForeignWords(task)) : first;
    if (outcome === 'done')
      return messageId === undefined ? { outcome: 'unknown' } : { outcome: 'taken', messageId };
    return { outcome: outcome === 'later' ? 'unknown' : 'refused' };
  };
}
