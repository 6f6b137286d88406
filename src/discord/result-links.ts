import type { Media, Task } from '../task.ts';
import { toSafeUrl } from './render/foreign-text.ts';

/** The address of a result's file, if people may see it. */
export function toLink({ url, isPrivate }: Partial<Media>): string | undefined {
  return isPrivate === true ? undefined : toSafeUrl(url);
}

/**
 * The same as a message of the task may have them. Discord shows the picture behind a link in a message's text, unless the address is
 * in angle brackets; that would give away what a spoiler hides.
 */
export function listShownLinks(task: Pick<Task, 'result' | 'origin'>, maxLength: number): string[] {
  return listLinks(task, maxLength).map((link) => toShownLink(link, task));
}

export function toShownLink(link: string, { origin }: Pick<Task, 'origin'>): string {
  return origin.isSpoiler === true ? `<${link}>` : link;
}

/** The addresses of a result's files that may be handed out, in order. Together they have at most `maxLength` characters. */
export function listLinks({ result }: Pick<Task, 'result'>, maxLength: number): string[] {
  const links: string[] = [];
  let length = 0;
  for (const media of result?.media ?? []) {
    const link = toLink(media);
    length += link?.length ?? 0;
    if (link !== undefined && length <= maxLength) links.push(link);
  }
  return links;
}
