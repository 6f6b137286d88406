import { randomBytes } from 'node:crypto';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { renderError } from '../../src/discord/render/error.ts';
import { DownloadError, type DownloadTrouble } from '../../src/images/download.ts';
import { maskOfCells } from '../../src/images/mask.ts';
import { createEarlyCheck } from '../../src/inputs/early-check.ts';
import { english } from '../../src/locales/index.ts';
import type { InputForm } from '../../src/providers/provider.ts';
import type { InputPicture } from '../../src/task.ts';
import { codeOf } from '../helpers/errors.ts';
import { fixture, quarters } from '../helpers/files.ts';

const picture = await (await quarters(60, 40)).png().toBuffer();
const text = Buffer.from('this is no picture');
const unmeasured: InputPicture = { url: 'https://cdn.example/1', name: 'bad.png', isMeasured: false };
const link: InputPicture = { url: 'https://e.org/1.png', name: '1.png', isLink: true };
const older: InputPicture = { url: 'https://cdn.example/2', name: 'old.png', isFromMessage: true };
const troubleWith =
  (trouble: DownloadTrouble, options: { status?: number } = {}) =>
  () =>
    Promise.reject(new DownloadError('no', trouble, options));

function check(download: () => Promise<Buffer>, ...pictures: InputPicture[]) {
  const early = createEarlyCheck({ fromDiscord: download, fromLink: download });
  return codeOf(early({ pictures }, 'max', undefined));
}

const animatedWebp = () =>
  sharp(randomBytes(2 * 8 * 8 * 3), { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } })
    .webp({ loop: 0, delay: [100, 100] })
    .toBuffer();

