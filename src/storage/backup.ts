import { existsSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { makePrivate } from '../private-folder.ts';
import { type Manifest, type ManifestFile, manifestFile } from './backup-manifest.ts';
import { copyDated, describeFile, syncFile } from './copied-files.ts';
import { databaseFile, documentsFile } from './files.ts';
import { isPictureName } from './pictures.ts';

/** Why no copy was made, in words for the operator. */
export class BackupError extends Error {
  override readonly name = 'BackupError';
}

export interface BackupOptions {
  /** The data directory. */
  readonly directory: string;
  /** The folder to make; it must not exist yet. */
  readonly target: string;
  readonly withPictures: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * Copies both databases, and the pictures if wanted, into a new folder, even while the bot runs. Both are read as of one
 * moment: the pair is what a crash at that moment would have left behind, and the bot can go on from any of those. The
 * folder gets its name when everything in it is on disk, so a copy that was cut short is never taken for a whole one.
 */
export async function backUp({ directory, target, withPictures, now }: BackupOptions): Promise<Manifest> {
  if (!existsSync(join(directory, databaseFile)))
    throw new BackupError(`there is no ${databaseFile} in ${directory}: check DATA_DIR`);
  if (existsSync(target)) throw new BackupError(`${target} is there already: name a folder that isn't`);
  const draft = `${target}.part`;
  await rm(draft, { recursive: true, force: true });
  makePrivate(draft);
  try {
    const names = [
      ...(await copyDatabases(directory, draft)),
      ...(withPictures ? await copyPictures(directory, draft) : []),
    ];
    const files: ManifestFile[] = [];
    for (const name of names) files.push(await describeFile(draft, name));
    const manifest: Manifest = {
      format: 1,
      copiedAt: new Date(now).toISOString(),
      hasPictures: withPictures,
      files,
    };
    await writeFile(join(draft, manifestFile), `${JSON.stringify(manifest, undefined, 2)}\n`);
    await syncFile(join(draft, manifestFile));
    await rename(draft, target);
    return manifest;
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** How long the bot's own writes may take. */
const busyTimeoutMs = 5_000;

async function copyDatabases(directory: string, target: string): Promise<string[]> {
  const names = [databaseFile, documentsFile].filter((name) => existsSync(join(directory, name)));
  const writers = names.map((name) => new DatabaseSync(join(directory, name), { timeout: busyTimeoutMs }));
  const readers: DatabaseSync[] = [];
  try {
    // The bot waits for as long as it takes to begin two reads.
    for (const writer of writers) writer.exec('begin immediate');
    for (const name of names) {
      const reader = new DatabaseSync(join(directory, name), { readOnly: true, timeout: busyTimeoutMs });
      readers.push(reader);
      reader.exec('begin');
      reader.prepare('select count(*) from sqlite_master').get();
    }
    for (const writer of writers) writer.exec('rollback');
    for (const [index, name] of names.entries()) {
      const path = join(target, name);
      // Page by page, through the reader's transaction. VACUUM INTO can't run in one, and may number rows anew.
      await backup(readers[index] as DatabaseSync, path);
      finishCopy(path, name);
      await syncFile(path);
    }
    return names;
  } finally {
    for (const reader of readers) reader.close();
    for (const writer of writers) writer.close();
  }
}

/**
 * Refuses a copy of a damaged database. Without a write-ahead log, which the bot turns on again, a copy can be read without
 * other files appearing next to it.
 */
function finishCopy(path: string, name: string): void {
  const copy = new DatabaseSync(path);
  try {
    const [damage] = copy
      .prepare('pragma quick_check')
      .all()
      .map(({ quick_check }) => quick_check);
    if (damage !== 'ok')
      throw new BackupError(
        `${name} is damaged (${damage}): run npm run doctor, and keep your earlier copies`,
      );
    copy.exec('pragma journal_mode = delete');
  } finally {
    copy.close();
  }
}

async function copyPictures(directory: string, target: string): Promise<string[]> {
  const from = join(directory, 'pictures');
  const to = join(target, 'pictures');
  makePrivate(to);
  const copied: string[] = [];
  for (const name of existsSync(from) ? await readdir(from) : []) {
    if (!isPictureName(name)) continue;
    try {
      await copyDated(join(from, name), join(to, name));
      copied.push(`pictures/${name}`);
    } catch (error) {
      // The bot removes old ones in the meantime.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return copied;
}
