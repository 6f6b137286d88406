import { pino } from 'pino';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DownloadError } from '../../src/images/download.ts';
import { createPictures } from '../../src/storage/pictures.ts';
import type { Task } from '../../src/task.ts';
import { createResults, type Results } from '../../src/tasks/results.ts';
import { aFolder } from '../helpers/folder.ts';
import { anOrigin, aPlace, aTask } from '../helpers/tasks.ts';

const { token: _token, ...settledPlace } = aPlace({ messageId: '900' });
const done = aTask({
  id: 'a-finished-task1',
  state: 'done',
  origin: anOrigin({ place: settledPlace }),
  result: { media: [{ kind: 'picture', url: 'https://provider.example/1.png' }], offers: [] },
});
const copy = aTask({
  state: 'done',
  result: { media: done.result?.media ?? [], offers: [], keptAs: done.id },
});

describe('results', () => {
  let files: Map<string, Buffer>;
  let asked: string[];
  let ownFiles: string[];
  let picture: Buffer;
  let remove: () => Promise<void>;
  let results: Results;

  beforeEach(async () => {
    const folder = await aFolder();
    remove = folder.remove;
    picture = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    files = new Map([['https://provider.example/1.png', picture]]);
    asked = [];
    ownFiles = [];
    const tasks = { get: async (id: string) => (id === done.id ? done : undefined) };
    results = createResults({
      download: async (url) => {
        asked.push(url);
        const bytes = files.get(url);
        if (bytes === undefined) throw new DownloadError('the file server answered 404', false);
        return bytes;
      },
      pictures: await createPictures({
        directory: folder.path,
        days: 30,
        maxBytes: 1_000_000,
        clock: { now: Date.now },
      }),
      database: { tasks: tasks as never },
      readOwnFiles: async () => ownFiles,
      log: pino({ level: 'silent' }),
    });
  });
  afterEach(() => remove());

  const fresh: Task = { ...done, origin: anOrigin() };

  it('are fetched once and kept', async () => {
    expect(await results.isAvailable(fresh)).toBe(false);
    expect(await results.open(fresh)).toEqual([picture]);
    expect(await results.open(fresh)).toEqual([picture]);
    expect(asked).toHaveLength(1);
    expect(await results.isAvailable(copy)).toBe(true);
    expect(await results.open(copy)).toEqual([picture]);
    expect(asked).toHaveLength(1);
  });

  it('are read from the own message where they are not kept any more', async () => {
    ownFiles = ['https://cdn.example/own.png'];
    files = new Map([['https://cdn.example/own.png', picture]]);
    expect(await results.isAvailable(copy)).toBe(true);
    expect(await results.open(copy)).toEqual([picture]);
    expect(asked).toEqual(['https://cdn.example/own.png']);
  });

  it('are not available where neither exists', async () => {
    expect(await results.isAvailable(copy)).toBe(false);
  });

  it('are not the page that a file server shows instead', async () => {
    files.set('https://provider.example/1.png', Buffer.from('<html>wait</html>'));
    await expect(results.open(fresh)).rejects.toMatchObject({ name: 'DownloadError', isFinal: false });
    expect(await results.isAvailable(fresh)).toBe(false);
  });
});
