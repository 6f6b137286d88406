import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Where a copy is prepared, in the data directory. */
export const stageFolder = 'restoring';

/** In that folder from the first file that is moved until the last: it names the folder for the old data. */
export const planFile = 'plan';

/** `npm run restore` was cut short: some files are the old ones, and some may be missing. */
export class UnfinishedRestoreError extends Error {
  override readonly name = 'UnfinishedRestoreError';
}

export function hasUnfinishedRestore(directory: string): boolean {
  return existsSync(join(directory, stageFolder, planFile));
}

/** A start would take a missing database for a new one, and begin with empty books. */
export function refuseUnfinishedRestore(directory: string): void {
  if (hasUnfinishedRestore(directory))
    throw new UnfinishedRestoreError('npm run restore was cut short here: run it again with the same copy');
}
