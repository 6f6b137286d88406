import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import {
  animation,
  asStoredBy,
  cornersOf,
  fixture,
  quarters,
  withoutScanRange,
  withPngSize,
} from '../helpers/files.ts';
import { labelsOf, quick, textOf, useSandbox } from '../helpers/whole.ts';

/** The pictures in one submit, as a midjourney-proxy gets them. */
function received(body: Readonly<Record<string, unknown>> = {}): { type: string; bytes: Buffer }[] {
  return (body['base64Array'] as string[]).map((text) => {
    const [, type = '', base64 = ''] = /^data:([^;]+);base64,(.+)$/.exec(text) ?? [];
    return { type, bytes: Buffer.from(base64, 'base64') };
  });
}

describe('reference pictures at 4allapi', () => {
  const whole = useSandbox({ kind: '4allapi' });

  /** What the gateway got for an attachment. */
  async function send(name: string, bytes: Buffer, contentType = 'image/jpeg') {
    await whole.sandbox.startBot(quick);
    await whole.picture(await whole.imagine('the same', { image1: { name, bytes, contentType } }));
    const [first] = received(whole.sandbox.provider.submits[0]?.body);
    if (first === undefined) throw new Error('no picture arrived');
    return first;
  }

  it('arrive upright and within 4 MB, although a phone stored them on their side', async () => {
    const portrait = await asStoredBy(await quarters(1_800, 2_400, { hasNoise: true }), 6, 100);
    expect(await sharp(portrait).metadata()).toMatchObject({ width: 2_400, height: 1_800, orientation: 6 });
    expect(portrait.length).toBeGreaterThan(4_000_000);
    const { bytes } = await send('portrait.jpg', portrait);
    expect(bytes.length).toBeLessThanOrEqual(4_000_000);
    const { width = 0, height = 0, orientation = 1 } = await sharp(bytes).metadata();
    expect([width < height, orientation]).toEqual([true, 1]);
    expect(await cornersOf(bytes)).toEqual(['red', 'lime', 'blue', 'white']);
  });

  it('arrive as stills, although they have twelve pages', async () => {
    const { type, bytes } = await send('dance.gif', await animation('gif', 64, 12), 'image/gif');
    const { pages = 1, width, height } = await sharp(bytes).metadata();
    expect([pages, width, height]).toEqual([1, 64, 64]);
    expect(type).toBe('image/jpeg');
  });

  it('arrive unchanged if only a strict decoder would mind', async () => {
    const photo = withoutScanRange(await (await quarters(64, 48)).jpeg().toBuffer());
    expect((await send('samsung.jpg', photo)).bytes).toEqual(photo);
  });

  it('are judged by their bytes, not by their name and type', async () => {
    const photo = await (await quarters(64, 48)).webp().toBuffer();
    expect(await send('photo.png', photo, 'image/png')).toEqual({ type: 'image/webp', bytes: photo });
  });

  it('are refused before anything is charged if Discord says that they are HEIC', async () => {
    await whole.sandbox.startBot(quick);
    const image1 = { name: 'photo.heic', bytes: await fixture('still.heic'), contentType: 'image/heic' };
    const message = await whole.reply(await whole.imagine('the same', { image1 }), 'HEIC');
    expect(message.content).toBe(
      "The bot can't read HEIC files like `photo.heic`. Please send JPEG, PNG, WebP, GIF, or AVIF instead.",
    );
    expect(await whole.points()).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toHaveLength(0);
  });

  it.each([
    ['a HEIC', () => fixture('still.heic'), 'HEIC files like'],
    ['a film', () => fixture('film.mp4'), 'MP4 files like'],
    ['an SVG', async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), 'SVG files like'],
    [
      'no pixels',
      async () => withPngSize(await (await quarters(8, 8)).png().toBuffer(), 0, 0),
      "couldn't read",
    ],
    [
      'more pixels than the bot takes',
      async () => withPngSize(await (await quarters(8, 8)).png().toBuffer(), 50_000, 50_000),
      'more pixels than the bot takes',
    ],
  ])('cost nothing if they claim to be PNG and are %s', async (_what, make, sentence) => {
    await whole.sandbox.startBot(quick);
    const image1 = { name: 'photo.png', bytes: await make(), contentType: 'image/png' };
    await whole.reply(await whole.imagine('the same', { image1 }), sentence);
    expect(await whole.points()).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toHaveLength(0);
  });
});

