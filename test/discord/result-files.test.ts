import { pino } from 'pino';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createLoadResult, nameAfterTask } from '../../src/discord/result-files.ts';
import { DownloadError } from '../../src/images/download.ts';
import { unlimited } from '../../src/tasks/byte-budget.ts';
import { animation, cornersOf, fixture, quarters } from '../helpers/files.ts';
import { aTask } from '../helpers/tasks.ts';

const gap = new DownloadError('the file server answered 404', 'unavailable');
const tile = (background: string) =>
  sharp({ create: { width: 30, height: 20, channels: 3, background } })
    .png()
    .toBuffer();

const log = pino({ level: 'silent' });
function load(
  opened: (Buffer | DownloadError)[],
  {
    id = '_-id',
    limitBytes = 1_000_000,
    kind = 'picture' as 'picture' | 'video',
    prompt = '',
    wantsMetadata = async () => false,
  } = {},
) {
  const media = opened.map((_, index) => ({ kind, url: `https://p.example/${index}` }));
  const results = { openEach: async () => opened, open: async () => [], isAvailable: async () => true };
  const request = { ...aTask().request, prompt };
  const task = aTask({ id, state: 'done', request, result: { media, offers: [] } });
  return createLoadResult({ results, loadDescribed: async () => undefined, wantsMetadata, log })(
    task,
    limitBytes,
    unlimited,
  );
}

const bytesOf = (file: { data: unknown } | undefined) => file?.data as Buffer;

describe('files of a result', () => {
  it.each(['abc', '_abc', '-abc', '__-_', 'trailing_'])(
    "have our name, then the task's if there are no words: %s",
    async (id) => {
      const { files, shown } = await load([await tile('red'), await tile('lime')], { id });
      expect(files.map(({ name }) => name)).toEqual([`relay-${id}.png`, `relay-${id}-2.png`]);
      expect(shown).toEqual({ as: 'files', names: [`relay-${id}.png`, `relay-${id}-2.png`] });
    },
  );

  it.each([
    ['a red fox in the snow --ar 16:9 --s 250', 'relay-a-red-fox-in-the-snow'],
    ['https://p.example/secret.png Ein Fuchs, größer!', 'relay-ein-fuchs-gro-er'],
    ['SPOILER_../../etc/passwd "x"; rm -rf', 'relay-spoiler-etc-passwd-x-rm-rf'],
    [`${'long '.repeat(30)}`, 'relay-long-long-long-long-long-long-long-long'],
    ['w'.repeat(60), `relay-${'w'.repeat(40)}`],
    ['赤い狐', 'relay-_-id'],
    ['--tile', 'relay-_-id'],
  ])('are named after the words of %j', async (prompt, name) => {
    const { files } = await load([await tile('red')], { prompt });
    expect(files.map((file) => file.name)).toEqual([`${name}.png`]);
  });

  it("have the task's name again where Discord refuses the words", async () => {
    const loaded = await load([await tile('red'), await tile('lime')], { prompt: 'a fox' });
    const { files, shown } = nameAfterTask(aTask({ id: '_-id' }), loaded);
    expect(files.map(({ name }) => name)).toEqual(['relay-_-id.png', 'relay-_-id-2.png']);
    expect(shown).toMatchObject({ names: ['relay-_-id.png', 'relay-_-id-2.png'] });
    expect(files.map(({ data }) => data)).toEqual(loaded.files.map(({ data }) => data));
  });

  it.each([
    ['film.mp4', 'mp4', 'video/mp4'],
    ['film.webm', 'webm', 'video/webm'],
    ['film.mov', 'mov', 'video/quicktime'],
    ['still.heic', 'heic', 'image/heic'],
    ['sequence.avif', 'avif', 'image/avif'],
  ])(
    'that are passed on keep their bytes and get the right type: %s',
    async (name, extension, contentType) => {
      const bytes = await fixture(name);
      const { files } = await load([bytes]);
      expect(files).toEqual([{ name: `relay-_-id.${extension}`, data: bytes, contentType }]);
    },
  );

  it("that Discord can't show are named", async () => {
    expect((await load([await fixture('still.heic')])).shown).toMatchObject({ notShown: 'HEIC' });
    expect((await load([await fixture('film.webm')])).shown).not.toHaveProperty('notShown');
    expect((await load([await fixture('still.avif')])).shown).not.toHaveProperty('notShown');
  });

  it('become an address if none fits', async () => {
    const { shown, files } = await load([await fixture('film.mp4')], { limitBytes: 10 });
    expect([shown, files]).toEqual([{ as: 'link' }, []]);
  });
});

