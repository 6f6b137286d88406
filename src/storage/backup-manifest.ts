import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { databaseFile, documentsFile } from './files.ts';
import { isPictureName } from './pictures.ts';

export const manifestFile = 'manifest.json';

/** Nothing else is put back: a name could lead out of the folder. */
function isOurs(name: string): boolean {
  if (name === databaseFile || name === documentsFile) return true;
  return name.startsWith('pictures/') && isPictureName(name.slice('pictures/'.length));
}

const manifest = z.object({
  format: z.literal(1),
  copiedAt: z.iso.datetime(),
  hasPictures: z.boolean(),
  files: z
    .array(
      z.object({
        name: z.string().refine(isOurs),
        bytes: z.number().int().nonnegative(),
        sha256: z.string().regex(/^[0-9a-f]{64}$/),
      }),
    )
    .refine((files) => files.some(({ name }) => name === databaseFile)),
});

/** What is in a copy of the data directory. */
export type Manifest = z.infer<typeof manifest>;
export type ManifestFile = Manifest['files'][number];

/** Reads the list of a copy's files; `undefined` if there is none, or if it isn't one of ours. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return manifest.parse(JSON.parse(await readFile(join(folder, manifestFile), 'utf8')));
  } catch {
    return undefined;
  }
}
