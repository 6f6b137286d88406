import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { decodeText } from '../env-encoding.ts';

export type Values = Readonly<Record<string, string>>;

/** The text of the file; empty if there is none. */
export function readEnvFile(path: string): string {
  try {
    return decodeText(readFileSync(path));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

export function valuesOf(text: string): Values {
  return parseEnv(text) as Record<string, string>;
}

/** As `parseEnv` reads one: a value in quotes ends at the next such quote, even lines later. */
const assignment = /^[ \t]*(?:export\s+)?([\w.-]+)[ \t]*=[ \t]*(?:(['"`])[\s\S]*?\2)?[^\n]*/gmu;

/** The text with those values: what sets a variable already is changed, and everything else stays as it is. */
export function withValues(text: string, values: Values): string {
  const left = new Map(Object.entries(values));
  const changed = text.replace(assignment, (line, name: string) => {
    const value = values[name];
    if (value === undefined) return line;
    left.delete(name);
    return toLine(name, value);
  });
  const added = [...left].map(([name, value]) => toLine(name, value));
  const kept = changed === '' ? [] : [changed.replace(/\n$/u, '')];
  return `${[...kept, ...added].join('\n')}\n`;
}

/**
 * In quotes only if it has to be, since `docker run --env-file` would make them part of the value; in single ones if
 * possible, since `docker compose` reads `$` as a variable in all others.
 */
function toLine(name: string, value: string): string {
  const inQuotes = ["'", '"', '`'].map((quote) => `${name}=${quote}${value}${quote}`);
  const plain = `${name}=${value}`;
  const lines = /[#'"`\\$\s]/u.test(value) ? [...inQuotes, plain] : [plain];
  const line = lines.find((written) => valuesOf(written)[name] === value);
  if (line === undefined)
    throw new UnwritableError(`${name} can't be written: it has every kind of quotes in it`);
  return line;
}

/** A value that `.env` has no way to hold. */
export class UnwritableError extends Error {
  override readonly name = 'UnwritableError';
}

/** Writes the file so that only its owner can read it; a crash leaves the old one. */
export function writeEnvFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}.new`;
  try {
    writeFileSync(draft, text, { mode: 0o600, flag: 'wx' });
    chmodSync(draft, 0o600);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
