import { resolve, sep } from 'node:path';
import { type Config, ConfigError, readConfig } from './config.ts';
import { LockedError } from './storage/lock.ts';
import { UnfinishedRestoreError } from './storage/unfinished-restore.ts';

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

/** SQLite's primary result codes (sqlite.org/rescode.html), as the system calls such a failure. */
const sqliteCodes: Readonly<Record<number, string>> = {
  8: 'EROFS', // SQLITE_READONLY
  11: 'damaged', // SQLITE_CORRUPT
  13: 'ENOSPC', // SQLITE_FULL
  14: 'EACCES', // SQLITE_CANTOPEN
  26: 'damaged', // SQLITE_NOTADB
};

type StartError = NodeJS.ErrnoException & { port?: number; hostname?: string; errcode?: number };

/** The variable to change and what to do about it; `undefined` if the error isn't about a variable. */
export function toProblem(
  error: unknown,
  config: Pick<Config, 'admin' | 'dataDirectory'>,
): string | undefined {
  if (error instanceof LockedError || error instanceof UnfinishedRestoreError)
    return `DATA_DIR: ${error.message}`;
  const failure = error as StartError;
  if (failure.syscall === 'listen' || failure.syscall === 'getaddrinfo')
    return toPortProblem(failure, config);
  const { code, path, errcode } = failure;
  const { dataDirectory } = config;
  const sqliteCode = errcode === undefined ? undefined : sqliteCodes[errcode & 0xff];
  if (sqliteCode === 'damaged')
    return `DATA_DIR: a database in ${dataDirectory} is damaged: run npm run doctor, and put a backup back`;
  const isOfFolder =
    path !== undefined && `${resolve(path)}${sep}`.startsWith(`${resolve(dataDirectory)}${sep}`);
  if (sqliteCode === undefined && !isOfFolder) return undefined;
  return `DATA_DIR: it cannot be written (${code}): ${adviseOnFolder(sqliteCode ?? code, path ?? dataDirectory)}`;
}

function toPortProblem({ code, port, hostname }: StartError, { admin }: Pick<Config, 'admin'>): string {
  // A name that can't be looked up comes without a port.
  const isAdmin = port === admin.port || hostname === admin.host;
  const name = isAdmin ? 'ADMIN' : 'HTTP';
  const problem = `${name}_HOST and ${name}_PORT: nothing can listen there (${code})`;
  if (code === 'EADDRINUSE')
    return `${problem}: another program has port ${port}; stop it, or set another ${name}_PORT${isAdmin ? ' (0 for none)' : ''}`;
  if (code === 'EACCES')
    return `${problem}: only root may use port ${port}; set ${name}_PORT to one above 1023`;
  return `${problem}: ${name}_HOST has to be an address of this machine, such as 127.0.0.1 or 0.0.0.0`;
}

function adviseOnFolder(code: string | undefined, path: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `give ${path} to the user who runs the bot (chown -R ${process.getuid?.() ?? 'USER'} ${path})`;
    case 'EROFS':
      return `${path} is on a disk that can only be read; choose another folder`;
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk is full; make room';
    case 'EEXIST':
    case 'ENOTDIR':
      return `there is a file where a folder has to be (${path}); move it, or choose another folder`;
    default:
      return `check whether ${path} can be written, and whether there is room`;
  }
}
