import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';
import { isUnshown, toEndLines } from './ending.ts';
import type { RenderedMention } from './message.ts';

export function renderMention(task: Task, words: Words): RenderedMention {
  const { userId, place } = task.origin;
  return {
    content: isUnshown(task)
      ? [words.askedBy(userId), ...toEndLines(task, words)].join(' ')
      : words.mention(userId, task.result !== undefined),
    nonce: task.lateAt === undefined ? task.id : `${task.id}-late`,
    enforce_nonce: true,
    message_reference: { message_id: place.messageId ?? '', fail_if_not_exists: false },
    allowed_mentions: { parse: [], users: [userId], replied_user: false },
  };
}
