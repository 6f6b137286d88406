import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

/** A file for browsers. */
export interface Asset {
  readonly type: string;
  readonly text: string;
}

/** The files of the region editor's page. */
export interface Assets {
  /** Where they are; it's another one after any of them has changed, so that browsers may keep them forever. */
  readonly path: string;
  read(hash: string, name: string): Promise<Asset | undefined>;
}

const folder = new URL('./client/', import.meta.url);
const types: Readonly<Record<string, string>> = {
  ts: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * Hands out the page's modules as they are in the sources, without their types: browsers follow the imports by themselves, so
 * nothing has to be bundled. They're read when the first page asks for them.
 */
export function createAssets(prefix: string): Assets {
  const sources = new Map<string, string>();
  for (const name of readdirSync(folder).sort())
    if (extensionOf(name) in types) sources.set(name, readFileSync(new URL(name, folder), 'utf8'));
  const all = JSON.stringify([process.version, ...sources]);
  const version = createHash('sha256').update(all).digest('base64url').slice(0, 16);
  let made: Promise<ReadonlyMap<string, Asset>> | undefined;

  async function make(): Promise<ReadonlyMap<string, Asset>> {
    const modules = [...sources].filter(([name]) => extensionOf(name) === 'ts');
    const stripped = await stripTypes(modules.map(([, code]) => code));
    const texts = new Map([
      ...sources,
      ...modules.map(([name], index) => [name, stripped[index] ?? ''] as const),
    ]);
    return new Map(
      [...texts].map(([name, text]) => [name, { type: types[extensionOf(name)] ?? '', text }] as const),
    );
  }

  return {
    path: `${prefix}/assets/${version}`,
    async read(hash, name) {
      if (hash !== version || !sources.has(name)) return undefined;
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return (await made).get(name);
    },
  };
}

function extensionOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function stripTypes(codes: readonly string[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    // Node warns that this is experimental, as everything here runs on it; nobody reads that from this thread.
    const worker = new Worker(new URL('./strip-types.ts', import.meta.url), {
      workerData: codes,
      stderr: true,
    });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