describe("reference pictures that can't be fetched", () => {
  const whole = useSandbox({ kind: '4allapi' });

  it('are gone for good once Discord has deleted them, and Try again says so, for free', async () => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('submit', { do: 'refuse', as: 'banned' });
    const image1 = { name: 'photo.png', bytes: await (await quarters(8, 8)).png().toBuffer() };
    const refused = await whole.end(await whole.imagine('the same', { image1 }));
    whole.sandbox.discord.forgetUploads();
    const again = await whole.end(await whole.press(refused, 'Try again'));
    expect(textOf(again)).toContain(
      'Discord no longer has `photo.png`. Please run the command again with the image.',
    );
    expect(textOf(again)).toContain('Your 100 points are back.');
    expect(await whole.points()).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toHaveLength(0); // a refused one doesn't count
  });

  it('are named by the address that somebody entered', async () => {
    await whole.sandbox.startBot(quick);
    await whole.reply(
      await whole.run('describe', { url: 'https://192.168.1.1/photo.png' }),
      "The bot couldn't download `photo.png` from its link. Check that the link works for anyone",
    );
    expect(await whole.points()).toBe('2,000 points');
  });
});

describe('reference pictures at acedata, which fetches them itself', () => {
  const whole = useSandbox({ kind: 'acedata' });

  it('are refused if they would have to be converted', async () => {
    await whole.sandbox.startBot(quick);
    const image1 = { name: 'photo.avif', bytes: await fixture('still.avif'), contentType: 'image/avif' };
    const asked = await whole.imagine('the same', { image1 });
    const refused = await whole.reply(
      asked,
      "This bot's provider doesn't take AVIF files like `photo.avif`. Please send JPEG, PNG, WebP, or GIF instead.",
    );
    expect(refused.visibleTo?.id).toBe(asked.person.id);
    expect(await whole.points()).toBe('2,000 points');
    expect(whole.sandbox.provider.submits).toHaveLength(0);
  });
});

describe('a result that is AVIF', async () => {
  const whole = useSandbox({ kind: '4allapi', provider: { picture: await fixture('still.avif') } });

  it('is shown as a picture', async () => {
    await whole.sandbox.startBot(quick);
    const message = await whole.picture(await whole.imagine('a fox'));
    const [file] = message.attachments;
    expect(file).toMatchObject({ contentType: 'image/jpeg', width: 96, height: 64 });
    expect(file?.name).toBe('relay-a-fox.jpg');
    expect(file?.description).toBe('a fox');
  });
});

describe("a result that the bot can't decode", async () => {
  const whole = useSandbox({ kind: '4allapi', provider: { picture: await fixture('still.heic') } });

  it('is passed on as a file, and named', async () => {
    await whole.sandbox.startBot(quick);
    const message = await whole.picture(await whole.imagine('a fox'));
    expect(message.attachments[0]?.name).toMatch(/^relay-.+\.heic$/);
    expect(message.attachments[0]?.bytes).toEqual(await fixture('still.heic'));
    expect(textOf(message)).toContain("Discord can't show HEIC files. Download it to see it.");
  });
});

describe('a result inside its own address', async () => {
  const picture = await (await quarters(64, 48)).png().toBuffer();
  const address = `data:image/png;base64,${picture.toString('base64')}`;
  const whole = useSandbox({ kind: 'aigc2d', provider: { alterAddress: () => address } });

  it('is shown, and its address appears nowhere', async () => {
    const bot = await whole.sandbox.startBot({ ...quick, LOG_LEVEL: 'trace' });
    const message = await whole.picture(await whole.imagine('a fox'));
    const pixelsOf = (file: Buffer) => sharp(file).raw().toBuffer();
    expect(await pixelsOf(message.attachments[0]?.bytes ?? Buffer.alloc(0))).toEqual(await pixelsOf(picture));
    const exported = await whole.picture(await whole.run('account export'));
    await bot.line('"msg":"delivered"');
    await bot.end('SIGTERM');
    const start = address.slice(0, 60);
    const { discord, dataDirectory } = whole.sandbox;
    const sent = discord.requests.map(({ body }) => JSON.stringify(body ?? ''));
    for (const text of [...bot.lines, ...sent, String(exported.attachments[0]?.bytes)])
      expect(text).not.toContain(start);
    const database = new DatabaseSync(join(dataDirectory, 'relay.db'), { readOnly: true });
    const rows = JSON.stringify(database.prepare('select * from tasks').all());
    database.close();
    expect(rows).toContain('a fox');
    expect(rows).not.toContain(start);
  });
});

