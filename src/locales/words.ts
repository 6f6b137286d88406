import { type Formatters, IntlMessageFormat } from 'intl-messageformat';
import type { MessageKey, Messages } from './messages.ts';

/** What a translator edits: ICU messages by key. People read a missing one in English. */
export type Catalog = Readonly<Partial<Record<MessageKey, string>>>;

/** What the bot says in a language, and how that language writes numbers, lists and durations. */
export interface Words {
  /** A message, filled in. Text from outside is only ever an argument, never part of a pattern. */
  readonly say: <Key extends MessageKey>(
    key: Key,
    ...values: Messages[Key] extends undefined ? [] : [Messages[Key]]
  ) => string;
  readonly number: (value: number) => string;
  /** "3m 5s": to the second up to an hour, to the minute beyond that. */
  readonly duration: (milliseconds: number) => string;
  /** "a, b, and c" */
  readonly and: (items: readonly string[]) => string;
  /** "a, b, or c" */
  readonly or: (items: readonly string[]) => string;
}

/** The words of a language. Parses each message when it's first used, so that starting up stays fast. */
export function createWords(locale: string, catalog: Catalog, english: Words | undefined): Words {
  const formatters = createFormatters(locale);
  const durations = createDurationFormats(locale);
  const conjunction = rememberOne(() => new Intl.ListFormat(locale, { type: 'conjunction' }));
  const disjunction = rememberOne(() => new Intl.ListFormat(locale, { type: 'disjunction' }));
  const parsed = new Map<MessageKey, IntlMessageFormat>();

  function parse(key: MessageKey, pattern: string): IntlMessageFormat {
    const known = parsed.get(key);
    if (known !== undefined) return known;
    // Timestamps like <t:123:R> aren't tags.
    const message = new IntlMessageFormat(pattern, locale, undefined, { formatters, ignoreTag: true });
    parsed.set(key, message);
    return message;
  }

  return {
    say(key, ...values) {
      const pattern = catalog[key];
      if (pattern === undefined) return english?.say(key, ...values) ?? key;
      return pattern.includes('{') ? String(parse(key, pattern).format(values[0])) : pattern;
    },
    number: (value) => formatters.getNumberFormat(locale).format(value),
    duration: (milliseconds) => formatDuration(durations, milliseconds),
    and: (items) => conjunction().format(items),
    or: (items) => disjunction().format(items),
  };
}

interface DurationFormats {
  /** Leaves out the units that are 0. */
  readonly usual: () => Intl.DurationFormat;
  /** The same would leave nothing of "0s". */
  readonly nothing: () => Intl.DurationFormat;
}

function createDurationFormats(locale: string): DurationFormats {
  return {
    usual: rememberOne(() => new Intl.DurationFormat(locale, { style: 'narrow' })),
    nothing: rememberOne(
      () => new Intl.DurationFormat(locale, { style: 'narrow', secondsDisplay: 'always' }),
    ),
  };
}

function formatDuration(formats: DurationFormats, milliseconds: number): string {
  const all = Math.max(0, Math.round(milliseconds / 1_000));
  const [hours, minutes, seconds] = [Math.floor(all / 3_600), Math.floor((all % 3_600) / 60), all % 60];
  const format = all === 0 ? formats.nothing() : formats.usual();
  return format.format(hours > 0 ? { hours, minutes } : { minutes, seconds });
}

/** Makes a value when it's first asked for: a formatter takes milliseconds, and most starts need none at once. */
function rememberOne<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** All messages of a language share their formatters, which are expensive to make. */
function createFormatters(locale: string): Formatters {
  const numbers = new Map<string, Intl.NumberFormat>();
  const plurals = new Map<string, Intl.PluralRules>();
  return {
    getNumberFormat: (_, options) =>
      remember(numbers, options, () => new Intl.NumberFormat(locale, options as Intl.NumberFormatOptions)),
    getPluralRules: (_, options) => remember(plurals, options, () => new Intl.PluralRules(locale, options)),
    getDateTimeFormat: (...settings) => new Intl.DateTimeFormat(...settings),
  };
}

function remember<Value>(made: Map<string, Value>, options: object | undefined, make: () => Value): Value {
  const key = JSON.stringify(options ?? {});
  const value = made.get(key) ?? make();
  made.set(key, value);
  return value;
}
