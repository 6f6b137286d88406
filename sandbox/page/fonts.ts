import { readFile } from 'node:fs/promises';

export interface Fonts {
  /** `@font-face` rules that load the files from `/fonts/`. */
  readonly faces: string;
  /** The files, by name. */
  readonly fonts: ReadonlyMap<string, Buffer>;
}

const packageName = '@fontsource-variable/noto-sans';
/** Without the package's sixth script, Devanagari, in which the page says nothing. */
const leftOut = /devanagari/;
const fileName = /url\(\.\/files\/([^)]+)\)/;

/** Noto Sans in every weight, which Discord itself falls back to: the page looks the same on each machine. */
export async function readFonts(): Promise<Fonts> {
  const sheets = await Promise.all(
    ['wght.css', 'wght-italic.css'].map((name) => readFile(locate(name), 'utf8')),
  );
  const faces = sheets.flatMap((sheet) => sheet.match(/@font-face \{[^}]+\}/g) ?? []);
  const kept = faces.filter((face) => !leftOut.test(face));
  const names = kept.flatMap((face) => fileName.exec(face)?.[1] ?? []);
  const files = names.map(async (name) => [name, await readFile(locate(`files/${name}`))] as const);
  return {
    faces: kept.map((face) => face.replace(fileName, 'url(/fonts/$1)')).join('\n'),
    fonts: new Map(await Promise.all(files)),
  };
}

function locate(name: string): URL {
  return new URL(import.meta.resolve(`${packageName}/${name}`));
}
