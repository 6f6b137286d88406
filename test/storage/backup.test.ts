import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startProgram } from '../../sandbox/bot.ts';
import { backUp } from '../../src/storage/backup.ts';
import { openDatabase } from '../../src/storage/database.ts';
import { openDocuments } from '../../src/storage/documents.ts';
import { lockDirectory } from '../../src/storage/lock.ts';
import { restore } from '../../src/storage/restore.ts';
import { refuseUnfinishedRestore } from '../../src/storage/unfinished-restore.ts';
import { aFolder } from '../helpers/folder.ts';
import { aTask } from '../helpers/tasks.ts';

const now = Date.parse('2026-11-28T12:00:00Z');
const pictureDate = new Date('2026-11-01T00:00:00Z');

let folder: Awaited<ReturnType<typeof aFolder>>;
let data: string;
let copy: string;
beforeEach(async () => {
  folder = await aFolder();
  data = join(folder.path, 'data');
  copy = join(folder.path, 'copy');
});
afterEach(() => folder.remove());

/** A data directory in which one task, one document and one picture are called by that name. */
async function fill(directory: string, name: string): Promise<void> {
  const database = await openDatabase(directory);
  await database.tasks.insert(aTask({ id: name, state: 'done', finishedAt: 1 }));
  await database.close();
  const documents = openDocuments(directory);
  await documents.messages.set('message', name);
  await documents.close();
  await mkdir(join(directory, 'pictures'), { recursive: true });
  writeFileSync(join(directory, 'pictures', `${name}.0`), name);
  utimesSync(join(directory, 'pictures', `${name}.0`), pictureDate, pictureDate);
}

/** The task, document and pictures in a data directory. */
async function look(directory: string) {
  const database = await openDatabase(directory);
  const tasks = await Promise.all(['old', 'new'].map((id) => database.tasks.get(id)));
  await database.close();
  const documents = openDocuments(directory);
  const document = await documents.messages.get('message');
  await documents.close();
  const pictures = readdirSync(join(directory, 'pictures'));
  return { tasks: tasks.flatMap((task) => task?.id ?? []), document, pictures };
}

const backUpData = (withPictures = true) => backUp({ directory: data, target: copy, withPictures, now });

const newer = { tasks: ['new'], document: 'new', pictures: ['new.0'] };
const older = { tasks: ['old'], document: 'old', pictures: ['old.0'] };

describe('a copy', () => {
  it('goes back with its pictures and their dates, and what was there stays in a folder', async () => {
    await fill(data, 'old');
    await backUpData();
    await rm(data, { recursive: true });
    await fill(data, 'new');
    const { aside } = await restore(copy, data, now);
    expect(await look(data)).toEqual(older);
    expect(statSync(join(data, 'pictures', 'old.0')).mtime).toEqual(pictureDate);
    expect(await look(aside ?? '')).toEqual(newer);
  });

  it('without pictures leaves those that are there', async () => {
    await fill(data, 'old');
    await backUpData(false);
    expect(readdirSync(copy).sort()).toEqual(['documents.db', 'manifest.json', 'relay.db']);
    await restore(copy, data, now);
    expect(await look(data)).toEqual(older);
  });

  it('goes to a machine that has no data, more than once', async () => {
    await fill(data, 'old');
    await backUpData();
    const elsewhere = join(folder.path, 'elsewhere');
    expect((await restore(copy, elsewhere, now)).aside).toBeUndefined();
    await restore(copy, elsewhere, now + 1);
    expect(await look(elsewhere)).toEqual(older);
  });

  it('has what waited as possibly sent since, acknowledged or not, and leaves everything else as it was', async () => {
    const database = await openDatabase(data);
    const tasks = [
      aTask({ id: 'waiting', state: 'queued', acknowledgedAt: 1, notBefore: now + 5 }),
      aTask({ id: 'unanswered', state: 'queued' }),
      aTask({ id: 'running', state: 'running', acknowledgedAt: 1 }),
      aTask({ id: 'asking', state: 'asking', acknowledgedAt: 1 }),
    ];
    for (const task of tasks) await database.tasks.insert(task);
    await database.close();
    await backUpData();
    const elsewhere = join(folder.path, 'elsewhere');
    expect((await restore(copy, elsewhere, now + 1_000)).waited).toBe(2);
    const restored = await openDatabase(elsewhere);
    const states = await Promise.all(tasks.map(async ({ id }) => (await restored.tasks.get(id))?.state));
    expect(states).toEqual(['submitting', 'submitting', 'running', 'asking']);
    expect((await restored.tasks.get('waiting'))?.submittedAt).toBe(now);
    await restored.close();
  });

  it('holds what was committed last by a bot that was killed, and never a part of a transaction', async () => {
    await fill(data, 'old');
    const bot = new DatabaseSync(join(data, 'documents.db'));
    bot.exec("update messages set value = replace(value, 'old', 'new'); begin");
    bot.exec("insert into messages (key, value) values ('half', 'x')");
    // A transaction of the bot's ends before a copy begins; this one ends while it waits.
    bot.exec('rollback');
    await backUpData();
    bot.close();
    await restore(copy, data, now);
    expect((await look(data)).document).toBe('new');
  });

  it.skipIf(process.platform === 'win32')('can be read by nobody else', async () => {
    await fill(data, 'old');
    await backUpData();
    expect(statSync(copy).mode & 0o077).toBe(0);
  });

  it('has both databases as of one moment, although another process writes all the time', async () => {
    await fill(data, 'old');
    const paths = ['relay.db', 'documents.db'].map((name) => join(data, name));
    for (const path of paths) {
      const sqlite = new DatabaseSync(path);
      sqlite.exec('create table counter (n integer); insert into counter values (0)');
      sqlite.close();
    }
    const writer = new Worker(counting, { eval: true, workerData: paths });
    await once(writer, 'message');
    const ahead: number[] = [];
    for (let round = 0; round < 30; round += 1) {
      const target = `${copy}-${round}`;
      await backUp({ directory: data, target, withPictures: false, now });
      ahead.push(readCounter(target, 'relay.db') - readCounter(target, 'documents.db'));
    }
    await writer.terminate();
    // The books are always written first.
    expect(ahead.filter((difference) => difference !== 0 && difference !== 1)).toEqual([]);
    expect(readCounter(data, 'relay.db')).toBeGreaterThan(readCounter(`${copy}-29`, 'relay.db'));
  });
});