describe('a set', () => {
  const set = () => Promise.all(['red', 'lime', 'blue', 'white'].map(tile));

  it('of four stills is one grid', async () => {
    const { files, shown } = await load(await set());
    expect(shown).toEqual({ as: 'files', names: ['relay-_-id.jpg'] });
    expect(await cornersOf(bytesOf(files[0]))).toEqual(['red', 'lime', 'blue', 'white']);
  });

  it.each([
    ["can't be decoded", async () => (await tile('blue')).subarray(0, 20)],
    ['is another kind of broken', async () => (await fixture('still.avif')).subarray(0, 400)],
  ])('with one picture that %s is a grid of the others', async (_what, make) => {
    const [one, two, , four] = await set();
    const { files, shown, gap: open } = await load([one, two, await make(), four] as Buffer[]);
    expect(shown).toEqual({ as: 'files', names: ['relay-_-id.jpg'], missing: [2] });
    expect(await cornersOf(bytesOf(files[0]))).toEqual(['red', 'lime', '?', 'white']);
    expect(open).toBeUndefined();
  });

  it("with one picture that couldn't be fetched is a grid of the others, for now", async () => {
    const [one, two, three] = await set();
    const loaded = await load([one, two, three, gap] as Buffer[]);
    expect(loaded).toMatchObject({ shown: { missing: [3] }, gap });
    expect(await cornersOf(bytesOf(loaded.files[0]))).toEqual(['red', 'lime', 'blue', '?']);
  });

  it("that couldn't be fetched at all says so", async () => {
    await expect(load([gap, gap, gap, gap])).rejects.toBe(gap);
  });

  it('of animations remains four animations', async () => {
    const four = await Promise.all([1, 2, 3, 4].map(() => animation('webp', 16)));
    const { files } = await load(four);
    expect(files.map(({ data }) => data)).toEqual(four);
  });

  it("with something other than pictures isn't a grid", async () => {
    const [one, two, three] = await set();
    const { files } = await load([one, two, three, await fixture('film.mp4')] as Buffer[]);
    expect(files.map(({ contentType }) => contentType)).toEqual([
      ...['image/png', 'image/png', 'image/png'],
      'video/mp4',
    ]);
  });

  it('of only broken pictures passes them on unchanged', async () => {
    const broken = (await (await quarters(40, 40)).jpeg().toBuffer()).subarray(0, 90);
    const { files } = await load([broken, broken, broken, broken]);
    expect(files.map(({ data }) => data)).toEqual([broken, broken, broken, broken]);
  });
});

describe("pictures that aren't a set of four", () => {
  it.each([
    [2, 'png'],
    [3, 'jpg'],
    [5, 'jpg'],
  ])(
    'are all attached, made smaller if they fit one by one but not together: %i',
    async (count, extension) => {
      const picture = await (await quarters(80, 60, { hasNoise: true }))
        .png({ compressionLevel: 0 })
        .toBuffer();
      const limitBytes = picture.length + 100;
      const { files, shown } = await load(
        Array.from({ length: count }, () => picture),
        { limitBytes },
      );
      expect(files.map(({ name }) => name.split('.')[1])).toEqual(Array(count).fill(extension));
      expect(shown).not.toHaveProperty('missing');
      const bytes = files.reduce((sum, file) => sum + bytesOf(file).length, 0);
      expect(bytes).toBeLessThanOrEqual(2.5 * limitBytes);
    },
  );
});

