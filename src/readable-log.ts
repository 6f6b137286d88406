import type { DestinationStream } from 'pino';

const gray = 90;
const colors: Readonly<Record<string, number>> = {
  fatal: 31,
  error: 31,
  warn: 33,
  info: 32,
  debug: gray,
  trace: gray,
};
/** Levels at which an error's stack helps somebody who reads along. */
const withStack: ReadonlySet<unknown> = new Set(['fatal', 'error']);

/** Writes the log's JSON lines as a person in front of a terminal reads them: time, level, sentence, and facts behind it. */
export function createReadableLog(output: DestinationStream): DestinationStream {
  return { write: (line) => output.write(toReadable(line)) };
}

/** One JSON line of the log in plain words; anything else stays as it is. */
export function toReadable(line: string): string {
  const entry = read(line);
  if (entry === undefined) return line;
  const { level, time, msg, error, ...facts } = entry;
  const clock = new Date(String(time)).toTimeString().slice(0, 8);
  const name = String(level).padEnd(5);
  const shown = Object.entries(facts).map(([key, value]) => `${key}=${toText(value)}`);
  const head = `${paint(clock, gray)} ${paint(name, colors[name.trim()] ?? gray)} ${clean(String(msg ?? ''))}`;
  const behind = shown.length === 0 ? '' : `  ${paint(clean(shown.join(' ')), gray)}`;
  return `${head}${behind}\n${toErrorLines(error, withStack.has(level))}`;
}

function read(line: string): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return typeof entry === 'object' && entry !== null ? (entry as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function toErrorLines(error: unknown, hasStack: boolean): string {
  if (typeof error !== 'object' || error === null) return '';
  const { type, message, stack, cause } = error as Record<string, unknown>;
  const first = hasStack && typeof stack === 'string' ? stack : `${type ?? 'Error'}: ${message}`;
  const lines = first.split('\n').map((line) => `         ${clean(line)}\n`);
  return `${paint(lines.join(''), gray)}${toErrorLines(cause, false)}`;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What others wrote could otherwise move the cursor, or write lines of its own. */
function clean(text: string): string {
  return text.replaceAll(/\p{Cc}|[\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ');
}

function paint(text: string, color: number): string {
  return text === '' ? '' : `\u001b[${color}m${text}\u001b[39m`;
}