/** Counts in the books, then in the documents, without a pause. */
const counting = `
  const { DatabaseSync } = require('node:sqlite');
  const { parentPort, workerData } = require('node:worker_threads');
  const databases = workerData.map((path) => new DatabaseSync(path, { timeout: 10_000 }));
  for (let round = 0; ; round += 1) {
    for (const one of databases) one.exec('pragma synchronous = off; update counter set n = n + 1');
    if (round === 10) parentPort.postMessage('counting');
  }
`;

function readCounter(directory: string, name: string): number {
  const sqlite = new DatabaseSync(join(directory, name), { readOnly: true });
  try {
    return Number(sqlite.prepare('select n from counter').get()?.['n']);
  } finally {
    sqlite.close();
  }
}

describe('no copy is made', () => {
  it('of a folder without data, over something else, or of a damaged database', async () => {
    await expect(backUpData()).rejects.toThrow('there is no relay.db');
    await fill(data, 'old');
    await mkdir(copy);
    await expect(backUpData()).rejects.toThrow('is there already');
    await rm(copy, { recursive: true });
    const path = join(data, 'relay.db');
    const bytes = readFileSync(path);
    bytes.fill(0xff, 3 * 4096, 12 * 4096);
    writeFileSync(path, bytes);
    await expect(backUpData()).rejects.toThrow(/damaged|malformed/);
    expect(readdirSync(folder.path)).toEqual(['data']);
  });
});

