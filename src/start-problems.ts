import { resolve } from 'node:path';
import { type Config, ConfigError, readConfig } from './config.ts';
import { LockedError } from './storage/lock.ts';

/** Reads the configuration, or ends the process with a line for each variable that is wrong. */
export function readConfigOrExit(): Config {
  try {
    return readConfig();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return exitWith(error.message, error.problems);
  }
}

/** Ends the process with one line about the variable that has to change; throws the error again if no variable would help. */
export function explainAndExit(error: unknown, config: Config): never {
  const problem = toProblem(error, config);
  if (problem === undefined) throw error;
  return exitWith(problem);
}

/** A last line for the operator, before there is a log or when there is no use for one. */
function exitWith(problem: string, details: readonly string[] = []): never {
  const lines = [`midjourney-relay cannot start: ${problem}`, ...details.map((line) => `  ${line}`)];
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

/** SQLite's result codes for a folder or file that can't be opened or written (sqlite.org/rescode.html). */
const sqliteCannot: ReadonlySet<unknown> = new Set([8, 13, 14]);

function toProblem(error: unknown, { admin, dataDirectory }: Config): string | undefined {
  if (error instanceof LockedError) return `DATA_DIR: ${error.message}`;
  const { syscall, code, path, port, errcode } = error as NodeJS.ErrnoException & {
    port?: number;
    errcode?: number;
  };
  if (syscall === 'listen' || syscall === 'getaddrinfo') {
    const name = port === admin.port ? 'ADMIN_HOST and ADMIN_PORT' : 'HTTP_HOST and HTTP_PORT';
    return `${name}: nothing can listen there (${code})`;
  }
  const isOfFolder =
    sqliteCannot.has(errcode) || (path !== undefined && resolve(path).startsWith(resolve(dataDirectory)));
  return isOfFolder
    ? `DATA_DIR: it cannot be written (${code}); look at who owns it, and whether there is room`
    : undefined;
}
