import { messageLink } from '../../locales/format.ts';
import type { Words } from '../../locales/index.ts';
import type { Task } from '../../task.ts';

/** Where a task can be seen: a link to its message, or that the message was deleted. Nothing if there never was one. */
export function listWhere({ origin: { place }, removedAt }: Task, { say }: Words): string[] {
  if (place.messageId === undefined) return [];
  return [removedAt === undefined ? messageLink(place) : say('list.deleted')];
}
