import { mentionPerson, messageLink } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';
import type { DirectMessage } from '../direct-messages.ts';
import { isUnshown, toEndLines } from './ending.ts';
import type { RenderedMention } from './message.ts';

/** The message that tells a task's owner that it ended. */
export function renderMention(task: Task, words: Words): RenderedMention {
  const { userId, place, isQuiet = false } = task.origin;
  return {
    content: isUnshown(task)
      ? [mentionPerson(userId), ...toEndLines(task, words)].join(' ')
      : words.say(task.result === undefined ? 'task.mention.failed' : 'task.mention.done', { userId }),
    nonce: task.lateAt === undefined ? task.id : `${task.id}-late`,
    enforce_nonce: true,
    message_reference: { message_id: place.messageId ?? '', fail_if_not_exists: false },
    // An archived thread is opened by this message, whether or not its owner wants to hear of it.
    allowed_mentions: { parse: [], users: isQuiet ? [] : [userId], replied_user: false },
  };
}

/** The same as a direct message: with a link, or with how to find something private again. */
export function renderDirectNotice(task: Task, words: Words): DirectMessage {
  const { nonce } = renderMention(task, words);
  const how = task.result === undefined ? 'failed' : 'done';
  const { place } = task.origin;
  if (place.isPrivate === true)
    return { content: words.say(`task.direct.private.${how}`, { id: task.id }), nonce };
  const message = place.messageId === undefined ? `\`${task.id}\`` : messageLink(place);
  return { content: words.say(`task.direct.${how}`, { message }), nonce };
}
