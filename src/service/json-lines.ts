/** Where the parts of a JSON text are, by their path, as `channels.ids.0`. Lines are numbered from 1. */
export interface JsonLines {
  readonly lines: ReadonlyMap<string, number>;
  /** The paths of names that an object has twice, with the line of the second one: JSON.parse would drop the first. */
  readonly repeated: readonly { path: string; line: number }[];
}

const deepest = 20;

/** Finds the lines of a text that JSON.parse takes. */
export function locateParts(text: string): JsonLines {
  const lines = new Map<string, number>();
  const repeated: { path: string; line: number }[] = [];
  let position = 0;
  let line = 1;

  function skipSpace(): void {
    for (; /\s/u.test(text[position] ?? ''); position += 1) if (text[position] === '\n') line += 1;
  }

  function readString(): string {
    const [token = '""'] = /^"(?:[^"\\]|\\.)*"/u.exec(text.slice(position)) ?? [];
    position += token.length;
    return JSON.parse(token) as string;
  }

  function readObject(path: string): void {
    const names = new Set<string>();
    readItems('}', () => {
      const start = line;
      const name = readString();
      const inner = join(path, name);
      if (names.has(name)) repeated.push({ path: inner, line: start });
      names.add(name);
      skipSpace();
      position += 1; // the colon
      readValue(inner, start);
    });
  }

  function readList(path: string): void {
    let index = 0;
    readItems(']', () => {
      readValue(join(path, String(index)));
      index += 1;
    });
  }

  function readItems(end: string, readItem: () => void): void {
    position += 1;
    skipSpace();
    while (position < text.length && text[position] !== end) {
      readItem();
      skipSpace();
      if (text[position] === ',') position += 1;
      skipSpace();
    }
    position += 1;
  }

  function readValue(path: string, start?: number): void {
    skipSpace();
    // Nothing of ours is that deep, and a file must not be able to use up the stack.
    if (path.split('.').length > deepest) position = text.length;
    lines.set(path, start ?? line);
    const first = text[position];
    if (first === '{') readObject(path);
    else if (first === '[') readList(path);
    else if (first === '"') readString();
    else position += /^[^\s,\]}]*/u.exec(text.slice(position))?.[0].length ?? 0;
  }

  readValue('');
  return { lines, repeated };
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
