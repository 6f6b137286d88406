import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import { findMisspelled } from '../variable-names.ts';
import { oneOf } from './values.ts';

/** Every problem of the environment at once. Each names its variable, and none shows a value that could be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`the environment has ${problems.length} ${problems.length === 1 ? 'problem' : 'problems'}`);
    this.problems = problems;
  }
}

export type Environment = Readonly<Record<string, string | undefined>>;

export type Reader = ReturnType<typeof createReader>;

/**
 * Reads variables, also from the file that `NAME_FILE` names, and collects their problems until `finish` throws them.
 * If a variable is missing, `explainMissing` may say why none of them is there.
 */
export function createReader(environment: Environment, explainMissing: () => string | undefined) {
  const problems: string[] = [];
  const asked = new Set<string>();
  const missing: string[] = [];
  /** Editors on Windows mark the beginning of a file, and so the first name in it. */
  const marked = Object.keys(environment).find((name) => name.startsWith('\ufeff'));

  function raw(name: string): string | undefined {
    asked.add(name).add(`${name}_FILE`);
    const value = (name === marked?.slice(1) ? environment[marked] : environment[name])?.trim();
    const file = environment[`${name}_FILE`]?.trim();
    // `docker run --env-file` keeps quotes, and they would become part of the value.
    if (/^(["']).*\1$/su.test(value ?? '')) problems.push(`${name}: must not be in quotes`);
    if (value && file) problems.push(`${name}: set it or ${name}_FILE, not both`);
    if (value) return value;
    if (!file) return undefined;
    try {
      return readFileSync(file, 'utf8').trim() || undefined;
    } catch (error) {
      problems.push(`${name}_FILE: cannot be read (${errorCode(error)})`);
      return undefined;
    }
  }

  function hasProblem(name: string): boolean {
    return problems.some((problem) => problem.startsWith(`${name}:`) || problem.startsWith(`${name}_FILE:`));
  }

  function parse<T>(name: string, schema: z.ZodType<T>, value: string): T | undefined {
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data;
    const messages = new Set(parsed.error.issues.map(({ message }) => message));
    // A number is no secret, and helps to find the one of several that is meant.
    const shown = /^-?[\d.,]{1,24}$/u.test(value) ? `, not ${value}` : '';
    for (const message of messages) problems.push(`${name}: ${message}${shown}`);
    return undefined;
  }

  /** Those that are set to something, without the mark that an editor puts before the first. */
  function misspelled(): Map<string, string | undefined> {
    const set = Object.keys(environment).filter((name) => environment[name]?.trim());
    return findMisspelled(
      set.map((name) => name.replace('\ufeff', '')),
      [...asked],
    );
  }

  /** Says of a variable that is missing which one may have been meant for it. */
  function addGuesses(): void {
    const guesses = [...misspelled()];
    for (const name of missing) {
      const [guess] = guesses.find(([, nearest]) => nearest === name || nearest === `${name}_FILE`) ?? [];
      const at = problems.indexOf(`${name}: is required`);
      if (guess !== undefined) problems[at] += `; ${guess} is set: is it meant?`;
    }
  }

  return {
    problem: (name: string, text: string) => void problems.push(`${name}: ${text}`),
    optional<T>(name: string, schema: z.ZodType<T>): T | undefined {
      const value = raw(name);
      return value === undefined ? undefined : parse(name, schema, value);
    },
    /** Returns an empty value after a problem; `finish` throws before anybody sees it. */
    required(name: string, schema: z.ZodType<string>): string {
      const value = raw(name);
      if (value !== undefined) return parse(name, schema, value) ?? '';
      if (!hasProblem(name)) {
        missing.push(name);
        problems.push(`${name}: is required`);
      }
      return '';
    },
    list(name: string, schema: z.ZodType<string>): string[] {
      const values = (raw(name) ?? '').split(',').map((value) => value.trim());
      return values.filter(Boolean).flatMap((value) => parse(name, schema, value) ?? []);
    },
    misspelled,
    /** Reports a list of which at least one value is needed. */
    requireOne(name: string, values: readonly string[]): void {
      if (values.length > 0 || hasProblem(name)) return;
      missing.push(name);
      problems.push(`${name}: is required`);
    },
    finish() {
      addGuesses();
      const unread = missing.length === 0 ? undefined : explainMissing();
      if (unread !== undefined) problems.unshift(unread);
      if (problems.length > 0) throw new ConfigError(problems);
    },
  };
}

function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
}

/** Whether a variable is `on`; `undefined` if it isn't set. */
export function readSwitch(reader: Reader, name: string): boolean | undefined {
  const value = reader.optional(name, oneOf(['on', 'off'], 'must be on or off'));
  return value === undefined ? undefined : value === 'on';
}
