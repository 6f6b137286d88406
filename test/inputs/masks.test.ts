import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DownloadError } from '../../src/images/download.ts';
import { createLoadMask } from '../../src/inputs/masks.ts';
import type { InputPicture, Region, Task, TaskRequest } from '../../src/task.ts';
import { asStoredBy, fixture } from '../helpers/files.ts';
import { aTask } from '../helpers/tasks.ts';
import { holdTimeLimits, never, type TimeLimits } from '../helpers/time-limits.ts';

const parent = aTask({ state: 'done' });
const plain = (width: number, height: number, background = 'gray') =>
  sharp({ create: { width, height, channels: 3, background } });
/** White at the visible top, 20 × 30. */
const painted = sharp(
  await plain(20, 30, 'black')
    .composite([
      { input: { create: { width: 20, height: 10, channels: 3, background: 'white' } }, left: 0, top: 0 },
    ])
    .png()
    .toBuffer(),
);

async function draw(region: Region, original: Buffer | DownloadError, picture?: Buffer | DownloadError) {
  const orThrow = (file: Buffer | DownloadError | undefined) => {
    if (file instanceof Buffer) return file;
    throw file;
  };
  const loadMask = createLoadMask({
    results: {
      open: async () => [orThrow(original)],
      openEach: async () => [],
      isAvailable: async () => true,
    },
    database: { tasks: { get: async () => parent } as never },
    fromDiscord: async () => orThrow(picture),
    fromLink: async () => Promise.reject(new Error('it is no link')),
  });
  const request = { ...aTask().request, region };
  return loadMask(aTask({ parentId: parent.id, request }), AbortSignal.timeout(10_000));
}

async function rowsOf(bytes: Buffer): Promise<{ size: number[]; rows: string }> {
  const { data, info } = await sharp(bytes).greyscale().raw().toBuffer({ resolveWithObject: true });
  const rows = Array.from({ length: info.height }, (_, y) => (data[y * info.width] === 255 ? '#' : '.'));
  return { size: [info.width, info.height], rows: rows.join('') };
}

describe('a mask that a task needs again', () => {
  const original = plain(20, 30).png().toBuffer();

  /** Loads a mask of that picture for those tasks in turn; returns how often the picture was fetched. */
  async function fetchedFor(taskIds: readonly string[]): Promise<number> {
    let fetched = 0;
    const loadMask = createLoadMask({
      results: {
        open: async () => {
          fetched += 1;
          return [await original];
        },
        openEach: async () => [],
        isAvailable: async () => true,
      },
      database: { tasks: { get: async () => parent } as never },
      fromDiscord: async () => original,
      fromLink: async () => original,
    });
    const request = { ...aTask().request, region: { cells: [1, 2, 3] } };
    for (const id of taskIds) {
      const mask = await loadMask(aTask({ id, parentId: parent.id, request }), AbortSignal.timeout(10_000));
      expect((await rowsOf(mask?.bytes ?? Buffer.alloc(0))).rows).toBe('#'.repeat(10) + '.'.repeat(20));
    }
    return fetched;
  }

  it('is drawn once', async () => expect(await fetchedFor(['one', 'one', 'two', 'one'])).toBe(2));

  it('is drawn again after twenty others', async () => {
    const others = Array.from({ length: 20 }, (_, index) => `task-${index}`);
    expect(await fetchedFor(['one', ...others.slice(1), 'one'])).toBe(20);
    expect(await fetchedFor(['one', ...others, 'one'])).toBe(22);
  });
});

const byPicture: Region = { cells: [], picture: { url: 'https://cdn.example/mask', name: 'mask.png' } };

describe("a mask's file", () => {
  let limits: TimeLimits;
  beforeEach(() => {
    limits = holdTimeLimits();
  });
  afterEach(() => limits.restore());

  it('must arrive at a minimum speed, within ten seconds', async () => {
    const asked: unknown[] = [];
    const loadMask = createLoadMask({
      results: {
        open: async () => [await plain(20, 30).png().toBuffer()],
        openEach: async () => [],
        isAvailable: async () => true,
      },
      database: { tasks: { get: async () => parent } as never },
      fromDiscord: (_url, { signal, slowest }) => {
        asked.push(slowest);
        return never(signal);
      },
      fromLink: async () => Promise.reject(new Error('it is no link')),
    });
    const region = { cells: [], picture: { url: 'https://cdn.example/mask.png', name: 'mask.png' } };
    const task = aTask({ parentId: parent.id, request: { ...aTask().request, region } });
    const drawn = loadMask(task, new AbortController().signal).catch((error: unknown) => error);
    const [limit] = await limits.take();
    expect(limit?.ms).toBe(10_000);
    await limit?.end();
    expect(await drawn).toBeInstanceOf(Error);
    expect(asked).toEqual([{ bytesPerSecond: 32 * 1_024, afterMs: 3_000 }]);
  });
});

