import { z } from 'zod';
import { findNearest } from '../variable-names.ts';

export const snowflake = z.string().regex(/^\d{17,20}$/, 'must be a Discord id (17 to 20 digits)');
export const port = z.coerce
  .number('must be a port number')
  .int('must be a port number')
  .min(0, 'must be a port number')
  .max(65_535, 'must be a port number');
export const count = z.coerce
  .number('must be a whole number')
  .int('must be a whole number')
  .min(0, 'must be 0 or more');
/** More than anybody needs, and a date that far away is still one. */
const mostDays = 100_000;
export const days = count
  .min(1, 'must be a whole number of days, 1 or more')
  .max(mostDays, `must be at most ${mostDays}`);
export const milliseconds = z.coerce
  .number('must be a whole number of milliseconds')
  .int('must be a whole number of milliseconds')
  .min(1, 'must be at least 1 millisecond');
export const httpUrl = z
  .string()
  .refine(isHttpUrl, 'must be an http or https address without user name, query or fragment')
  .transform((url) => new URL(url).href.replace(/\/+$/, ''));

/** Where to post to, with a query if there is one, as in Discord's `?thread_id=…`. */
export const webhookUrl = z
  .string()
  .refine((value) => {
    const url = URL.parse(value);
    return (
      url !== null && /^https?:$/u.test(url.protocol) && !url.username && !url.password && !/#/u.test(value)
    );
  }, 'must be an http or https address without user name or fragment')
  .transform((value) => new URL(value).href);

/** A stretch of each day, in minutes from midnight; `to` is before `from` if it goes on past midnight. */
export interface Hours {
  readonly from: number;
  readonly to: number;
  /** As `08:00-22:00`. */
  readonly text: string;
}

const hoursText = 'must be two times of day, as in 08:00-22:00, or 22:00-06:00 for the night';

export const hours = z.string().transform((text, context): Hours => {
  const times = /^([01]?\d|2[0-3]):([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4]):([0-5]\d)$/u.exec(text);
  const [fromHour, fromMinute, toHour, toMinute] = (times ?? []).slice(1).map(Number);
  const from = 60 * (fromHour ?? 0) + (fromMinute ?? 0);
  const to = 60 * (toHour ?? 0) + (toMinute ?? 0);
  // The same time twice could mean always as well as never.
  if (times !== null && from !== to && to <= 24 * 60)
    return { from, to, text: `${toClock(from)}-${toClock(to)}` };
  context.addIssue(hoursText);
  return z.NEVER;
});

function toClock(minutes: number): string {
  return [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** A key or token, in the only characters that a header can hold; what to do about any other is said. */
export function secret(scheme: 'Bot' | 'Bearer') {
  return z.string().superRefine((value, context) => {
    if (/^[\x21-\x7e]+$/u.test(value)) return;
    const isAfterScheme = value.toLowerCase().startsWith(`${scheme.toLowerCase()} `);
    if (isAfterScheme) context.addIssue(`must be what comes after "${scheme} ", without that word`);
    else if (/^[\s\x21-\x7e]+$/u.test(value)) context.addIssue('must not have blanks in it: copy it again');
    else context.addIssue('must not have characters in it that no keyboard types: copy it again');
  });
}

/** One of these words, in upper or lower case. */
export function oneOf<const Word extends string>(
  words: readonly Word[],
  text = `must be one of ${words.join(', ')}`,
) {
  return z.string().transform((value, context) => {
    const found = words.find((word) => word === value.toLowerCase());
    if (found !== undefined) return found;
    // The word that was typed is only repeated if it's nearly one of ours: any other could be a secret.
    const nearest = findNearest(value.toLowerCase(), words);
    context.addIssue(nearest === undefined ? text : `${text}; "${value}" is not, did you mean ${nearest}?`);
    return z.NEVER;
  });
}

export const hostPort = z
  .string()
  .regex(/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/i, 'must be host or host:port, separated by commas')
  .transform(toCanonicalHost);

/** The way `URL` spells hosts: in lower case, and IPv6 addresses in their shortest form. */
function toCanonicalHost(entry: string): string {
  const [, host = '', port = ''] = /^(.*?)(:\d+)?$/u.exec(entry) ?? [];
  return (URL.parse(`http://${host}/`)?.hostname ?? host) + port;
}

function isHttpUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, username, password } = new URL(value);
  // An empty query or fragment isn't part of the parsed address, but would stand before every path.
  return /^https?:$/.test(protocol) && !username && !password && !/[?#]/u.test(value);
}
