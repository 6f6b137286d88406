import { cleanText, shortenText } from '../../clean-text.ts';

/** Characters written from right to left (Unicode Character Database, DerivedBidiClass.txt). */
const rightToLeft = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;
/** What an isolate adds, in UTF-16 code units. */
const isolateLength = 2;
/** A longer address leaves no room for anything else. Signed ones are long. */
const longestUrl = 1_500;

/** Foreign text for places that Discord doesn't format, such as suggestions for an option: one line, cut to `limit`. */
export function toLabel(text: string, limit: number): string {
  const room = rightToLeft.test(text) ? limit - isolateLength : limit;
  return isolate(shortenText(cleanText(text), room));
}

/** Foreign text to show between backticks: it can't end them, so Discord formats and links nothing in it. */
export function toQuote(text: string, limit: number): string {
  return toLabel(text.replaceAll('`', 'ˋ'), limit);
}

/** A prompt to show in a code block: like {@link toQuote}, with its flags left to right after its words. */
export function toPromptQuote(text: string, limit: number): string {
  const line = shortenText(cleanText(text.replaceAll('`', 'ˋ')), limit);
  const [, words = '', flags = ''] = /^(.*?)((?:(?:^| )--[a-z].*)?)$/iu.exec(line) ?? [];
  return `${isolate(words)}${flags}`;
}

/** A prompt in bold; empty if it is. */
export function toBoldPrompt(text: string, limit: number): string {
  const quote = toPromptQuote(text, limit);
  return quote === '' ? '' : `**${escapeFormats(quote)}**`;
}

/** Foreign text in the middle of ours: escapes what Discord would format, link or ping. */
export function toPlain(text: string, limit: number): string {
  return escapeFormats(toQuote(text, limit));
}

/**
 * Escapes what Discord would format, link, ping, or show a preview of. A dot between letters is one of them: in a message's own
 * text, `discord.gg/…` is an invitation without being a link.
 */
function escapeFormats(text: string): string {
  return text.replace(/[\\*_~|>#[\]()<@:]|(?<=\p{L})\.(?=\p{L})/gu, '\\$&');
}

/**
 * A provider's address, safe to put into a message: http or https, with a public name, and with nothing in it that
 * could end a link or hide another one. `undefined` for any other.
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

/** Details of an error, with the text that others wrote in them ready to be quoted. */
export function escapeDetails(details: unknown): unknown {
  if (typeof details !== 'object' || details === null) return details;
  const escaped = Object.entries(details).map(([key, value]) => [
    key,
    typeof value === 'string' ? toQuote(value, 100) : value,
  ]);
  return Object.fromEntries(escaped);
}

/** Keeps right-to-left words from reordering the text around them (UAX #9, isolates). */
function isolate(text: string): string {
  return rightToLeft.test(text) ? `\u2068${text}\u2069` : text;
}
