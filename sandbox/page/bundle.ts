import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { readFonts } from './fonts.ts';

export interface Bundle {
  readonly script: string;
  readonly style: string;
  readonly page: string;
  /** The files of fonts that the style names, by name. */
  readonly fonts: ReadonlyMap<string, Buffer>;
}

const folder = new URL('./client/', import.meta.url);
let bundle: Promise<Bundle> | undefined;

/** The page for browsers, bundled once, in memory: they don't run TypeScript or resolve bare imports. */
export function readBundle(): Promise<Bundle> {
  bundle ??= make();
  return bundle;
}

async function make(): Promise<Bundle> {
  const [script, style, page, { faces, fonts }] = await Promise.all([
    bundleScript(),
    joinStyles(),
    readFile(new URL('index.html', folder), 'utf8'),
    readFonts(),
  ]);
  return { script, style: `${faces}\n${style}`, page, fonts };
}

async function bundleScript(): Promise<string> {
  const build = await rolldown({
    input: fileURLToPath(new URL('main.ts', folder)),
    platform: 'browser',
    logLevel: 'silent',
  });
  const { output } = await build.generate({ format: 'esm', minify: true, codeSplitting: false });
  await build.close();
  return output[0].code;
}

async function joinStyles(): Promise<string> {
  const styles = new URL('styles/', folder);
  const names = (await readdir(styles)).sort();
  const texts = await Promise.all(names.map((name) => readFile(new URL(name, styles), 'utf8')));
  return texts.join('\n');
}