describe('a copy is refused, and nothing changes,', () => {
  const change = (name: string, edit: (bytes: Buffer) => Buffer) =>
    writeFileSync(join(copy, name), edit(readFileSync(join(copy, name))));
  const flipBit = (bytes: Buffer) => {
    bytes.writeUInt8(bytes.readUInt8(5_000) ^ 1, 5_000);
    return bytes;
  };
  const editManifest = (edit: (text: string) => string) =>
    change('manifest.json', (bytes) => Buffer.from(edit(bytes.toString())));

  it.each<[when: string, harm: () => unknown, said: string]>([
    ['if it was never finished', () => rm(join(copy, 'manifest.json')), "isn't a copy made by"],
    ['if its list is cut off', () => editManifest((text) => text.slice(0, 40)), "isn't a copy made by"],
    [
      'if its list leads out of it',
      () => editManifest((text) => text.replace('pictures/old.0', '../data/old.0')),
      "isn't a copy made by",
    ],
    [
      'if its list leads out of pictures',
      () => editManifest((text) => text.replace('pictures/old.0', 'pictures/../x.0')),
      "isn't a copy made by",
    ],
    [
      'if its list has no books',
      () => editManifest((text) => text.replace('"relay.db"', '"documents.db"')),
      "isn't a copy made by",
    ],
    ['if a picture is missing', () => rm(join(copy, 'pictures', 'old.0')), 'pictures/old.0 is missing'],
    ['if a bit is wrong', () => change('relay.db', flipBit), "relay.db isn't what was copied"],
    [
      'if a file is cut off',
      () => change('documents.db', (bytes) => bytes.subarray(0, 4_096)),
      "documents.db isn't what was copied",
    ],
  ])('%s', async (_when, harm, said) => {
    await fill(data, 'old');
    await backUpData();
    await harm();
    await rm(data, { recursive: true });
    await fill(data, 'new');
    await expect(restore(copy, data, now)).rejects.toThrow(said);
    expect(await look(data)).toEqual(newer);
    expect(readdirSync(data).filter((name) => /restor/.test(name))).toEqual([]);
  });

  it('if a newer version made it', async () => {
    const database = await openDatabase(data);
    await database.close();
    const sqlite = new DatabaseSync(join(data, 'relay.db'));
    sqlite.exec("insert into kysely_migration (name, timestamp) values ('9999-later', '')");
    sqlite.close();
    await backUpData();
    await expect(restore(copy, join(folder.path, 'elsewhere'), now)).rejects.toThrow('a newer version');
  });
});

describe('npm run restore', () => {
  const probe = fileURLToPath(new URL('../helpers/kill-at-rename.ts', import.meta.url));

  it('refuses while the bot runs', async () => {
    await fill(data, 'old');
    await backUpData();
    const unlock = lockDirectory(data);
    const refused = await run(data);
    unlock();
    expect(refused).toEqual({
      code: 1,
      lines: ['npm run restore failed: the bot is running: stop it first'],
    });
  });

  it('refuses words that it does not know', async () => {
    const program = startProgram('src/restore.ts', { DATA_DIR: data }, { words: [copy, '--all'] });
    expect(await program.exited).toBe(1);
    expect(program.lines).toEqual(['npm run restore failed: say which copy: npm run restore -- FOLDER']);
  });

  it('killed before any of its steps keeps the old data, and the next run finishes', {
    timeout: 120_000,
  }, async () => {
    await fill(data, 'old');
    await backUpData();
    let kills = 0;
    for (let step = 1; ; step += 1) {
      await rm(data, { recursive: true });
      await fill(data, 'new');
      const first = await run(data, { KILL_AT_RENAME: String(step) }, ['--import', probe]);
      if (first.code === 0) break;
      kills += 1;
      // Step 1 is where the move begins: before it, the bot starts with the old data.
      if (step === 1) expect(await look(data)).toEqual(newer);
      else expect(() => refuseUnfinishedRestore(data)).toThrow('run it again with the same copy');
      if (step === 2) expect(await startBot(data)).toContain('DATA_DIR: npm run restore was cut short here');
      const second = await run(data);
      expect(second.lines.join('\n')).toContain('put back the copy of 2026-11-28T12:00:00.000Z');
      expect(await look(data)).toEqual(older);
      const aside = readdirSync(data).filter((name) => name.startsWith('before-restore'));
      expect(aside).toHaveLength(1);
      expect(await look(join(data, aside[0] ?? ''))).toEqual(newer);
      expect(existsSync(join(data, 'restoring'))).toBe(false);
    }
    expect(kills).toBeGreaterThan(5);
  });

  async function run(directory: string, variables = {}, nodeArguments: string[] = []) {
    const program = startProgram(
      'src/restore.ts',
      { DATA_DIR: directory, ...variables },
      { nodeArguments, words: [copy] },
    );
    return { code: await program.exited, lines: program.lines };
  }

  /** What a start says, until it ends or goes on to Discord. */
  async function startBot(directory: string): Promise<string> {
    const program = startProgram('src/start.ts', {
      DATA_DIR: directory,
      DISCORD_TOKEN: 'x',
      DISCORD_API_URL: 'http://127.0.0.1:9',
      ALLOWED_GUILDS: '*',
      PROVIDERS: 'main=4allapi',
      PROVIDER_MAIN_API_KEY: 'x',
      ADMIN_PORT: '0',
      CHECK_ON_START: 'off',
    });
    // Nobody is at the address of its Discord, which a bot that starts says.
    await Promise.race([program.exited, program.line('ECONNREFUSED').catch(() => undefined)]);
    await program.end('SIGKILL');
    return program.lines.join('\n');
  }
});
