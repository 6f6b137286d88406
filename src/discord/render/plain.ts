import { mentionPerson } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';
import { noMentions } from '../respond.ts';
import { listLinks, toShownLink } from '../result-links.ts';
import { toEndLines } from './ending.ts';
import { withoutLabel } from './foreign-label.ts';
import type { RenderedMessage } from './message.ts';
import { toKeptLine, toLinkLine } from './result.ts';
import { toTitle } from './title.ts';

/** Out of the 2,000 characters that a message without an embed can have. */
const plainLinksLimit = 1_600;

/**
 * The message for a task that Discord has refused twice: plain text with links, and nothing that anyone else wrote.
 * `undefined` if there's a result but no link to it.
 */
export function renderPlain(task: Task, words: Words): RenderedMessage | undefined {
  const links = listLinks(task, plainLinksLimit);
  if (task.state === 'done' && links.length === 0) return undefined;
  const shownLinks = links.map((link) => toShownLink(link, task));
  const { offer, ...request } = task.request;
  const ours = offer === undefined ? request : { ...request, offer: withoutLabel(offer) };
  const lines =
    links.length === 0
      ? toEndLines(task, words)
      : [toLinkLine(shownLinks, words), toKeptLine(task, words, { links })];
  return {
    content: [toTitle({ request: ours }, words), ...lines, mentionPerson(task.origin.userId)].join('\n'),
    embeds: [],
    components: [],
    attachments: [],
    allowed_mentions: noMentions as { parse: never[] },
  };
}
