import { anyDash, longDash } from './spelling.ts';

/** Texts that people gave a name, by that name in lower case. */
export type Presets = Readonly<Record<string, string>>;

/** With the punctuation of a sentence behind it, as behind a value. */
const named = new RegExp(
  `(?<=^|\\s)(?:[${anyDash}]{2,}|${longDash})([a-z][\\w-]*)[,，、.。;；]*(?=\\s|$)`,
  'giu',
);

/** Takes `--name` of each preset out of a text. Returns what is left, and the names that were in it, each once. */
export function takePresets(text: string, presets: Presets): { text: string; names: string[] } {
  const names = new Set<string>();
  const left = text.replace(named, (written, name: string) => {
    const known = name.toLowerCase();
    if (!Object.hasOwn(presets, known)) return written;
    names.add(known);
    return '';
  });
  return { text: names.size === 0 ? text : left, names: [...names] };
}

/** A preset's name as it's kept, however it was typed. */
export function readPresetName(typed: string): string {
  return typed.trim().replace(/^--/u, '').toLowerCase();
}
