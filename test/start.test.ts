import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../sandbox/bot.ts';
import { aFolder } from './helpers/folder.ts';

/** Nobody is at the address of its Discord: how it starts is seen in its first line about that. */
const least = {
  DISCORD_TOKEN: 'x.y.z',
  ALLOWED_GUILDS: '123456789012345678',
  PROVIDERS: 'main=4allapi',
  PROVIDER_MAIN_API_KEY: 'key-canary',
  DISCORD_API_URL: 'http://127.0.0.1:9',
  ADMIN_PORT: '0',
};

let folder: Awaited<ReturnType<typeof aFolder>>;
beforeEach(async () => {
  folder = await aFolder();
});
afterEach(() => folder.remove());

const start = (variables: Record<string, string>) =>
  startProgram('src/start.ts', { ...least, HOME: folder.path, ...variables }, { directory: folder.path });

describe('a start', () => {
  it.each<[what: string, variables: Record<string, string>, prepare?: () => void]>([
    ['without a home', { HOME: '' }],
    ['with a home that cannot be written', { HOME: '/dev/null' }],
    ['in a folder with signs in its name and a slash at its end', { DATA_DIR: "./my data %20b?c#d'é/" }],
    [
      'in a folder behind a link',
      { DATA_DIR: './link' },
      () => {
        mkdirSync(join(folder.path, 'real'));
        symlinkSync('real', join(folder.path, 'link'));
      },
    ],
    [
      'with empty variables, as compose passes them on',
      { PUBLIC_URL: '', DATA_DIR: '', OPERATOR_IDS: '', LOG_LEVEL: '' },
    ],
  ])('succeeds %s', async (_what, variables, prepare = () => undefined) => {
    prepare();
    const bot = start(variables);
    await bot.line('ECONNREFUSED');
    expect(await bot.end()).toBe(0);
  });

  it.each<[what: string, variables: Record<string, string>, prepare: () => void]>([
    ['where DATA_DIR is a file', { DATA_DIR: 'file' }, () => writeFileSync(join(folder.path, 'file'), '')],
    [
      'where DATA_DIR leads nowhere',
      { DATA_DIR: 'link' },
      () => symlinkSync('nowhere', join(folder.path, 'link')),
    ],
    [
      'where a part of the usual DATA_DIR is a file',
      {},
      () => {
        mkdirSync(join(folder.path, 'data'));
        writeFileSync(join(folder.path, 'data', 'pictures'), '');
      },
    ],
  ])('fails with one sentence %s', async (_what, variables, prepare) => {
    prepare();
    const bot = start(variables);
    expect(await bot.exited).toBe(1);
    const lines = bot.lines.filter((line) => !/"level":"(info|warn)"/.test(line));
    expect(lines).toEqual([
      expect.stringMatching(/^midjourney-relay cannot start: DATA_DIR: it cannot be written/),
    ]);
  });
});
