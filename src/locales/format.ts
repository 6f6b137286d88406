/** Formats that are the same in every language: Discord's own markup, links and sizes. */

export interface MessagePlace {
  guildId?: string;
  channelId: string;
  messageId?: string;
}

/** Discord shows it as a link to the message. */
export function messageLink({ guildId = '@me', channelId, messageId }: MessagePlace): string {
  return `https://discord.com/channels/${guildId}/${channelId}/${messageId}`;
}

/** Discord shows it as "in 3 hours", in the reader's own language. */
export function relativeTime(at: number): string {
  return timestamp(at, 'R');
}

/** Discord shows it as the time of day in the reader's own time zone. */
export function timeOfDay(at: number): string {
  return timestamp(at, 't');
}

/** Discord shows it as a short date and the time of day, in the reader's own time zone. */
export function dateAndTime(at: number): string {
  return `${timestamp(at, 'd')} ${timestamp(at, 't')}`;
}

/** The same with seconds. */
export function dateAndSeconds(at: number): string {
  return `${timestamp(at, 'd')} ${timestamp(at, 'T')}`;
}

function timestamp(at: number, style: 'R' | 't' | 'T' | 'd'): string {
  return `<t:${Math.floor(at / 1_000)}:${style}>`;
}

export function mentionPerson(userId: string): string {
  return `<@${userId}>`;
}

export function mentionRole(roleId: string): string {
  return `<@&${roleId}>`;
}

export function mentionChannel(channelId: string): string {
  return `<#${channelId}>`;
}

/** "[1](…) · [2](…)" */
export function listNumberedLinks(urls: readonly string[]): string {
  return urls.map((url, index) => `[${index + 1}](${url})`).join(' · ');
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(1)} MiB`;
}
