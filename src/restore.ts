import { resolve } from 'node:path';
import { readDataDirectory } from './config.ts';
import { readArguments, runCopying } from './copying.ts';
import { RestoreError, restore } from './storage/restore.ts';

await runCopying(async () => {
  const words = readArguments(process.argv.slice(2));
  if (words === undefined) throw new RestoreError('say which copy: npm run restore -- FOLDER');
  const { manifest, aside, waited } = await restore(resolve(words.folder), readDataDirectory(), Date.now());
  return [
    `put back the copy of ${manifest.copiedAt}`,
    ...(aside === undefined ? [] : [`what was there before is in ${aside}: delete it once all is well`]),
    ...(waited === 0
      ? []
      : [
          `${waited} waiting ${waited === 1 ? 'task' : 'tasks'} may have been sent since then, so they are not sent again; their points come back if they are not found`,
        ]),
    'now run npm run doctor, then npm start',
  ].join('\n');
}, 'npm run restore failed');
