import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { jpegWithScans } from '../../sandbox/pictures/bombs.ts';
import { providerKinds } from '../../src/config.ts';
import { DownloadError, type DownloadOptions } from '../../src/images/download.ts';
import { createLoadInput, findExpired } from '../../src/inputs/pictures.ts';
import { createPixelBudget } from '../../src/inputs/pixel-budget.ts';
import { type InputForm, mjProxyInputs } from '../../src/providers/provider.ts';
import type { Action, InputPicture } from '../../src/task.ts';
import { codeOf } from '../helpers/errors.ts';
import { animation, asStoredBy, cornersOf, fixture, quarters, withPngSize } from '../helpers/files.ts';
import { readFacts } from '../helpers/operations/table.ts';
import { createRelay, type Relay } from '../helpers/relay.ts';
import { aCaller } from '../helpers/tasks.ts';

const byAddress: InputForm = {
  by: 'address',
  types: ['image/jpeg', 'image/png', 'image/webp'],
  mostBytes: 100_000,
  takesAnimations: true,
};

function load(bytes: Buffer, form: InputForm, changes: Partial<InputPicture> = {}) {
  const input = createLoadInput({
    fromDiscord: async () => bytes,
    fromLink: () => Promise.reject(new Error('not a link')),
  });
  const picture = { url: 'https://cdn.example/1', name: 'photo', ...changes };
  return input(picture, form, AbortSignal.timeout(10_000));
}

const refusalOf = (bytes: Buffer, form: InputForm) =>
  load(bytes, form).then(
    () => undefined,
    (error: { refusal?: unknown }) => error.refusal,
  );

const small = async () => quarters(60, 40);

describe('a picture that is sent as bytes', () => {
  it.each([
    ['a JPEG', async () => (await small()).jpeg().toBuffer(), 'image/jpeg'],
    ['a JPEG stored on its side', async () => asStoredBy(await small(), 6), 'image/jpeg'],
    ['a PNG', async () => (await small()).png().toBuffer(), 'image/png'],
    ['a WebP', async () => (await small()).webp().toBuffer(), 'image/webp'],
    ['a GIF of one page', async () => (await small()).gif().toBuffer(), 'image/gif'],
    [
      'a JPEG without its end',
      async () => (await (await small()).jpeg().toBuffer()).subarray(0, -2),
      'image/jpeg',
    ],
  ])('is sent unchanged: %s', async (_what, make, type) => {
    const bytes = await make();
    expect(await load(bytes, mjProxyInputs)).toEqual({ bytes, type, url: 'https://cdn.example/1' });
  });

  it.each(['gif', 'webp'] as const)(
    'is sent as a still if the API accepts no animation: %s',
    async (format) => {
      const taken = await load(await animation(format, 64, 12), mjProxyInputs);
      expect((await sharp(taken.bytes).metadata()).pages ?? 1).toBe(1);
      expect(mjProxyInputs.types).toContain(taken.type);
    },
  );

  it('is sent as one of its quarters if only that is meant, the right way up', async () => {
    const stored = await asStoredBy(await small(), 6);
    const { bytes, type } = await load(stored, mjProxyInputs, { quarter: 3 });
    expect(type).toBe('image/png');
    expect(await sharp(bytes).metadata()).toMatchObject({ width: 30, height: 20 });
    expect(new Set(await cornersOf(bytes))).toEqual(new Set(['blue']));
  });

  it("is sent as another type if the API doesn't accept its own: AVIF", async () => {
    const taken = await load(await fixture('still.avif'), mjProxyInputs);
    expect(taken.type).toBe('image/jpeg');
    expect(await sharp(taken.bytes).metadata()).toMatchObject({ format: 'jpeg', width: 96, height: 64 });
  });

  it('is sent smaller if it is too large, and upright', async () => {
    const stored = await asStoredBy(await quarters(240, 360, { hasNoise: true }), 6);
    const taken = await load(stored, { ...mjProxyInputs, mostBytes: 30_000 });
    expect(taken.bytes.length).toBeLessThanOrEqual(30_000);
    const { width = 0, height = 0 } = await sharp(taken.bytes).metadata();
    expect(width).toBeLessThan(height);
    expect(await cornersOf(taken.bytes)).toEqual(['red', 'lime', 'blue', 'white']);
  });

  it("is sent unchanged if it can't be made a still: the API may still accept it", async () => {
    const broken = await withBrokenFrame();
    expect((await load(broken, mjProxyInputs)).bytes).toEqual(broken);
  });

  it.each([
    ['a HEIC', () => fixture('still.heic'), { code: 'picture-type', details: { type: 'HEIC' } }],
    ['a BMP', () => fixture('still.bmp'), { code: 'picture-type', details: { type: 'BMP' } }],
    [
      'an animated AVIF',
      () => fixture('sequence.avif'),
      { code: 'picture-type', details: { type: 'animated AVIF' } },
    ],
    ['a video', () => fixture('film.mov'), { code: 'picture-type', details: { type: 'QuickTime' } }],
    [
      'an SVG',
      async () => Buffer.from('<svg width="9" height="9"/>'),
      { code: 'picture-type', details: { type: 'SVG' } },
    ],
    ['words', async () => Buffer.from('hello'), { code: 'picture-type', details: { type: undefined } }],
    ['nothing', async () => Buffer.alloc(0), { code: 'picture-type' }],
    [
      'no pixels',
      async () => withPngSize(await (await small()).png().toBuffer(), 0, 0),
      { code: 'picture-unreadable' },
    ],
    [
      'a bomb',
      async () => withPngSize(await (await small()).png().toBuffer(), 60_000, 60_000),
      { code: 'picture-too-many-pixels' },
    ],
    [
      'hours of work',
      async () => jpegWithScans(1_000),
      { code: 'picture-takes-too-long', details: { name: 'photo' } },
    ],
    [
      'a header alone',
      async () => (await (await small()).jpeg().toBuffer()).subarray(0, 80),
      { code: 'picture-unreadable' },
    ],
  ])('is refused by name: %s', async (_what, make, refusal) => {
    expect(await refusalOf(await make(), mjProxyInputs)).toMatchObject(refusal);
  });

  it("is refused if it can't be fetched, with the reason for the log", async () => {
    const cause = new DownloadError('the file server answered 404', 'unavailable');
    const fail = () => Promise.reject(cause);
    const input = createLoadInput({ fromDiscord: fail, fromLink: fail });
    const loaded = input(
      { url: 'https://cdn.example/1', name: 'photo' },
      mjProxyInputs,
      AbortSignal.timeout(1_000),
    );
    await expect(loaded).rejects.toMatchObject({ refusal: { code: 'picture-unreachable' }, cause });
  });
});

