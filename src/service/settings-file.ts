import type { z } from 'zod';
import { type SettingsFileMistake, UserError } from '../errors.ts';
import { toTimeZone } from '../points/period.ts';
import type { BookSettings } from '../points/policy.ts';
import { bookSettings } from '../storage/settings-document.ts';
import { locateParts } from './json-lines.ts';

/** How the file is written; a later one may be written in another way. */
const format = 1;
const formatName = 'format';
/** How many mistakes one answer names. */
const mostMistakes = 5;

/** What a file may hold: all that administrators decide, except what's about single people. */
const fileSettings = bookSettings
  .omit({ people: true, blocked: true, ceiling: true, accounts: true })
  .strict();

/** Writes the settings as people can read and change them. */
export function writeSettings({
  people: _,
  blocked: __,
  ceiling: ___,
  accounts: ____,
  ...settings
}: BookSettings): string {
  return `${JSON.stringify({ [formatName]: format, ...settings }, null, 2)}\n`;
}

/** What a file has in it. */
export interface ReadFile {
  readonly settings: BookSettings;
  /** Every channel and role in it, with its line. */
  readonly places: readonly {
    readonly kind: 'channel' | 'role';
    readonly id: string;
    readonly line: number;
  }[];
}

/** Reads such a file. Throws a `UserError` that names the lines of what is wrong. */
export function readSettings(text: string): ReadFile {
  const written = text.replace(/^\uFEFF/u, '');
  const value = parse(written);
  const { lines, repeated } = locateParts(written);
  const lineOf = (path: string) => lines.get(path) ?? 1;
  const twice = repeated.map(({ path, line }) => ({ kind: 'repeated', line, name: path }) as const);
  if (twice.length > 0) throw refuse(twice);
  const { [formatName]: named, ...settings } = value;
  if (named !== format) throw refuse([{ kind: 'format', line: lineOf(formatName) }]);
  const parsed = fileSettings.safeParse(settings);
  if (!parsed.success) throw refuse(parsed.error.issues.flatMap((issue) => toMistakes(issue, lines)));
  const { timeZone } = parsed.data;
  if (timeZone !== undefined && toTimeZone(timeZone) === undefined)
    throw refuse([{ kind: 'value', line: lineOf('timeZone'), name: 'timeZone' }]);
  return { settings: parsed.data, places: listPlaces(parsed.data, lineOf) };
}

function listPlaces(settings: BookSettings, lineOf: (path: string) => number): ReadFile['places'] {
  const { channels, logChannel, star, commandRoles = {}, speedRoles = {}, buttons, roles = {} } = settings;
  const list = (kind: 'channel' | 'role', path: string, ids: readonly string[] = []) =>
    ids.map((id, index) => ({ kind, id, line: lineOf(`${path}.${index}`) }));
  const one = (path: string, id: string | undefined) =>
    id === undefined ? [] : [{ kind: 'channel' as const, id, line: lineOf(path) }];
  const byName = (path: string, values: Readonly<Record<string, readonly string[]>>) =>
    Object.entries(values).flatMap(([name, ids]) => list('role', `${path}.${name}`, ids));
  return [
    ...list('channel', 'channels.ids', channels?.ids),
    ...one('logChannel', logChannel),
    ...one('star.channel', star?.channel),
    ...byName('commandRoles', commandRoles),
    ...byName('speedRoles', speedRoles),
    ...list('role', 'buttons.roles', buttons?.who === 'roles' ? buttons.roles : []),
    ...Object.keys(roles).map((id) => ({ kind: 'role' as const, id, line: lineOf(`roles.${id}`) })),
  ];
}

/** Throws a `UserError` for channels and roles that the server doesn't have. */
export function requireKnown(
  places: ReadFile['places'],
  isKnown: (place: ReadFile['places'][number]) => boolean,
): void {
  const unknown = places.filter((place) => !isKnown(place));
  if (unknown.length > 0) throw refuse(unknown.map(({ kind, id, line }) => ({ kind, line, name: id })));
}

function parse(text: string): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refuse([{ kind: 'unreadable', line: findUnreadableLine(text) }]);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw refuse([{ kind: 'no-object', line: 1 }]);
}

/** Returns the line that makes it unreadable, or the last one if it ends too early. V8 doesn't always say which. */
function findUnreadableLine(text: string): number {
  const lines = text.trimEnd().split('\n');
  let [good, bad] = [0, lines.length];
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (mayGoOn(lines.slice(0, middle).join('\n'))) good = middle;
    else bad = middle;
  }
  return bad;
}

/** Whether all that is wrong with the text is that it ends. */
function mayGoOn(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    const [, position = '0'] = /at position (\d+)/u.exec(String(error)) ?? [];
    return Number(position) >= text.trimEnd().length || /Unexpected end|Unterminated/u.test(String(error));
  }
}

function toMistakes(issue: z.core.$ZodIssue, lines: ReadonlyMap<string, number>): SettingsFileMistake[] {
  const path = issue.path.map(String);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => {
      const name = [...path, key].join('.');
      return { kind: 'unknown', line: lines.get(name) ?? 1, name } as const;
    });
  const name = path.join('.');
  // Something that's missing has no line of its own.
  const known = [...path.keys()].map((count) => path.slice(0, path.length - count).join('.'));
  const line = known.map((one) => lines.get(one)).find((one) => one !== undefined) ?? 1;
  return [{ kind: 'value', line, name }];
}

function refuse(mistakes: readonly SettingsFileMistake[]): UserError {
  const sorted = mistakes.toSorted((one, other) => one.line - other.line);
  return new UserError('settings-file-wrong', { mistakes: sorted.slice(0, mostMistakes) });
}
