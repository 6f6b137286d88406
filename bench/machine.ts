import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

/** The machine that was measured; `directory` is where the bot keeps its data. */
export function describeMachine(directory: string): Record<string, string> {
  return {
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    cores: String(availableParallelism()),
    memory: `${Math.round(totalmem() / 1024 ** 3)} GiB`,
    system: `${process.platform} ${release()}`,
    node: process.version,
    'file system': findFileSystem(directory),
  };
}

/** The type of the mount that holds the directory: ext4, overlay, tmpfs (where fsync costs nothing). */
function findFileSystem(directory: string): string {
  const mounts = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, path = '', type = '']) => ({ path, type }));
  const holding = mounts.filter(({ path }) => `${directory}/`.startsWith(path === '/' ? '/' : `${path}/`));
  return holding.sort((a, b) => b.path.length - a.path.length)[0]?.type ?? 'unknown';
}
