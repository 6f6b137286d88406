import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, open, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { ManifestFile } from './backup-manifest.ts';

/** Copies a file together with its date, by which old pictures are removed, and waits until it's on disk. */
export async function copyDated(from: string, to: string): Promise<void> {
  const { atime, mtime } = await stat(from);
  await copyFile(from, to);
  await utimes(to, atime, mtime);
  await syncFile(to);
}

/** A file's size and checksum. */
export async function describeFile(folder: string, name: string): Promise<ManifestFile> {
  const path = join(folder, name);
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return { name, bytes: (await stat(path)).size, sha256: hash.digest('hex') };
}

/** Waits until what was written to a file is on disk. */
export async function syncFile(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
