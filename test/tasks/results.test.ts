import { mkdir, readFile, truncate, unlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pino } from 'pino';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLoadResult } from '../../src/discord/result-files.ts';
import { type Download, DownloadError } from '../../src/images/download.ts';
import { createPictures } from '../../src/storage/pictures.ts';
import type { Task } from '../../src/task.ts';
import { unlimited } from '../../src/tasks/byte-budget.ts';
import { createResults, type Results } from '../../src/tasks/results.ts';
import { fixture } from '../helpers/files.ts';
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

const addresses = ['1', '2', '3', '4'].map((name) => `https://provider.example/set-${name}.png`);
/** Four separate pictures, and a pick of the third. */
const set = aTask({
  id: 'four-pictures-01',
  state: 'done',
  result: { media: addresses.map((url) => ({ kind: 'picture', url })), offers: [] },
});
const third = aTask({
  state: 'done',
  result: {
    media: (set.result?.media ?? []).slice(2, 3),
    offers: [],
    keptAs: set.id,
    keptIndex: 2,
  },
});

const log = pino({ level: 'silent' });

describe('results', () => {
  let files: Map<string, Buffer>;
  let asked: string[];
  /** On whose behalf a file was fetched: an account's, or the bot's own messages. */
  let purposes: string[];
  let ownFiles: string[];
  let picture: Buffer;
  let remove: () => Promise<void>;
  let results: Results;
  let directory: string;

  beforeEach(async () => {
    const folder = await aFolder();
    remove = folder.remove;
    directory = folder.path;
    picture = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    files = new Map([['https://provider.example/1.png', picture]]);
    asked = [];
    ownFiles = [];
    const tasks = { get: async (id: string) => [done, set].find((task) => task.id === id) };
    const downloadAs =
      (purpose: string): Download =>
      async (url) => {
        asked.push(url);
        purposes.push(purpose);
        const bytes = files.get(url);
        if (bytes === undefined) throw new DownloadError('the file server answered 404', 'unavailable');
        return bytes;
      };
    purposes = [];
    results = createResults({
      downloadOwn: downloadAs('own'),
      downloadFrom: downloadAs,
      pictures: await createPictures({
        directory: folder.path,
        days: 30,
        maxBytes: 1_000_000,
        clock: { now: Date.now },
      }),
      database: { tasks: tasks as never },
      readOwnFiles: async () => ownFiles,
      log,
    });
  });
  afterEach(() => remove());

  const fresh: Task = { ...done, origin: anOrigin() };

  it('are fetched once and kept', async () => {
    expect(await results.isAvailable(fresh)).toBe(false);
    expect(await results.open(fresh)).toEqual([picture]);
    expect(await results.open(fresh)).toEqual([picture]);
    expect(asked).toHaveLength(1);
    expect(purposes).toEqual([fresh.account]);
    expect(await results.isAvailable(copy)).toBe(true);
    expect(await results.open(copy)).toEqual([picture]);
    expect(asked).toHaveLength(1);
  });

  it('are read from their own message if they are no longer kept', async () => {
    ownFiles = ['https://cdn.example/own.png'];
    files = new Map([['https://cdn.example/own.png', picture]]);
    expect(await results.isAvailable(copy)).toBe(true);
    expect(await results.open(copy)).toEqual([picture]);
    expect(asked).toEqual(['https://cdn.example/own.png']);
    expect(purposes).toEqual(['own']);
  });

  it('of a pick are one picture of its set, kept with the others', async () => {
    const colors = ['red', 'lime', 'blue', 'white'];
    for (const [index, background] of colors.entries()) {
      const one = sharp({ create: { width: 8, height: 6, channels: 3, background } });
      files.set(addresses[index] ?? '', await one.png().toBuffer());
    }
    const pick = await results.open(third);
    expect(pick).toEqual([files.get(addresses[2] ?? '')]);
    files.clear();
    expect(await results.open(third)).toEqual(pick);
    const { shown, files: shownFiles } = await createLoadResult({
      results,
      loadDescribed: async () => undefined,
      wantsMetadata: async () => false,
      log,
    })(set, 1_000_000, unlimited);
    expect(shown).toEqual({ as: 'files', names: ['relay-a-fox.jpg'] });
    const { data, info } = await sharp(shownFiles[0]?.data as Buffer)
      .raw()
      .toBuffer({ resolveWithObject: true });
    expect([info.width, info.height]).toEqual([16, 12]);
    const pixelAt = (x: number, y: number) => [...data.subarray((y * 16 + x) * 3, (y * 16 + x) * 3 + 3)];
    const isNear = (pixel: number[], color: number[]) =>
      pixel.every((value, index) => Math.abs(value - (color[index] ?? 0)) < 40);
    expect(isNear(pixelAt(2, 2), [255, 0, 0])).toBe(true);
    expect(isNear(pixelAt(13, 2), [0, 255, 0])).toBe(true);
    expect(isNear(pixelAt(2, 9), [0, 0, 255])).toBe(true);
    expect(isNear(pixelAt(13, 9), [255, 255, 255])).toBe(true);
  });

  it("of a set without one that can't be fetched are the others, which are kept", async () => {
    for (const url of addresses.slice(0, 3)) files.set(url, picture);
    const opened = await results.openEach(set);
    expect(opened.slice(0, 3)).toEqual([picture, picture, picture]);
    expect(opened[3]).toMatchObject({ name: 'DownloadError', message: 'the file server answered 404' });
    await expect(results.open(set)).rejects.toBeInstanceOf(DownloadError);
    expect(await results.open(third)).toEqual([picture]);
    files = new Map([[addresses[3] ?? '', picture]]);
    asked = [];
    expect(await results.open(set)).toEqual([picture, picture, picture, picture]);
    expect(asked).toEqual([addresses[3]]);
  });

  it.each(['still.heic', 'still.avif', 'film.webm', 'film.mov'])('can be any media: %s', async (name) => {
    const bytes = await fixture(name);
    files.set('https://provider.example/1.png', bytes);
    expect(await results.open(fresh)).toEqual([bytes]);
  });

  it.each(['<svg xmlns="http://www.w3.org/2000/svg"/>', '{"error":"gone"}', '%PDF-1.7'])(
    'are never anything else: %s',
    async (text) => {
      files.set('https://provider.example/1.png', Buffer.from(text));
      await expect(results.open(fresh)).rejects.toBeInstanceOf(DownloadError);
    },
  );

  describe('that were kept', () => {
    const pathOf = (task: Task) => join(directory, `${task.id}.0`);
    beforeEach(async () => {
      await results.open(fresh);
      asked = [];
    });

    it.each([
      ['empty', () => writeFile(pathOf(fresh), '')],
      ['zeros, as some file systems leave behind', () => writeFile(pathOf(fresh), Buffer.alloc(500))],
      ['a page', () => writeFile(pathOf(fresh), '<html>quarantined</html>')],
      ['cut', () => truncate(pathOf(fresh), picture.length - 13)],
      ['cut after a few bytes', () => truncate(pathOf(fresh), 3)],
      ['gone', () => unlink(pathOf(fresh))],
      [
        'in the way of reading it',
        async () => {
          await unlink(pathOf(fresh));
          await mkdir(pathOf(fresh));
        },
      ],
    ])('are fetched again if the file is %s', async (_what, damage) => {
      await damage();
      expect(await results.open(fresh)).toEqual([picture]);
      expect(asked).toEqual(['https://provider.example/1.png']);
    });

    it('are kept again then', async () => {
      await writeFile(pathOf(fresh), '');
      expect(await results.isAvailable(fresh)).toBe(false);
      await results.open(fresh);
      await results.open(fresh);
      expect(asked).toHaveLength(1);
      expect(await readFile(pathOf(fresh))).toEqual(picture);
      expect(await results.isAvailable(fresh)).toBe(true);
    });

    it('are still used as they are if they are cut and gone everywhere else', async () => {
      await truncate(pathOf(fresh), picture.length - 13);
      files.clear();
      expect(await results.open(fresh)).toEqual([picture.subarray(0, -13)]);
    });

    it('are unusable if nothing in them can be read and they are gone everywhere else', async () => {
      await writeFile(pathOf(fresh), Buffer.alloc(500));
      files.clear();
      await expect(results.open(fresh)).rejects.toBeInstanceOf(DownloadError);
      expect(await results.isAvailable(fresh)).toBe(false);
    });

    it.each(['film.mp4', 'film.webm', 'film.mov', 'film.avi', 'still.avif', 'still.heic', 'still.bmp'])(
      'are read from disk if they are complete: %s',
      async (name) => {
        await writeFile(pathOf(fresh), await fixture(name));
        expect(await results.open(fresh)).toEqual([await fixture(name)]);
        expect(asked).toEqual([]);
      },
    );
  });

  it('are unavailable if neither copy exists', async () => {
    expect(await results.isAvailable(copy)).toBe(false);
  });

  it('are never the web page that a file server shows instead', async () => {
    files.set('https://provider.example/1.png', Buffer.from('<html>wait</html>'));
    await expect(results.open(fresh)).rejects.toMatchObject({
      name: 'DownloadError',
      trouble: 'unavailable',
    });
    expect(await results.isAvailable(fresh)).toBe(false);
  });
});
