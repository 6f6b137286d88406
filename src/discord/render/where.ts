import { messageLink } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';

/**
 * Where a task can be seen: a link to its message, that only its person sees it, or that the message was deleted. Nothing if there
 * never was one.
 */
export function listWhere({ origin: { place }, removedAt }: Task, { say }: Words): string[] {
  if (place.messageId === undefined) return [];
  if (removedAt !== undefined) return [say('list.deleted')];
  // A client forgets such a message sooner or later, and then a link to it leads nowhere.
  return [place.isPrivate === true ? say('list.private') : messageLink(place)];
}
