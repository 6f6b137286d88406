import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { makePrivate } from './private-folder.ts';

/**
 * Where compiled code is kept: in our own folder, not in the system's shared temporary one, since anybody who can write
 * there can run code in this program. `undefined` if there's no such folder: then nothing is kept.
 */
export function findCacheFolder(parent: string): string | undefined {
  const folder = join(parent, 'midjourney-relay');
  try {
    const { isPrivate, isOurs } = makePrivate(folder);
    return isPrivate && isOurs ? folder : undefined;
  } catch {
    return undefined; // a read-only container, or a user without a home: it starts anyway
  }
}

/**
 * Keeps compiled code in the user's cache, so that later starts take half the time. If `NODE_COMPILE_CACHE` is set, Node
 * already keeps it there, and this changes nothing (nodejs.org/api/module.html).
 */
export function keepCompiledCode(): void {
  const folder = findCacheFolder(join(homedir(), '.cache'));
  if (folder !== undefined) enableCompileCache(folder);
}
