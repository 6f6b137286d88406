import { resolve } from 'node:path';
import { readDataDirectory } from './config.ts';
import { readArguments, runCopying } from './copying.ts';
import { BackupError, backUp } from './storage/backup.ts';

const usage = 'say where: npm run backup -- FOLDER, or npm run backup -- FOLDER --pictures';

await runCopying(async () => {
  const words = readArguments(process.argv.slice(2), ['--pictures']);
  if (words === undefined) throw new BackupError(usage);
  const target = resolve(words.folder);
  const withPictures = words.has('--pictures');
  const directory = readDataDirectory();
  const { files } = await backUp({ directory, target, withPictures, now: Date.now() });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  const size = `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
  return `copied ${files.length} files (${size}) to ${target}; put them back with npm run restore -- ${target}`;
}, 'npm run backup failed');
