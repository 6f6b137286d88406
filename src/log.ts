import { type DestinationStream, type Logger, pino } from 'pino';
import { createHiding } from './hiding.ts';
import { createReadableLog } from './readable-log.ts';

export type { Logger };

export interface LogOptions {
  level: string;
  /** Values that must never be written, in any field or sentence. */
  secrets: readonly string[];
  /** Where callbacks arrive: the rest of such an address is secret, too. */
  publicUrl?: string | undefined;
  /** Where lines go; standard output unless given. */
  destination?: DestinationStream;
}

/**
 * The program's logger: JSON lines, with known secret values replaced in the finished line. Errors go through
 * {@link toErrorFacts}, since those of discord.js have the interaction token in `url` and the prompt in `requestBody` (seen
 * in @discordjs/rest 2.6).
 */
export function createLog(options: LogOptions): Logger {
  const { hide } = createHiding(options.secrets, { publicUrl: options.publicUrl });
  return pino(
    {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      serializers: { error: toErrorFacts, err: toErrorFacts },
      redact: ['token', '*.token', 'apiKey', '*.apiKey', 'authorization', '*.authorization', 'headers'],
      hooks: {
        streamWrite: hide,
      },
    },
    options.destination ?? openOutput(),
  );
}

/**
 * Standard output: in plain words if it's a terminal, otherwise JSON lines for programs. A full disk, or a reader that's gone, costs lines but doesn't end the program: without a listener for
 * `error`, a line that couldn't be written would.
 */
function openOutput(): DestinationStream {
  const output = pino.destination({ sync: true });
  output.on('error', () => undefined);
  return process.stdout.isTTY ? createReadableLog(output) : output;
}

/** How many causes of an error to log, since they may go round in circles. */
const deepestCause = 5;

/** The safe facts of an error: never its `url`, request body or headers; for a call to Discord, just the route. */
export function toErrorFacts(error: unknown): unknown {
  return toFacts(error, deepestCause);
}

function toFacts(error: unknown, depth: number): unknown {
  if (!(error instanceof Error)) return { message: String(error) };
  const facts: Record<string, unknown> = { type: error.name, message: error.message, stack: error.stack };
  for (const key of ['code', 'kind', 'status', 'definite', 'retryAfterMs', 'traceId'] as const) {
    const value = (error as unknown as Record<string, unknown>)[key];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      facts[key] = value;
  }
  const route = routeOf(error);
  if (route !== undefined) facts['route'] = route;
  if (error.cause !== undefined && depth > 0) facts['cause'] = toFacts(error.cause, depth - 1);
  return facts;
}

/** Which call to Discord failed: `PATCH /webhooks/:id/:token/messages/@original`. */
function routeOf(error: object): string | undefined {
  const { method, url } = error as { method?: unknown; url?: unknown };
  if (typeof method !== 'string' || typeof url !== 'string' || !URL.canParse(url)) return undefined;
  const path = new URL(url).pathname
    .replace(/^.*?\/v\d+(?=\/)/, '')
    .replace(/^\/(webhooks|interactions)\/\d+\/[^/]+/, '/$1/:id/:token');
  // Anything but a plain word may be a secret, too.
  const hide = (segment: string) => {
    if (/^\d+$/.test(segment)) return ':id';
    return /^[@:]?[a-z]*(-[a-z]+)*$/.test(segment) ? segment : ':hidden';
  };
  return `${method} ${path.split('/').map(hide).join('/')}`;
}
