import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { commands, messageCommands } from '../commands/index.ts';
import { type ProviderKind, providerKinds, readConfig } from '../src/config.ts';
import { listPrices } from '../src/points/prices.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Names that the program asks the environment for, with an account called MAIN. */
function variables(): string[] {
  const asked = new Set<string>();
  const values: Record<string, string> = {
    DISCORD_TOKEN: 'x',
    ALLOWED_GUILDS: '*',
    PROVIDERS: 'main=4allapi',
    PROVIDER_MAIN_API_KEY: 'x',
  };
  const environment = new Proxy(values, {
    get(target, name) {
      if (typeof name === 'string') asked.add(name.replace(/_FILE$/, '').toUpperCase());
      return Reflect.get(target, name);
    },
  });
  readConfig(environment);
  return [...asked].sort();
}

describe('documents', () => {
  it('.env.example names every variable, and no other', () => {
    const named = [...read('.env.example').matchAll(/^(?:# )?([A-Z0-9_]+)=/gm)].map((match) => match[1]);
    expect(named.sort()).toEqual(variables());
  });

  it("the README's table names every variable, and no other", () => {
    const table = read('README.md').split('## Variables')[1]?.split('## Commands')[0] ?? '';
    const rows = table.split('\n').filter((line) => line.startsWith('| `'));
    const named = rows.flatMap((row) =>
      [...(row.split('|')[1] ?? '').matchAll(/`([A-Z0-9_<>]+)`/g)].map((match) => match[1]),
    );
    expect(named.map((name) => name?.replace('<NAME>', 'MAIN')).sort()).toEqual(variables());
  });

  it.each(['README.md', 'docs/operating.md'])('%s has the prices of every kind', (file) => {
    const columns = [
      'imagine',
      'variation',
      'upscale',
      'upscale-subtle',
      'describe',
      'shorten',
      'video',
    ] as const;
    const [, rows = ''] = read(file).split(/^\|.*\| imagine, blend.*\n.*\n/m);
    const named: string[] = [];
    for (const row of rows.split('\n\n')[0]?.split('\n') ?? []) {
      const [names = '', ...cells] = row
        .split('|')
        .slice(1)
        .map((cell) => cell.trim());
      for (const [, kind = ''] of names.matchAll(/`([^`]+)`/g)) {
        named.push(kind);
        const { points, percents } = listPrices(kind as ProviderKind);
        for (const [index, action] of columns.entries()) {
          const [said = '', tall] = (cells[index] ?? '').split(', 720p ');
          // U1–U4 that only show one of several pictures; and what that kind doesn't have.
          if (said !== 'free' && said !== '–') expect(Number(said), `${kind} ${action}`).toBe(points[action]);
          if (tall !== undefined)
            expect(Number(tall.replace(',', ''))).toBe((points.video * percents['720p']) / 100);
        }
      }
    }
    expect(named.sort()).toEqual([...providerKinds].sort());
  });

  it('SECURITY.md names a test for each promise, and all of them exist', () => {
    const promises = read('SECURITY.md').split(/^- /m).slice(1);
    expect(promises.length).toBeGreaterThan(15);
    for (const promise of promises) {
      const named = [...promise.matchAll(/`(test\/[^`]+)`/g)].map(([, file = '']) => file);
      expect(named.length, promise).toBeGreaterThan(0);
      for (const file of named) expect(existsSync(join(root, file)), file).toBe(true);
    }
  });

  it("the table of the log quotes the program's own lines", () => {
    const table = read('docs/operating.md').split('| line | means | do |')[1] ?? '';
    const program = globSync('src/**/*.ts', { cwd: root }).map(read).join('\n');
    const lines = table.split('\n').flatMap((row) => row.split(' | ')[0]?.match(/(?<=`)[^`·]+(?=`)/g) ?? []);
    // An ellipsis stands for what differs from line to line.
    const quoted = lines
      .flatMap((line) => line.split('…'))
      .map((part) => part.replace(/[:,]? *$/, '').trim());
    expect(quoted.length).toBeGreaterThan(20);
    expect(quoted.filter((part) => !program.includes(part))).toEqual([]);
  });

  it('the README names every command and every kind of provider', () => {
    const readme = read('README.md');
    for (const { data } of commands) expect(readme).toContain(`\`/${data.name}`);
    for (const { data } of messageCommands) expect(readme).toContain(`**${data.name}**`);
    for (const kind of providerKinds) expect(readme).toContain(kind);
  });

  it('every link to a file leads somewhere', () => {
    const pages = globSync(['*.md', 'docs/**/*.md'], { cwd: root });
    const dead = pages.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page} → ${target}`),
    );
    expect(dead).toEqual([]);
  });

  it('every decision has its status, context, decision and consequences', () => {
    for (const page of globSync('docs/decisions/*.md', { cwd: root })) {
      const text = read(page);
      for (const part of ['Status: ', '## Context', '## Decision', '## Consequences'])
        expect(text).toContain(part);
    }
  });
});

describe('the health check of the image', () => {
  const [, words = '[]'] = /^HEALTHCHECK [^\n]*\\\n\s+CMD (.*)$/m.exec(read('Dockerfile')) ?? [];
  const [, ...options] = JSON.parse(words) as string[];
  const checkWith = (port: string) =>
    spawnSync(process.execPath, options, { env: { ADMIN_PORT: port }, encoding: 'utf8' }).status;

  it('fails while nobody answers at the port', () => {
    expect(checkWith('9')).toBe(1);
  });

  it('has nothing against a port that is turned off', () => {
    expect(checkWith('0')).toBe(0);
  });
});
