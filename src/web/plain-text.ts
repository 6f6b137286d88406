/** What Discord's markup becomes on a page: bold, code and escaped letters lose their marks, and times are written out. */
export function toPlainText(markup: string, locale: string, now: number): string {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  return markup
    .replace(/<t:(\d+)(?::\w)?>/gu, (_, seconds: string) => sayTime(Number(seconds) * 1_000 - now, relative))
    .replace(/`+/gu, '')
    .replace(/\*\*/gu, '')
    .replace(/\\([\\*_~`|>#()[\]<:.-])/gu, '$1');
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

function sayTime(fromNowMs: number, relative: Intl.RelativeTimeFormat): string {
  const size = Math.abs(fromNowMs);
  if (size >= 2 * dayMs) return relative.format(Math.round(fromNowMs / dayMs), 'day');
  if (size >= 2 * hourMs) return relative.format(Math.round(fromNowMs / hourMs), 'hour');
  return relative.format(Math.round(fromNowMs / minuteMs), 'minute');
}
