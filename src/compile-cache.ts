import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makePrivate } from './private-folder.ts';

/**
 * Where compiled code is kept: in a folder of our own, since whoever could write there would run code in this program, as
 * in a system's shared temporary folder. `undefined` if there is no such folder: then nothing is kept.
 */
export function findCacheFolder(parent: string): string | undefined {
  const folder = join(parent, 'midjourney-relay');
  try {
    const { isPrivate, isOurs } = makePrivate(folder);
    return isPrivate && isOurs ? folder : undefined;
  } catch {
    return undefined; // a container that can't be written, or a user without a home: it starts all the same
  }
}

/**
 * Keeps compiled code in the user's cache, so that later starts take half the time. Where `NODE_COMPILE_CACHE` is set,
 * Node keeps it there already, and this changes nothing (nodejs.org/api/module.html).
 */
export function keepCompiledCode(): void {
  const folder = findCacheFolder(join(homedir(), '.cache'));
  if (folder !== undefined) enableCompileCache(folder);
}
