import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { apply } from '../apply.ts';
import { makePrivate } from '../private-folder.ts';
import type { Task } from '../task.ts';
import { auditDatabase } from './audit.ts';
import { type Manifest, readManifest } from './backup-manifest.ts';
import { copyDated, describeFile, syncFile } from './copied-files.ts';
import { openDatabase } from './database.ts';
import { databaseFile, documentsFile } from './files.ts';
import { lockDirectory } from './lock.ts';
import { hasUnfinishedRestore, planFile, stageFolder } from './unfinished-restore.ts';

/** Why nothing was put back, in words for the operator. */
export class RestoreError extends Error {
  override readonly name = 'RestoreError';
}

export interface Restored {
  readonly manifest: Manifest;
  /** Where the data is that was there before; `undefined` if there was none. */
  readonly aside: string | undefined;
  /** How many tasks waited when the copy was made. */
  readonly waited: number;
}

/**
 * Puts a copy in place of what is in the data directory, which is kept in a folder next to it. The copy is checked before
 * anything is moved. If the process dies in between, the bot refuses to start until this is run again.
 * Throws a {@link RestoreError} if the copy can't be used, and a `LockedError` if the bot runs.
 */
export async function restore(copy: string, directory: string, now: number): Promise<Restored> {
  const unlock = lockDirectory(directory);
  try {
    const manifest = await check(copy);
    const stage = join(directory, stageFolder);
    const wasCutShort = hasUnfinishedRestore(directory);
    const aside = wasCutShort
      ? await readFile(join(stage, planFile), 'utf8')
      : `before-restore-${new Date(now).toISOString().replaceAll(':', '-')}`;
    if (!wasCutShort) await rm(stage, { recursive: true, force: true });
    await copyInto(stage, copy, manifest);
    const waited = await giveUpWaiting(stage, Date.parse(manifest.copiedAt));
    await writePlan(stage, aside);
    await putAside(directory, aside, manifest);
    await putInPlace(stage, directory, manifest);
    await rm(join(stage, planFile));
    await rm(stage, { recursive: true });
    const hadData = existsSync(join(directory, aside));
    return { manifest, aside: hadData ? join(directory, aside) : undefined, waited };
  } finally {
    unlock();
  }
}

/** Whether the copy is whole, intact, and of a version that this program can read. */
async function check(copy: string): Promise<Manifest> {
  const manifest = await readManifest(copy);
  if (manifest === undefined)
    throw new RestoreError(`${copy} isn't a copy made by npm run backup, or its manifest.json is damaged`);
  for (const file of manifest.files) {
    const found = existsSync(join(copy, file.name)) ? await describeFile(copy, file.name) : undefined;
    if (found === undefined) throw new RestoreError(`the copy is incomplete: ${file.name} is missing`);
    if (found.bytes !== file.bytes || found.sha256 !== file.sha256)
      throw new RestoreError(`the copy is damaged: ${file.name} isn't what was copied`);
  }
  const { damage, gap } = await auditDatabase(copy);
  if (damage.length > 0) throw new RestoreError(`the copy is damaged: ${databaseFile}: ${damage[0]}`);
  if (gap.unknown.length > 0)
    throw new RestoreError('a newer version of the bot made this copy: install that version, or a later one');
  return manifest;
}

async function copyInto(stage: string, copy: string, { files }: Manifest): Promise<void> {
  makePrivate(stage);
  for (const { name } of files) {
    const path = join(stage, name);
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    for (const old of filesOf(path)) await rm(old, { force: true });
    await copyDated(join(copy, name), path);
  }
}

/**
 * Nobody knows whether a task that waited then was sent since, so it counts as one whose answer was lost: it isn't sent
 * again, which could cost twice, but searched for, and refunded if it isn't found. Returns how many there are.
 */
async function giveUpWaiting(stage: string, copiedAt: number): Promise<number> {
  const database = await openDatabase(stage);
  try {
    const waiting = await database.tasks.listByState('queued');
    for (const task of waiting) {
      const acknowledged = apply(task, { type: 'acknowledged' }, copiedAt);
      if (acknowledged !== undefined) await database.tasks.save(acknowledged, task);
      await save(acknowledged ?? task);
    }
    return waiting.length;
  } finally {
    await database.close();
  }

  async function save(task: Task): Promise<void> {
    const { deadlineAt } = task;
    const submitting = apply(task, { type: 'submitting', deadlineAt }, copiedAt);
    if (submitting === undefined || !(await database.tasks.save(submitting, task)))
      throw new Error(`task ${task.id} could not be changed`);
  }
}

/** The plan is there as a whole or not at all. */
async function writePlan(stage: string, aside: string): Promise<void> {
  const draft = join(stage, `${planFile}.part`);
  await writeFile(draft, aside);
  await syncFile(draft);
  await rename(draft, join(stage, planFile));
}

/** A database has its logs next to it; with them, another one would be read wrongly. */
function filesOf(path: string): string[] {
  return [`${path}-wal`, `${path}-shm`, path];
}

/** What is already there was put aside by a run that was cut short: what is in its place now came from the copy. */
async function putAside(directory: string, aside: string, { hasPictures }: Manifest): Promise<void> {
  const names = [
    ...[databaseFile, documentsFile].flatMap(filesOf),
    ...(hasPictures ? ['pictures'] : []),
  ].filter((name) => existsSync(join(directory, name)));
  if (names.length === 0) return;
  makePrivate(join(directory, aside));
  for (const name of names) {
    const kept = join(directory, aside, name);
    if (existsSync(kept)) await rm(join(directory, name), { recursive: true });
    else await rename(join(directory, name), kept);
  }
}

async function putInPlace(stage: string, directory: string, { files, hasPictures }: Manifest): Promise<void> {
  if (hasPictures) await mkdir(join(stage, 'pictures'), { recursive: true, mode: 0o700 });
  const names = new Set(files.map(({ name }) => name.split('/')[0] ?? name));
  if (hasPictures) names.add('pictures');
  for (const name of names) await rename(join(stage, name), join(directory, name));
}