describe('the pictures of one request', () => {
  it.each([mjProxyInputs, byAddress])(
    'have a pixel limit together, whether by bytes or by address: $by',
    async (form) => {
      const bytes = withPngSize(await (await small()).png().toBuffer(), 8_000, 8_000);
      const budget = createPixelBudget();
      const input = createLoadInput({ fromDiscord: async () => bytes, fromLink: async () => bytes });
      const loadOne = () =>
        input({ url: 'https://cdn.example/1', name: 'photo' }, form, AbortSignal.timeout(10_000), budget);
      expect([(await loadOne()).type, (await loadOne()).type]).toEqual(['image/png', 'image/png']);
      const refusal = { code: 'pictures-too-many-pixels', details: { limit: 128_000_000 } };
      await expect(loadOne()).rejects.toMatchObject({ refusal });
    },
  );
});

describe('how a picture is fetched', () => {
  it.each([
    ["what Discord serves through Discord's connection", undefined, 'discord'],
    ['what somebody entered through a connection that trusts nothing', true, 'link'],
  ] as const)('%s', async (_what, isLink, way) => {
    const asked: unknown[] = [];
    const from =
      (name: string) =>
      async (_url: string, { slowest }: DownloadOptions) => {
        asked.push([name, slowest]);
        throw new DownloadError('no', 'unavailable');
      };
    const input = createLoadInput({ fromDiscord: from('discord'), fromLink: from('link') });
    const picture = { url: 'https://x.example/1', name: 'photo', ...(isLink && { isLink }) };
    await expect(input(picture, mjProxyInputs, AbortSignal.timeout(1_000))).rejects.toThrow();
    expect(asked).toEqual([[way, { bytesPerSecond: 32 * 1_024, afterMs: 3_000 }]]);
  });
});

