import { join } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Logger } from '../log.ts';
import { makePrivate } from '../private-folder.ts';
import { type Database, openDatabase } from './database.ts';
import { type Documents, openDocuments } from './documents.ts';
import { lockDirectory } from './lock.ts';
import { createPictures, type Pictures } from './pictures.ts';
import { createReports, type Reports } from './reports.ts';
import { refuseUnfinishedRestore } from './unfinished-restore.ts';

/** Everything in the data directory. */
export interface Storage {
  readonly database: Database;
  readonly documents: Documents;
  readonly pictures: Pictures;
  readonly reports: Reports;
  /** Empties both write-ahead logs, so that what was removed is no longer in any file. */
  emptyLogs(): Promise<void>;
  /** Closes everything and gives the directory back. */
  close(): Promise<void>;
}

export interface StorageOptions {
  readonly directory: string;
  /** How long and how many originals are kept. */
  readonly pictures: { readonly days: number; readonly maxBytes: number };
  readonly clock: Clock;
  readonly log: Logger;
}

/** Takes the data directory for this process and opens what is in it. Throws a `LockedError` if another process has it. */
export async function openStorage({ directory, pictures, clock, log }: StorageOptions): Promise<Storage> {
  closeToOthers(directory, log);
  const unlock = lockDirectory(directory);
  refuseUnfinishedRestore(directory);
  const database = await openDatabase(directory);
  const documents = openDocuments(directory);
  const reports = createReports(directory);
  return {
    database,
    documents,
    reports,
    pictures: await createPictures({ ...pictures, directory: join(directory, 'pictures'), clock }),
    async emptyLogs() {
      await Promise.all([database.emptyLog(), documents.emptyLog()]);
    },
    async close() {
      await Promise.all([reports.close(), database.close(), documents.close()]);
      unlock();
    },
  };
}

/** The folder holds prompts, tokens of interactions, and the key that signs callbacks. */
function closeToOthers(directory: string, log: Logger): void {
  const { isPrivate, wasOpen, isOurs } = makePrivate(directory);
  if (!isPrivate && isOurs)
    log.warn(
      "others on this machine can read DATA_DIR, and the bot can't make it private: use a folder on another disk",
    );
  else if (!isPrivate)
    log.warn(
      "others on this machine can read DATA_DIR, and the bot can't change that: another user owns the folder",
    );
  else if (wasOpen) log.warn('others on this machine could read DATA_DIR; it is private now');
}
