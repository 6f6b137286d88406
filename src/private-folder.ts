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
 * Makes a folder that only its owner can read, or closes the one that is there to others. That isn't always possible, and
 * `isPrivate` says whether it was: the folder may belong to somebody else, as a volume does in Kubernetes, or be on a disk
 * that knows no rights. Throws if the folder can't be made.
 */
export function makePrivate(directory: string, chmod: typeof chmodSync = chmodSync): PrivateFolder {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const { mode, uid } = statSync(directory);
  // Windows has no such rights; a folder there is as private as the one that it is in.
  if (process.getuid === undefined) return { isPrivate: true, wasOpen: false, isOurs: true };
  const isOurs = uid === process.getuid();
  const wasOpen = isOpen(mode);
  if (wasOpen && (mode & sticky) === 0) close(directory, { mode, chmod });
  return { isPrivate: !isOpen(statSync(directory).mode), wasOpen, isOurs };
}

function isOpen(mode: number): boolean {
  return (mode & others) !== 0;
}

/** Disks that know no rights (vfat, many network shares) refuse this with codes of their own, or silently do nothing. */
function close(directory: string, { mode, chmod }: { mode: number; chmod: typeof chmodSync }): void {
  try {
    chmod(directory, mode & ~others & 0o7777);
  } catch {
    // What became of it is read from the folder itself.
  }
}