describe("a region's mask", () => {
  it('has the size of the picture that people see', async () => {
    const stored = await asStoredBy(plain(20, 30), 6);
    expect(await sharp(stored).metadata()).toMatchObject({ width: 30, height: 20 });
    const mask = await draw({ cells: [1, 2, 3] }, stored);
    expect(await rowsOf(mask?.bytes ?? stored)).toEqual({
      size: [20, 30],
      rows: '#'.repeat(10) + '.'.repeat(20),
    });
  });

  it.each([1, 3, 6, 8])(
    'is the right way up, for a picture stored with EXIF orientation %i',
    async (orientation) => {
      const original = await plain(20, 30).png().toBuffer();
      const mask = await draw(byPicture, original, await asStoredBy(painted, orientation, 100));
      expect(await rowsOf(mask?.bytes ?? original)).toEqual({
        size: [20, 30],
        rows: '#'.repeat(10) + '.'.repeat(20),
      });
    },
  );

  it.each([
    [
      'a HEIC',
      () => fixture('still.heic'),
      { code: 'picture-type', details: { name: 'mask.png', type: 'HEIC' } },
    ],
    ['an SVG', async () => Buffer.from('<svg/>'), { code: 'picture-type', details: { type: 'SVG' } }],
    ['black', () => plain(9, 9, 'black').png().toBuffer(), { code: 'mask-empty' }],
    ['white', () => plain(9, 9, 'white').png().toBuffer(), { code: 'mask-full' }],
    ['nowhere', async () => new DownloadError('404', 'unavailable'), { code: 'picture-unreachable' }],
  ])('is refused by name if its picture is %s', async (_what, make, refusal) => {
    const drawn = draw(byPicture, await plain(20, 30).png().toBuffer(), await make());
    await expect(drawn).rejects.toMatchObject({ refusal });
  });

  it.each([
    ['is gone', async () => new DownloadError('404', 'unavailable')],
    ["can't be read", async () => (await plain(9, 9).jpeg().toBuffer()).subarray(0, 50)],
    ['is a film', () => fixture('film.mp4')],
  ])('is refused if its picture %s', async (_what, make) => {
    await expect(draw({ cells: [1] }, await make())).rejects.toMatchObject({
      refusal: { code: 'parent-picture-gone' },
    });
  });
});

describe('the mask of an edit', () => {
  const attached: InputPicture = { url: 'https://cdn.example/photo.png', name: 'photo.png' };
  const mask = { url: 'https://cdn.example/mask.png', name: 'mask.png' };

  const failed = aTask({ id: 'failed', state: 'failed' });

  function load(
    files: Readonly<Record<string, Buffer | DownloadError>>,
    changes: Partial<TaskRequest> = {},
    lineage: Pick<Task, 'parentId' | 'parentOffer'> = {},
  ) {
    const unused = async () => Promise.reject(new Error('no result is read'));
    const picture = changes.pictures?.[0] ?? attached;
    async function read(url: string, expected: readonly string[]): Promise<Buffer> {
      const file = files[url];
      if (!expected.includes(url)) throw new Error(`not asked for here: ${url}`);
      if (file instanceof Buffer) return file;
      throw file;
    }
    const loadMask = createLoadMask({
      results: { open: unused, openEach: async () => [], isAvailable: async () => true },
      database: { tasks: { get: async (id: string) => (id === failed.id ? failed : undefined) } as never },
      fromDiscord: (url) => read(url, picture.isLink === true ? [mask.url] : [picture.url, mask.url]),
      fromLink: (url) => read(url, picture.isLink === true ? [picture.url] : []),
    });
    const region = { cells: [], picture: mask };
    const request = { ...aTask().request, action: 'edit', pictures: [attached], region, ...changes } as const;
    return loadMask(aTask({ request, ...lineage }), AbortSignal.timeout(10_000));
  }

  it.each([
    ['the first time', {}, {}],
    ['after a failed try', {}, { parentId: failed.id, parentOffer: -1 }],
    ['if it is a link', { pictures: [{ ...attached, isLink: true }] }, {}],
  ])(
    'has the size of the picture that is edited, white where the mask is bright: %s',
    async (...[, changes, lineage]) => {
      const files = {
        [attached.url]: await plain(40, 60).png().toBuffer(),
        [mask.url]: await painted.clone().png().toBuffer(),
      };
      const drawn = await load(files, changes, lineage);
      expect(drawn?.type).toBe('image/png');
      expect(await rowsOf(drawn?.bytes ?? Buffer.alloc(0))).toEqual({
        size: [40, 60],
        rows: '#'.repeat(20) + '.'.repeat(40),
      });
    },
  );

  it('has the size of the part that is edited', async () => {
    const files = {
      [attached.url]: await plain(40, 60).png().toBuffer(),
      [mask.url]: await painted.clone().png().toBuffer(),
    };
    const drawn = await load(files, { pictures: [{ ...attached, quarter: 4 }] });
    expect(await sharp(drawn?.bytes).metadata()).toMatchObject({ width: 20, height: 30 });
  });

  it('is refused, by what is wrong with it, if it has another shape', async () => {
    const files = {
      [attached.url]: await plain(60, 40).png().toBuffer(),
      [mask.url]: await painted.clone().png().toBuffer(),
    };
    await expect(load(files)).rejects.toMatchObject({ refusal: { code: 'mask-shape' } });
  });

  it('is missing if none was given, or if it is not for an edit', async () => {
    expect(await load({}, { region: undefined as never })).toBeUndefined();
    expect(await load({}, { action: 'imagine' })).toBeUndefined();
  });

  it.each([
    ['the picture is gone', 'photo.png', { [mask.url]: plain(4, 4).png() }],
    ['the mask is gone', 'mask.png', { [attached.url]: plain(4, 4).png() }],
  ] as const)('is a sentence about the right file if %s', async (_what, name, there) => {
    const gone = new DownloadError('404', 'unavailable');
    const files: Record<string, Buffer | DownloadError> = { [attached.url]: gone, [mask.url]: gone };
    for (const [url, file] of Object.entries(there)) files[url] = await file.toBuffer();
    await expect(load(files)).rejects.toMatchObject({ refusal: { details: { name } } });
  });
});
