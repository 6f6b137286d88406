import { chmodSync, mkdirSync, statSync } from 'node:fs';

export interface PrivateFolder {
  /** Whether nobody but its owner (and root) can read it. */
  readonly isPrivate: boolean;
  /** Whether it was open to others until now. */
  readonly wasOpen: boolean;
  /** Whether this process runs as its owner. */
  readonly isOurs: boolean;
}

const others = 0o077;
/** Everybody may write there, as in `/tmp`: such a folder serves other programs, too. */
const sticky = 0o1000;

/**
 * Makes a folder that its owner alone can read; one that is there already is closed to others. Only its owner can do so,
 * so `isPrivate` may be false. Throws if it can't be made.
 */
export function makePrivate(directory: string): PrivateFolder {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(directory);
  // Windows has no such rights; a folder there is as private as the one that it is in.
  if (process.getuid === undefined) return { isPrivate: true, wasOpen: false, isOurs: true };
  const isOurs = uid === process.getuid();
  const wasOpen = (mode & others) !== 0;
  return { isPrivate: !wasOpen || close(directory, mode), wasOpen, isOurs };
}

function close(directory: string, mode: number): boolean {
  if ((mode & sticky) !== 0) return false;
  try {
    chmodSync(directory, mode & ~others & 0o7777);
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM' || code === 'EROFS') return false; // somebody else's, or a disk that can't be written
    throw error;
  }
}
