import type { Media, Task } from '../task.ts';
import { toSafeUrl } from './render/foreign-text.ts';

/** The address of a result's file, if people may see it. */
export function toLink({ url, isPrivate }: Partial<Media>): string | undefined {
  return isPrivate === true ? undefined : toSafeUrl(url);
}

/**
 * An address as a message of the task may have it. Discord shows the picture behind a link in a message's text, unless the address
 * is in angle brackets; that would give away what a spoiler hides.
 */
export function toShownLink(link: string, { origin }: Pick<Task, 'origin'>): string {
  return origin.isSpoiler === true ? `<${link}>` : link;
}

/**
 * Until when an address works, epoch milliseconds, as far as it says so: Discord's do, in seconds as a hexadecimal number
 * (`ex`; Discord's reference, Signed Attachment CDN URLs), and several APIs hand those on.
 */
export function expiryOf(url: string): number | undefined {
  const stamp = URL.parse(url)?.searchParams.get('ex') ?? '';
  return /^[\da-f]{8}$/iu.test(stamp) ? Number.parseInt(stamp, 16) * 1_000 : undefined;
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
