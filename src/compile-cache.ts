import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
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
    return undefined; // a container that can't be written: it starts all the same
  }
}

/**
 * The user's home; `undefined` if there is none. Without `HOME`, Node asks the system and throws for a user whom it doesn't
 * know, as in a container that runs under any number; an empty `HOME` would be the folder that the program happens to be in.
 */
function findHome(): string | undefined {
  try {
    const home = homedir();
    return isAbsolute(home) ? home : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Keeps compiled code in the user's cache, so that later starts take half the time. If `NODE_COMPILE_CACHE` is set,
 * Node keeps it there already, and this changes nothing (nodejs.org/api/module.html).
 */
export function keepCompiledCode(): void {
  const home = findHome();
  const folder = home === undefined ? undefined : findCacheFolder(join(home, '.cache'));
  if (folder !== undefined) enableCompileCache(folder);
}
