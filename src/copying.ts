import { ConfigError } from './config.ts';

/**
 * Runs `npm run backup` or `npm run restore`. What an operator can change is said in one line, and the exit code is 1;
 * anything else is a bug.
 */
export async function runCopying(work: () => Promise<string>, failed: string): Promise<void> {
  process.umask(0o077); // copies are as private as the data
  try {
    process.stdout.write(`${await work()}\n`);
  } catch (error) {
    const reason = explain(error);
    if (reason === undefined) throw error;
    process.stderr.write(`${failed}: ${reason}\n`);
    process.exitCode = 1;
  }
}

function explain(error: unknown): string | undefined {
  if (error instanceof ConfigError) return error.problems.join('; ');
  if (!(error instanceof Error)) return undefined;
  const isExpected = ['BackupError', 'RestoreError'].includes(error.name);
  if (isExpected) return error.message;
  if (error.name === 'LockedError') return 'the bot is running: stop it first';
  // Of the system and of SQLite: a full disk, a folder of somebody else, a file that isn't a database.
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined || code.startsWith('ERR_INVALID') ? undefined : error.message;
}

/** The folder that was named, and the switches; `undefined` if that isn't what was asked for. */
export function readArguments(
  words: readonly string[],
  switches: readonly string[] = [],
): { folder: string; has: (name: string) => boolean } | undefined {
  const folders = words.filter((word) => !word.startsWith('-'));
  const others = words.filter((word) => word.startsWith('-'));
  const [folder] = folders;
  if (folder === undefined || folders.length > 1 || others.some((word) => !switches.includes(word)))
    return undefined;
  return { folder, has: (name) => others.includes(name) };
}
