import type { MarkdownWords } from './markdown.ts';
import type { Store } from './store.ts';

/** The meaning of markup in a text, for the current person. */
export function toWords({ snapshot, person }: Store): MarkdownWords {
  const nameOf = (items: readonly { id: string; name: string }[], id: string) =>
    items.find((item) => item.id === id)?.name;
  return {
    personName: (id) => (id === snapshot.bot.id ? snapshot.bot.name : nameOf(snapshot.people, id)),
    channelName: (id) => nameOf(snapshot.channels, id),
    roleName: (id) => nameOf(snapshot.roles, id),
    locale: person.locale,
    now: Date.now(),
  };
}

/** Where the page gets a file of the local Discord; nothing else is loaded. */
export function toLocal({ snapshot }: Store, url: string): string | undefined {
  return url.startsWith(`${snapshot.filesOrigin}/`)
    ? `/files${url.slice(snapshot.filesOrigin.length)}`
    : undefined;
}

export function toAvatar(personId: string | undefined): string {
  return `/avatars/${personId ?? 'bot'}`;
}

const dayMs = 86_400_000;

/** "Today at 20:21", with the figures in the person's language. */
export function tellTime(at: number, locale: string): string {
  const time = new Intl.DateTimeFormat(locale, { timeStyle: 'short' }).format(at);
  const startOfToday = new Date().setHours(0, 0, 0, 0);
  if (at >= startOfToday) return time;
  const date = new Intl.DateTimeFormat(locale, { dateStyle: 'short' }).format(at);
  return at >= startOfToday - dayMs ? `Yesterday, ${time}` : `${date}, ${time}`;
}

/** One of the bot's texts in the person's language, as Discord chooses it. */
export function localize(
  text: string,
  localizations: Readonly<Record<string, string | null>> | null | undefined,
  locale: string,
): string {
  return localizations?.[locale] ?? text;
}
