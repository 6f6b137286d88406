import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The row of the page's table that holds for `commands` and every folder of `src`. */
const everyFolder = '`commands`, every folder of `src`';

/** What each room may import besides itself, as docs/architecture.md says. `*` is everything; `types` means type imports only. */
const page = readFileSync(join(root, 'docs/architecture.md'), 'utf8');
const rows = [
  ...(page.split('## Who may import whom')[1] ?? '').matchAll(/^\| (`.*?) \| (.*?) \| .*\|$/gm),
].map(
  ([, room = '', targets = '']) =>
    [
      room,
      [...targets.matchAll(/(types )?`([^`]+)`/g)].map(([, types = '', name]) => `${types}${name}`),
    ] as const,
);
const shared = rows.find(([room]) => room === everyFolder)?.[1] ?? [];
const allowed: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  rows.filter(([room]) => room !== everyFolder).map(([room, targets]) => [room.replaceAll('`', ''), targets]),
);

function allowedFor(room: string): readonly string[] {
  const own = allowed[room] ?? [];
  const isFolder = room === 'commands' || /^src\/[a-z-]+$/.test(room);
  return isFolder && !shared.includes(room) ? [...own, ...shared] : own;
}

/** Packages that only these rooms may know. */
const owners: Readonly<Record<string, readonly string[]>> = {
  'discord.js': ['src/discord', 'src/doctor', 'commands', 'deploy-commands.ts', 'sandbox', 'bench'],
  '@discordjs/builders': ['src/discord', 'commands'],
  kysely: ['src/storage'],
  'node:sqlite': ['src/storage'],
  keyv: ['src/storage'],
  '@keyv/sqlite': ['src/storage'],
  sharp: ['src/images', 'sandbox'],
  'prom-client': ['src/metrics'],
  fastify: ['src/web', 'sandbox'],
  undici: ['src/providers', 'src/images', 'src/discord', 'sandbox'],
  rolldown: ['sandbox'],
  '@skyra/discord-components-core': ['sandbox/page/client'],
  'intl-messageformat': ['src/locales'],
  '@formatjs/icu-messageformat-parser': ['src/locales'],
  'playwright-core': ['sandbox'],
};

interface Import {
  from: string;
  to: string;
  isType: boolean;
}

function roomOf(file: string): string {
  const rooms = Object.keys(allowed).filter((room) => file === room || file.startsWith(`${room}/`));
  const room = rooms.sort((a, b) => b.length - a.length)[0];
  if (room === undefined) throw new Error(`${file} is in no room of the table`);
  return room;
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const statements = text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?from\s+)?'([^']+)'/gm);
  return [...statements].map(([, type, target = '']) => ({
    from: file,
    to: target.startsWith('.') ? relative(root, join(root, dirname(file), target)) : target,
    isType: type !== undefined,
  }));
}

/** `@scope/name` of `@scope/name/part.js`. */
function packageOf(target: string): string {
  const parts = target.startsWith('node:') ? [target] : target.split('/');
  return parts.slice(0, target.startsWith('@') ? 2 : 1).join('/');
}

function isAllowed({ from, to, isType }: Import): boolean {
  const room = roomOf(from);
  if (!/\.ts$/.test(to)) {
    const known = owners[packageOf(to)];
    if (room === 'sandbox/page/client' && to.startsWith('node:')) return false;
    return known === undefined || known.includes(room) || room === 'src/main.ts';
  }
  if (roomOf(to) === room) return true;
  return allowedFor(room).some((entry) => {
    const target = entry.replace(/^types /, '');
    const fits = target === '*' || to === target || to.startsWith(`${target}/`);
    return fits && (isType || !entry.startsWith('types '));
  });
}

/** Whether following imports from one file leads to another. */
function reaches(targets: ReadonlyMap<string, readonly string[]>, from: string, to: string): boolean {
  const seen = new Set<string>();
  const left = [...(targets.get(from) ?? [])];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    if (next === to) return true;
    if (!seen.has(next)) left.push(...(targets.get(next) ?? []));
    seen.add(next);
  }
  return false;
}

/** Whether a file is part of the bot. */
function isOurs(file: string): boolean {
  return file.startsWith('src/') || file.startsWith('commands/');
}

