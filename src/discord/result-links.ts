import type { Media, Task } from '../task.ts';

/** Longer ones leave no room for anything else; addresses that are signed are long. */
const longestUrl = 1_500;

/**
 * An address of a provider as it may stand in a message: http or https, of a public name, and without anything that
 * would end a link or hide another; `undefined` for all else.
 */
export function toSafeUrl(url: string | undefined): string | undefined {
  if (url === undefined || url.length > longestUrl || !URL.canParse(url)) return undefined;
  const { protocol, hostname, username, password, href } = new URL(url);
  const isPublicName = /\.[a-z]{2,}$/i.test(hostname) && !/\.(local|internal|localhost)$/i.test(hostname);
  if (!/^https?:$/.test(protocol) || !isPublicName || username !== '' || password !== '') return undefined;
  const safe = href.replace(/[()<>\s`|]/g, (character) =>
    encodeURIComponent(character).replace('(', '%28').replace(')', '%29'),
  );
  return safe.length > longestUrl ? undefined : safe; // what was escaped is longer
}

/** The address of a result's file, if people may see it. */
export function toLink({ url, isPrivate }: Partial<Media>): string | undefined {
  return isPrivate === true ? undefined : toSafeUrl(url);
}

/** The addresses of a result's files that people may see, in order; `maxLength` limits them all together. */
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