describe("a picture that can't be fetched", () => {
  const failed = (error: DownloadError, isLink?: boolean) => {
    const fail = () => Promise.reject(error);
    const input = createLoadInput({ fromDiscord: fail, fromLink: fail });
    const picture = {
      url: 'https://x.example/1',
      name: 'photo',
      ...(isLink === undefined ? {} : { isLink }),
    };
    return input(picture, mjProxyInputs, AbortSignal.timeout(1_000));
  };

  it.each([
    ['404', 'picture-gone'],
    ['403', 'picture-gone'],
    ['410', 'picture-gone'],
    ['429', 'picture-unreachable'],
    ['500', 'picture-unreachable'],
    [undefined, 'picture-unreachable'],
  ] as const)("is gone from Discord, or couldn't be reached, after a %s", async (status, code) => {
    const error = new DownloadError('no', 'unavailable', status === undefined ? {} : { status: +status });
    await expect(failed(error)).rejects.toMatchObject({ refusal: { code, details: { name: 'photo' } } });
  });

  it.each(['unavailable', 'blocked', 'malformed'] as const)(
    'is reported as a typed address if it was one: %s',
    async (trouble) => {
      const error = new DownloadError('no', trouble, { status: 404 });
      await expect(failed(error, true)).rejects.toMatchObject({ refusal: { code: 'link-unreachable' } });
    },
  );

  it('is reported as too slow at a typed address, since people can upload it', async () => {
    const slow = new DownloadError('no', 'slow');
    await expect(failed(slow, true)).rejects.toMatchObject({ refusal: { code: 'link-slow' } });
    await expect(failed(slow)).rejects.toMatchObject({ refusal: { code: 'picture-unreachable' } });
  });

  it('is reported as too large if it is', async () => {
    const refusal = { code: 'picture-too-large', details: { name: 'photo', limit: 25 * 1024 * 1024 } };
    await expect(failed(new DownloadError('no', 'too-large'), true)).rejects.toMatchObject({ refusal });
  });
});

describe('a picture that Discord served once', () => {
  const now = Date.UTC(2027, 0, 1);
  const signed = (at: number) => `https://cdn.example/1?ex=${(at / 1_000).toString(16)}&is=1&hm=ab`;
  const find = (url: string, isLink = false) => findExpired([{ url, name: 'photo', isLink }], now);

  it.each([signed(now), signed(now - 1_000), signed(now - 86_400_000)])('has expired: %s', (url) =>
    expect(find(url)).toMatchObject({ name: 'photo' }),
  );

  it.each([
    signed(now + 1_000),
    signed(now + 86_400_000),
    'https://cdn.example/1',
    'https://cdn.example/1?ex=',
    'https://cdn.example/1?ex=later',
    'no address',
  ])('may still be there: %s', (url) => expect(find(url)).toBeUndefined());

  it("is judged by Discord's expiry only: what ex means elsewhere is unknown", () =>
    expect(find(signed(now - 1_000), true)).toBeUndefined());
});

describe('a picture that the API fetches itself', () => {
  it.each([
    ['a JPEG', 'image/jpeg', async () => (await small()).jpeg().toBuffer()],
    ['a PNG', 'image/png', async () => (await small()).png().toBuffer()],
    ['an animated WebP', 'image/webp', async () => animation('webp', 32)],
  ])('goes by its address, and takes no memory while its task waits: %s', async (_what, type, make) => {
    const bytes = Buffer.alloc(0);
    expect(await load(await make(), byAddress)).toEqual({ url: 'https://cdn.example/1', type, bytes });
  });

  it.each([
    [
      'of a type that it does not take',
      () => animation('gif', 32),
      { code: 'picture-type', details: { type: 'GIF', takes: ['JPEG', 'PNG', 'WebP'] } },
    ],
    [
      'that only we could decode',
      () => fixture('still.avif'),
      { code: 'picture-type', details: { type: 'AVIF' } },
    ],
    [
      "that can't be decoded",
      () => fixture('still.heic'),
      { code: 'picture-type', details: { type: 'HEIC' } },
    ],
    [
      'that is too large',
      async () => (await quarters(400, 400, { hasNoise: true })).png().toBuffer(),
      { code: 'picture-too-large', details: { limit: 100_000 } },
    ],
  ])("is refused, because the bot can't change it: %s", async (_what, make, refusal) => {
    expect(await refusalOf(await make(), byAddress)).toMatchObject(refusal);
  });

  it('is refused if it is animated and the API accepts stills', async () => {
    const bytes = await animation('webp', 32);
    expect(await refusalOf(bytes, { ...byAddress, takesAnimations: false })).toMatchObject({
      code: 'picture-animated',
    });
    expect(
      (await load(await (await small()).webp().toBuffer(), { ...byAddress, takesAnimations: false })).type,
    ).toBe('image/webp');
  });
});

describe('what each kind of API accepts', () => {
  it.each(providerKinds)('%s accepts JPEG and PNG within a limit that people can meet', async (kind) => {
    const { inputs } = (await readFacts(kind)).traits;
    expect(inputs.types).toEqual(expect.arrayContaining(['image/jpeg', 'image/png']));
    expect(inputs.mostBytes).toBeGreaterThanOrEqual(4_000_000);
    expect(inputs.mostBytes).toBeLessThanOrEqual(25 * 1024 * 1024);
  });
});