describe('four separate pictures, one of them late', () => {
  const whole = useSandbox({ kind: 'apixo' });

  it.each([
    ["isn't there yet", { do: 'answer', status: 404, body: '' }],
    ['is a page that asks to wait', { do: 'garble', how: 'html' }],
    ['breaks off', { do: 'garble', how: 'cut-short' }],
  ] as const)('are shown without one that %s, and with it once it is there', async (_what, fault) => {
    await whole.sandbox.startBot(quick);
    whole.sandbox.provider.trouble.next('picture', fault);
    const started = await whole.imagine('a fox');
    const set = await whole.reply(started, "The bot couldn't show image 1");
    const [{ bytes: first } = { bytes: Buffer.alloc(0) }] = set.attachments;
    const isWhole = () => (textOf(started.message).includes("couldn't show") ? undefined : started.message);
    const complete = await whole.sandbox.discord.until(isWhole, { what: 'the whole set', timeoutMs: 15_000 });
    expect(complete.attachments).toHaveLength(1);
    expect(complete.attachments[0]?.bytes).not.toEqual(first);
    expect(labelsOf(complete)).toContain('U1');
  });
});

describe('four separate pictures', () => {
  const whole = useSandbox({
    kind: 'apixo',
    provider: {
      // The second one is what some Samsung phones write, the third can't be read at all.
      alterPicture: async (drawn, number) => {
        if (number === 1) return withoutScanRange(await sharp(drawn).jpeg().toBuffer());
        return number === 2 ? drawn.subarray(0, 30) : drawn;
      },
    },
  });

  it('lose only the broken one, and say so', async () => {
    await whole.sandbox.startBot(quick);
    const set = await whole.picture(await whole.imagine('a fox'));
    expect(textOf(set)).toContain("The bot couldn't show image 3");
    expect(set.attachments).toHaveLength(1);
    const grid = set.attachments[0]?.bytes ?? Buffer.alloc(0);
    const { width = 0, height = 0 } = await sharp(grid).metadata();
    const spread = async (left: number, top: number) => {
      const size = { width: Math.floor(width / 2) - 4, height: Math.floor(height / 2) - 4 };
      const tile = await sharp(grid)
        .extract({ left: left + 2, top: top + 2, ...size })
        .png()
        .toBuffer();
      return (await sharp(tile).stats()).entropy;
    };
    expect(await spread(0, height / 2)).toBeLessThan(0.5);
    for (const [left, top] of [
      [0, 0],
      [width / 2, 0],
      [width / 2, height / 2],
    ] as const)
      expect(await spread(left, top)).toBeGreaterThan(2);
    expect(await whole.points()).toBe('1,900 points');
    const single = await whole.picture(await whole.press(set, 'U2'));
    expect(labelsOf(single)).toContain('Variations');
    expect(single.attachments[0]?.contentType).toBe('image/jpeg');
  });
});

describe('four clips, one of them larger than Discord allows here', () => {
  const whole = useSandbox({
    kind: 'apixo',
    provider: {
      alterPicture: async (_drawn, number) => {
        const film = await fixture('film.mp4');
        return number === 2 ? Buffer.concat([film, Buffer.alloc(11 * 1024 * 1024)]) : film;
      },
    },
  });

  it('are attached except for that one, which is named', async () => {
    await whole.sandbox.startBot(quick);
    const set = await whole.picture(await whole.imagine('a fox'));
    const names = set.attachments.map(({ name }) => name.replace('relay-a-fox', ''));
    expect(names).toEqual(['.mp4', '-2.mp4', '-4.mp4']);
    expect(textOf(set)).toContain("The bot couldn't show image 3");
    expect(await whole.points()).toBe('1,900 points');
  });
});

describe('four clips that fit one by one, but not into one request', () => {
  const whole = useSandbox({
    kind: 'apixo',
    provider: {
      alterPicture: async () => Buffer.concat([await fixture('film.mp4'), Buffer.alloc(8 * 1024 * 1024)]),
    },
  });

  it('are attached as far as Discord allows', async () => {
    await whole.sandbox.startBot(quick);
    const set = await whole.picture(await whole.imagine('a fox'));
    expect(set.attachments).toHaveLength(3);
    expect(textOf(set)).toContain("The bot couldn't show image 1");
    expect(await whole.points()).toBe('1,900 points');
  });
});