describe('what people hand in, before anything is charged', () => {
  it('is refused if it is no picture, whatever its name says', async () => {
    expect(await check(async () => text, unmeasured)).toBe('picture-type');
    expect(await check(async () => picture.subarray(0, 20), unmeasured)).toBe('picture-unreadable');
    expect(await check(async () => text, link)).toBe('picture-type');
    expect(await check(async () => picture, unmeasured, link)).toBeUndefined();
  });

  it('is refused if its link leads nowhere', async () => {
    expect(await check(troubleWith('unavailable'), link)).toBe('link-unreachable');
    expect(await check(troubleWith('malformed'), link)).toBe('link-unreachable');
    expect(await check(troubleWith('blocked'), link)).toBe('link-unreachable');
    expect(await check(troubleWith('too-large'), link)).toBe('picture-too-large');
  });

  it('is refused if it was in an older message, and Discord has deleted it since', async () => {
    for (const status of [403, 404, 410])
      expect(await check(troubleWith('unavailable', { status }), older)).toBe('picture-gone');
    expect(await check(async () => text, older)).toBe('picture-type');
    expect(await check(async () => picture, older)).toBeUndefined();
    expect(await check(troubleWith('unavailable', { status: 503 }), older)).toBeUndefined();
    expect(await check(troubleWith('unavailable', { status: 404 }), unmeasured)).toBeUndefined();
  });

  it('passes if another look may be better', async () => {
    expect(await check(troubleWith('slow'), link)).toBeUndefined();
    expect(await check(troubleWith('unavailable'), unmeasured)).toBeUndefined();
  });

  it('is not fetched at all if Discord has measured it', async () => {
    const measured: InputPicture = { url: 'https://cdn.example/1', name: 'fine.png' };
    expect(await check(() => Promise.reject(new Error('fetched')), measured)).toBeUndefined();
  });

  it('is refused as a mask if it has another shape than what is edited', async () => {
    const files: Record<string, Buffer> = {
      photo: await (await quarters(40, 30)).png().toBuffer(),
      same: await maskOfCells({ width: 80, height: 60 }, { cells: [5], perSide: 3 }),
      other: await maskOfCells({ width: 60, height: 80 }, { cells: [5], perSide: 3 }),
    };
    const masked = (name: string) => {
      const download = async (url: string) => files[url.slice('https://cdn.example/'.length)] ?? text;
      const early = createEarlyCheck({ fromDiscord: download, fromLink: troubleWith('blocked') });
      const region = { cells: [], picture: { url: `https://cdn.example/${name}`, name: 'mask.png' } };
      const photo = { url: 'https://cdn.example/photo', name: 'photo.png' };
      return codeOf(early({ pictures: [photo], region }, 'max', undefined));
    };
    expect(await masked('same')).toBeUndefined();
    expect(await masked('other')).toBe('mask-shape');
  });

  it('is refused as a mask if nothing of it is white, or everything', async () => {
    const size = { width: 30, height: 30 };
    const masked = (bytes: Buffer) => {
      const early = createEarlyCheck({ fromDiscord: async () => bytes, fromLink: troubleWith('blocked') });
      const region = { cells: [], picture: { url: 'https://cdn.example/m', name: 'mask.png' } };
      return codeOf(early({ pictures: [], region }, 'max', undefined));
    };
    const black = await (await quarters(30, 30)).linear(0, 0).png().toBuffer();
    const white = await (await quarters(30, 30)).linear(0, 255).png().toBuffer();
    expect(await masked(black)).toBe('mask-empty');
    expect(await masked(white)).toBe('mask-full');
    expect(await masked(text)).toBe('picture-type');
    expect(await masked(await maskOfCells(size, { cells: [5], perSide: 3 }))).toBeUndefined();
  });

  describe('at an account whose API fetches pictures itself', () => {
    const form: InputForm = {
      by: 'address',
      types: ['image/jpeg', 'image/png', 'image/webp'],
      mostBytes: 5_000,
      takesAnimations: false,
    };
    const measured: InputPicture = { url: 'https://cdn.example/1', name: 'photo' };
    const refusalOf = async (bytes: Buffer, handedIn = measured, at: InputForm = form) => {
      const early = createEarlyCheck({ fromDiscord: async () => bytes, fromLink: async () => bytes });
      const error = await early({ pictures: [handedIn] }, 'max', at).catch((thrown: unknown) => thrown);
      return error === undefined ? undefined : renderError(error, english, 'an id').content;
    };
    const noise = () => sharp(randomBytes(90_000), { raw: { width: 200, height: 150, channels: 3 } });

    it.each<[string, () => Promise<Buffer>, string]>([
      [
        'an AVIF',
        () => fixture('still.avif'),
        "This bot's provider doesn't take AVIF files like `photo`. Please send JPEG, PNG, or WebP instead.",
      ],
      [
        'a HEIC',
        () => fixture('still.heic'),
        "The bot can't read HEIC files like `photo`. Please send JPEG, PNG, or WebP instead.",
      ],
      ['a picture that is too large', () => noise().png().toBuffer(), "this bot's provider takes"],
      ['an animation', () => animatedWebp(), "this bot's provider only takes still images"],
    ])('is refused if it is %s, although Discord has measured it', async (_what, make, sentence) => {
      expect(await refusalOf(await make())).toContain(sentence);
      expect(await refusalOf(await make(), link)).toContain(sentence.replace('`photo`', '`1.png`'));
    });

    it('passes if the API takes it as it is', async () => {
      expect(await refusalOf(picture)).toBeUndefined();
      expect(await refusalOf(picture, link)).toBeUndefined();
      expect(
        await refusalOf(await animatedWebp(), measured, { ...form, takesAnimations: true }),
      ).toBeUndefined();
    });

    it("passes if it's sent as bytes, which can be converted", async () => {
      const bytes = await fixture('still.avif');
      expect(
        await refusalOf(bytes, { ...measured, isMeasured: false }, { ...form, by: 'bytes' }),
      ).toBeUndefined();
    });
  });

  it('passes in time to answer Discord if a server says nothing, or a picture takes long to read', async () => {
    const never = new Promise<Buffer>(() => {});
    expect(await check(() => never, link)).toBeUndefined();
    expect(await check(() => never, unmeasured, link)).toBeUndefined();
  });

  it('asks one server of a person at a time, and never fails for it', async () => {
    let [release, asked] = [() => {}, 0];
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const early = createEarlyCheck({
      fromDiscord: troubleWith('blocked'),
      async fromLink() {
        asked += 1;
        await held;
        return text;
      },
    });
    const first = codeOf(early({ pictures: [link] }, 'max', undefined));
    expect(await codeOf(early({ pictures: [link] }, 'max', undefined))).toBeUndefined();
    expect(asked).toBe(1);
    release();
    expect(await first).toBe('picture-type');
    expect(await codeOf(early({ pictures: [link] }, 'max', undefined))).toBe('picture-type');
  });
});