/** A file without its comments. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8').replace(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/.*$/gm, '');
}

/** Whether code looks for `--`: in a pattern, or by a method of strings. */
function readsFlags(code: string): boolean {
  const pattern = /(?<=[(=,:?&|[]\s*)\/(?![/*])(?:[^/\n\\]|\\.)*--(?:[^/\n\\]|\\.)*\/[a-z]*/;
  const method =
    /\b(?:RegExp|split|includes|indexOf|startsWith|endsWith|replace(?:All)?|search)\([^)]{0,40}?--/;
  return pattern.test(code) || method.test(code);
}

describe('who may import whom', () => {
  const files = globSync(
    ['src/**/*.ts', 'commands/**/*.ts', 'sandbox/**/*.ts', 'bench/**/*.ts', 'deploy-commands.ts', 'setup.ts'],
    {
      cwd: root,
    },
  );

  it('follows the table, line by line', () => {
    const wrong = files.flatMap(importsOf).filter((line) => !isAllowed(line));
    expect(wrong.map(({ from, to }) => `${from} imports ${to}`)).toEqual([]);
  });

  it('would notice a wrong line', () => {
    expect(isAllowed({ from: 'src/discord/bot.ts', to: 'src/storage/database.ts', isType: true })).toBe(
      false,
    );
    expect(isAllowed({ from: 'src/providers/http.ts', to: 'discord.js', isType: false })).toBe(false);
    expect(
      isAllowed({ from: 'src/service/presses.ts', to: 'src/discord/render/task.ts', isType: false }),
    ).toBe(false);
    expect(isAllowed({ from: 'sandbox/index.ts', to: 'src/config.ts', isType: false })).toBe(false);
    const client = 'sandbox/page/client/main.ts';
    expect(isAllowed({ from: client, to: 'sandbox/page/server.ts', isType: false })).toBe(false);
    expect(isAllowed({ from: client, to: 'node:fs', isType: false })).toBe(false);
    const look = '@skyra/discord-components-core/discord-embed.js';
    expect(isAllowed({ from: 'src/discord/render/task.ts', to: look, isType: false })).toBe(false);
    expect(isAllowed({ from: client, to: look, isType: false })).toBe(true);
    expect(isAllowed({ from: 'src/service/presses.ts', to: 'src/storage/database.ts', isType: false })).toBe(
      true,
    );
  });

  it('decodes pictures in one place', () => {
    const decoders = files.filter(
      (file) =>
        isOurs(file) &&
        (importsOf(file).some(({ to, isType }) => to === 'sharp' && !isType) ||
          /\b(?:import|require)\(\s*['"]sharp/.test(codeOf(file))),
    );
    expect(decoders).toEqual(['src/images/decode.ts']);
  });

  it('reads flags of a prompt in its room, and lays them out where messages are drawn', () => {
    const readers = files.filter((file) => isOurs(file) && readsFlags(codeOf(file)));
    const elsewhere = readers.filter((file) => !/^src\/(?:prompt|discord\/.*foreign-text)/.test(file));
    expect(elsewhere).toEqual([]);
    expect(readers).toContain('src/prompt/flags.ts');
  });

  it.each([
    ['const isNiji = /--niji\\b/.test(prompt);', true],
    ["const [words] = prompt.split('--');", true],
    ["if (prompt.includes('--video')) return;", true],
    ['new RegExp(`--(?:v|version)`)', true],
    ["flags.push('--tile');", false],
    ["const text = prompt + ' --ar 2:3';", false],
  ])('would notice who reads flags: %s', (code, isReading) => {
    expect(readsFlags(code)).toBe(isReading);
  });

  it('goes in no circle, not even for types', () => {
    const targets = new Map(files.map((file) => [file, importsOf(file).map(({ to }) => to)]));
    expect(files.filter((file) => reaches(targets, file, file))).toEqual([]);
  });

  it('starts paid calls in the runner only', () => {
    const callers = files.filter(
      (file) => isOurs(file) && /\bprovider\b[^;\n]{0,20}\.(?:submit|answer)\(/.test(codeOf(file)),
    );
    expect(callers).toEqual(['src/runner/paid-calls.ts']);
  });

  it('escapes what others wrote in one place', () => {
    const rooms = files.filter((file) => /^(?:src\/discord|src\/locales|commands)\//.test(file));
    const escapers = rooms.filter((file) =>
      /\.replace(?:All)?\(|\bencodeURI/.test(readFileSync(join(root, file), 'utf8')),
    );
    expect(escapers).toEqual(['src/discord/render/foreign-text.ts']);
  });

  it('reads the environment in one place', () => {
    const readers = files.filter((file) => isOurs(file) && codeOf(file).includes('process.env'));
    expect(readers).toEqual(['src/config.ts']);
  });
});
