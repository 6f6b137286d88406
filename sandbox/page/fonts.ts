import { readFile } from 'node:fs/promises';

export interface Fonts {
  /** `@font-face` rules that load the files from `/fonts/`. */
  readonly faces: string;
  /** The files, by name. */
  readonly fonts: ReadonlyMap<string, Buffer>;
}

/** Noto Sans in every weight, and the same emoji as Discord's, so the page looks alike on every machine. */
const sheets = [
  '@fontsource-variable/noto-sans/wght.css',
  '@fontsource-variable/noto-sans/wght-italic.css',
  'twemoji-colr-font/twemoji.css',
];
/** A script that the page doesn't use. */
const leftOut = /devanagari/;
const faceRule = /@font-face \{[^}]+\}/g;
const address = /url\(["']?([^"')]+)["']?\)/;

interface Face {
  readonly name: string;
  readonly rule: string;
  readonly bytes: Buffer;
}

export async function readFonts(): Promise<Fonts> {
  const faces = (await Promise.all(sheets.map(readFaces))).flat();
  return {
    faces: faces.map(({ rule }) => rule).join('\n'),
    fonts: new Map(faces.map(({ name, bytes }) => [name, bytes])),
  };
}

async function readFaces(sheet: string): Promise<Face[]> {
  const location = import.meta.resolve(sheet);
  const rules = (await readFile(new URL(location), 'utf8')).match(faceRule) ?? [];
  const kept = rules.filter((rule) => !leftOut.test(rule));
  return Promise.all(kept.map((rule) => readFace(rule, location)));
}

async function readFace(rule: string, location: string): Promise<Face> {
  const file = new URL(address.exec(rule)?.[1] ?? '', location);
  const name = file.pathname.split('/').at(-1) ?? '';
  return { name, rule: rule.replace(address, `url(/fonts/${name})`), bytes: await readFile(file) };
}
