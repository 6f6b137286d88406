import { chmodSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { parseEnv } from 'node:util';

export type Values = Readonly<Record<string, string>>;

/** The text of the file; empty if there is none. */
export function readEnvFile(path: string): string {
  try {
    return readFileSync(path, 'utf8').replace(/^\ufeff/u, '');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

export function valuesOf(text: string): Values {
  return parseEnv(text) as Record<string, string>;
}

/** The text with those values: a line that sets a variable already is changed, and everything else stays as it is. */
export function withValues(text: string, values: Values): string {
  const left = new Map(Object.entries(values));
  const lines = text.split('\n').map((line) => {
    const [, name = ''] = /^\s*(?:export\s+)?([A-Z][A-Z0-9_]*)\s*=/u.exec(line) ?? [];
    const value = left.get(name);
    if (value === undefined) return line;
    left.delete(name);
    return toLine(name, value);
  });
  const added = [...left].map(([name, value]) => toLine(name, value));
  const end = lines.at(-1) === '' ? lines.slice(0, -1) : lines;
  return `${[...end, ...added].join('\n')}\n`;
}

/** In quotes only if it has to be, since `docker run --env-file` would make them part of the value. */
function toLine(name: string, value: string): string {
  return /[#'"`\\\s]/u.test(value) ? `${name}='${value}'` : `${name}=${value}`;
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