/** An animation with a valid header and a broken first frame. */
async function withBrokenFrame(): Promise<Buffer> {
  const webp = await sharp(await animation('webp', 64), { animated: true })
    .webp({ lossless: true })
    .toBuffer();
  const at = webp.indexOf('VP8L') + 8 + 5; // after the frame's size
  return webp.fill(0xff, at, at + 200);
}

describe('a picture that Discord measured', () => {
  const pictures = [{ url: 'https://cdn.example/1', name: 'photo', bytes: 100_001 }];
  const ask = (relay: Relay) =>
    relay.service.start({ action: 'imagine', prompt: 'a fox', speed: 'fast', pictures }, aCaller());

  it('is refused before anything is charged if the only API fetches it and accepts less', async () => {
    const relay = await createRelay({ inputs: { main: byAddress } });
    try {
      expect(await codeOf(ask(relay))).toBe('picture-too-large');
      expect(await relay.left()).toBe(2_000);
    } finally {
      await relay.remove();
    }
  });

  it.each([
    ['an account that takes bytes, which can be made smaller', { one: byAddress, two: mjProxyInputs }],
    ['an account that fetches as much', { one: byAddress, two: { ...byAddress, mostBytes: 100_001 } }],
  ])('goes to %s', async (_what, inputs) => {
    const relay = await createRelay({ accounts: ['one', 'two'], inputs });
    try {
      expect((await ask(relay)).task.account).toBe('two');
    } finally {
      await relay.remove();
    }
  });
});

describe('more pictures than an API takes', () => {
  const pictures = (count: number) =>
    Array.from({ length: count }, (_, number) => ({ url: `https://cdn.example/${number}`, name: 'photo' }));
  const ask = (relay: Relay, count: number) =>
    relay.service.start(
      { action: 'imagine', prompt: 'a fox', speed: 'fast', pictures: pictures(count) },
      aCaller(),
    );

  it('are refused before anything is charged, saved or sent', async () => {
    const relay = await createRelay({ mostPictures: { main: 2 } });
    try {
      expect(await codeOf(ask(relay, 3))).toBe('too-many-pictures');
      expect(await relay.left()).toBe(2_000);
      expect(relay.announced).toEqual([]);
      expect(await codeOf(ask(relay, 2))).toBeUndefined();
    } finally {
      await relay.remove();
    }
  });

  it('go to an account that takes them', async () => {
    const relay = await createRelay({ accounts: ['one', 'two'], mostPictures: { one: 2, two: 5 } });
    try {
      expect((await ask(relay, 2)).task.account).toBe('one');
      expect((await ask(relay, 5)).task.account).toBe('two');
      expect(await codeOf(ask(relay, 6))).toBe('too-many-pictures');
    } finally {
      await relay.remove();
    }
  });

  it('are counted by what each kind documents', async () => {
    const limits = await Promise.all(
      (['acedata', 'apixo', 'aigc2d'] as const).map(
        async (kind) => (await readFacts(kind)).traits.mostPictures,
      ),
    );
    expect(limits).toEqual([{ imagine: 5, blend: 5 }, { imagine: 20, edit: 1 }, undefined]);
  });
});

describe('a mask for an edit', () => {
  const photo = { url: 'https://cdn.example/1', name: 'photo' };
  const region = { cells: [], picture: { url: 'https://cdn.example/2', name: 'mask' } };
  async function createEditor(options: Parameters<typeof createRelay>[0]): Promise<Relay> {
    const relay = await createRelay(options);
    (relay.provider.actions as Set<Action>).add('edit');
    return relay;
  }
  const ask = (relay: Relay) =>
    relay.service.start(
      { action: 'edit', prompt: 'a hat', speed: 'fast', pictures: [photo], region },
      aCaller(),
    );

  it('is refused before anything is charged if no API takes one', async () => {
    const relay = await createEditor({});
    try {
      expect(await codeOf(ask(relay))).toBe('mask-unsupported');
      expect(await relay.left()).toBe(2_000);
    } finally {
      await relay.remove();
    }
  });

  it('goes to an account that takes one', async () => {
    const relay = await createEditor({ accounts: ['one', 'two'], masksEdits: ['two'] });
    try {
      expect((await ask(relay)).task).toMatchObject({ account: 'two', request: { region } });
    } finally {
      await relay.remove();
    }
  });
});
