import { cleanText } from '../clean-text.ts';
import type { Database } from '../storage/database.ts';
import type { Task } from '../task.ts';
import type { MessageMap } from '../tasks/message-map.ts';

/** How many suggestions Discord shows. */
const mostSuggested = 25;
/** How many of a person's latest tasks to search for what they type. */
const mostSearched = 200;

/** The address of a message, as Discord's own clients copy it, or just the message's id. */
const messageAddress =
  /^(?:https:\/\/(?:(?:ptb|canary)\.)?discord(?:app)?\.com\/channels\/(?:@me|\d{17,20})\/\d{17,20}\/)?(\d{17,20})$/u;

/** Returns the id of the message that a text names by its link or id; `undefined` for any other text. */
export function readMessageId(text: string): string | undefined {
  return messageAddress.exec(text.trim())?.[1];
}

/** Returns the task that a text names by its id, or by the link or id of its message. It may be anybody's. */
export async function findNamedTask(
  named: string,
  { database, messageMap }: { database: Pick<Database, 'tasks'>; messageMap: Pick<MessageMap, 'find'> },
): Promise<Task | undefined> {
  const messageId = readMessageId(named);
  return messageId === undefined ? database.tasks.get(named.trim()) : messageMap.find(messageId);
}

/** Returns a person's latest tasks that match what they typed: by id, by prompt, or by the message that shows one. */
export async function searchTasks(
  { tasks }: Pick<Database, 'tasks'>,
  { userId, typed, isWanted }: { userId: string; typed: string; isWanted: (task: Task) => boolean },
): Promise<Task[]> {
  const wanted = cleanText(typed).toLowerCase();
  const messageId = readMessageId(typed);
  const latest = await tasks.listByPerson(userId, { limit: mostSearched });
  const fits = ({ id, request, origin }: Task) =>
    id.toLowerCase().startsWith(wanted) ||
    request.prompt.toLowerCase().includes(wanted) ||
    (messageId !== undefined && origin.place.messageId === messageId);
  return latest.filter((task) => isWanted(task) && fits(task)).slice(0, mostSuggested);
}