describe('a set of videos', () => {
  /** A film of that many bytes: what follows its boxes is ignored. */
  const filmOf = async (bytes: number) => {
    const film = await fixture('film.mp4');
    return Buffer.concat([film, Buffer.alloc(bytes - film.length)]);
  };
  const names = (...numbers: number[]) =>
    numbers.map((number) => `relay-_-id${number === 1 ? '' : `-${number}`}.mp4`);

  it.each([
    ['that fits', [3, 3, 3], names(1, 2, 3), undefined],
    ['that fits to the byte', [10, 10, 5], names(1, 2, 3), undefined],
    ['with one that is too large', [3, 3, 11, 3], names(1, 2, 4), [2]],
    ['with a first one that is too large', [11, 3, 3, 3], names(2, 3, 4), [0]],
    ["with only one that isn't too large", [11, 12, 3, 13], names(3), [0, 1, 3]],
    ['that fit one by one, but not into one request', [8, 8, 9, 8], names(1, 2, 4), [2]],
    ['with one that is too large for the rest', [6, 6, 6, 9], names(1, 2, 3), [3]],
  ])('%s is attached up to the limit', async (_what, kilobytes, attached, missing) => {
    const films = await Promise.all(kilobytes.map((size) => filmOf(size * 1_000)));
    const { files, shown } = await load(films, { limitBytes: 10_000, kind: 'video' });
    expect(files.map(({ name }) => name)).toEqual(attached);
    expect(shown).toEqual({ as: 'files', names: attached, ...(missing === undefined ? {} : { missing }) });
  });

  it('may be as large as one file may, if that is more than Discord promises', async () => {
    const large = await filmOf(30 * 1024 * 1024);
    expect((await load([large], { limitBytes: 50 * 1024 * 1024 })).files).toHaveLength(1);
    const two = await load([large, await filmOf(3_000)], { limitBytes: 30 * 1024 * 1024 });
    expect(two.shown).toMatchObject({ names: names(2), missing: [0] });
  });

  it('of files that all are too large is a link to each', async () => {
    const films = await Promise.all([11, 12].map((size) => filmOf(size * 1_000)));
    const { files, shown } = await load(films, { limitBytes: 10_000, kind: 'video' });
    expect([files, shown]).toEqual([[], { as: 'link' }]); // which lists all their addresses
  });

  it('with pictures makes the pictures smaller first', async () => {
    const picture = await (await quarters(80, 60, { hasNoise: true }))
      .png({ compressionLevel: 0 })
      .toBuffer();
    const films = await Promise.all([12, 12].map((size) => filmOf(size * 1_000)));
    const { shown } = await load([picture, ...films], { limitBytes: 14_500 });
    expect(shown).toEqual({
      as: 'files',
      names: ['relay-_-id.jpg', ...names(2, 3)],
    });
  });

  it.each(['unavailable', 'blocked', 'malformed', 'too-large'] as const)(
    'with one that is %s contains the others',
    async (trouble) => {
      const film = await filmOf(3_000);
      const error = new DownloadError('no file', trouble);
      const loaded = await load([film, error, film, film], { limitBytes: 10_000, kind: 'video' });
      expect(loaded).toMatchObject({ shown: { names: names(1, 3, 4), missing: [1] }, gap: error });
    },
  );

  it('is waited for if a missing one may still come', async () => {
    const blocked = new DownloadError('the address is not public', 'blocked');
    expect(await load([blocked, await filmOf(3_000), gap])).toMatchObject({
      gap,
      shown: { missing: [0, 2] },
    });
    await expect(load([blocked, gap])).rejects.toBe(gap);
  });
});

describe('the files of somebody who wants them to say how they were made', () => {
  const wantsMetadata = async () => true;
  const xmpOf = async (file: { data: unknown } | undefined) =>
    (await sharp(bytesOf(file)).metadata()).xmp?.toString() ?? '';

  it('have the prompt and the task, and the picture as it came', async () => {
    const original = await tile('red');
    const { files } = await load([original], { id: 'task-1', prompt: 'a fox --ar 3:2', wantsMetadata });
    expect(await xmpOf(files[0])).toContain('a fox --ar 3:2');
    expect(await xmpOf(files[0])).toContain('task-1');
    expect(await sharp(bytesOf(files[0])).raw().toBuffer()).toEqual(await sharp(original).raw().toBuffer());
  });

  it('name nobody, no place, and no API', async () => {
    const { files } = await load([await tile('red')], { prompt: 'a fox', wantsMetadata });
    const task = aTask();
    const { userId, book, place } = task.origin;
    const secrets = [userId, book, place.channelId, task.account, 'p.example', ...(place.guildId ?? [])];
    for (const secret of secrets.filter((one) => one.length > 4))
      expect(bytesOf(files[0]).includes(secret), secret).toBe(false);
  });

  it('have it in a grid of four, and in each of several', async () => {
    const four = await Promise.all(['red', 'lime', 'blue', 'white'].map(tile));
    const { files: grid } = await load(four, { prompt: 'a fox', wantsMetadata });
    expect(grid).toHaveLength(1);
    expect(await xmpOf(grid[0])).toContain('a fox');
    const { files } = await load(four.slice(0, 2), { prompt: 'a fox', wantsMetadata });
    expect(await Promise.all(files.map(xmpOf))).toEqual([
      expect.stringContaining('a fox'),
      expect.stringContaining('a fox'),
    ]);
  });

  it('stay as large as allowed: a file that fits only without it has none, and is no smaller', async () => {
    const noise = { type: 'gaussian' as const, mean: 120, sigma: 40 };
    const original = await sharp({ create: { width: 60, height: 60, channels: 3, background: 'red', noise } })
      .png()
      .toBuffer();
    const limitBytes = original.length + 100;
    const { files } = await load([original], { prompt: 'a fox', limitBytes, wantsMetadata });
    expect(bytesOf(files[0])).toEqual(original);
  });

  it('are delivered as they came if nobody can say what the person wants', async () => {
    const original = await tile('red');
    const fails = async () => Promise.reject(new Error('the disk is full'));
    const { files } = await load([original], { prompt: 'a fox', wantsMetadata: fails });
    expect(bytesOf(files[0])).toEqual(original);
  });
});

describe('the files of somebody who does not want that', () => {
  it('have no prompt, not even one that their maker had written into them', async () => {
    const made = await load([await tile('red')], { prompt: 'a fox', wantsMetadata: async () => true });
    const { files } = await load([bytesOf(made.files[0])], { prompt: 'a fox' });
    expect(bytesOf(files[0]).includes('a fox')).toBe(false);
  });
});
