import { describe, expect, it } from 'vitest';
import {
  readChoice,
  readPictures,
  toInputPicture,
  toInputPictures,
  toLinkedPicture,
} from '../../src/discord/options.ts';
import { toSentence } from '../../src/discord/render/error.ts';
import { UserError } from '../../src/errors.ts';
import { english } from '../../src/locales/index.ts';

const fine = {
  name: 'fox.png',
  size: 1_000,
  url: 'https://cdn.example/fox.png',
  contentType: 'image/png',
  width: 100,
  height: 100,
};

function refusalOf(declared: Partial<typeof fine> | { contentType: null; width: null; height: null }) {
  try {
    toInputPicture({ ...fine, ...declared });
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return toSentence(error, english);
    throw error;
  }
}

describe('what Discord says about a picture', () => {
  it.each([
    ...['image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif', 'IMAGE/JPEG'],
    // What a client or a file name claims may be wrong or unusual: the bytes decide later.
    ...[
      'image/jpg',
      'image/pjpeg',
      'image/apng',
      'image/png; charset=binary',
      'application/octet-stream',
      '',
    ],
  ])('accepts the type "%s"', (contentType) => {
    expect(toInputPicture({ ...fine, contentType })).toEqual({
      url: fine.url,
      name: 'fox.png',
      bytes: 1_000,
    });
  });

  it('accepts a picture without a type', () => {
    expect(refusalOf({ contentType: null, width: null, height: null })).toBeUndefined();
  });

  it.each([
    [
      'image/heic',
      "The bot can't read HEIC files like `fox.png`. Please send JPEG, PNG, WebP, GIF, or AVIF instead.",
    ],
    ['image/heif', 'HEIC files like'],
    ['image/heic-sequence', 'HEIC files like'],
    ['image/svg+xml', 'SVG files like'],
    ['image/tiff', 'TIFF files like'],
    ['image/bmp', 'BMP files like'],
    ['image/jxl', 'JPEG XL files like'],
    ['video/mp4', 'MP4 files like'],
    ['video/quicktime', 'QuickTime files like'],
    ['application/pdf', 'PDF files like'],
    ['text/plain; charset=utf-8', "isn't an image that the bot can read"],
    ['audio/mpeg', "isn't an image that the bot can read"],
  ])('refuses the type "%s" by name', (contentType, sentence) => {
    expect(refusalOf({ contentType })).toContain(sentence);
  });

  it.each([
    ['the largest that is read', { size: 25 * 1024 * 1024 }, undefined],
    ['more bytes than are read', { size: 25 * 1024 * 1024 + 1 }, 'is 25.0 MiB'],
    ['no bytes', { size: 0 }, "couldn't read"],
    ['64 million pixels', { width: 8_000, height: 8_000 }, undefined],
    ['more', { width: 8_000, height: 8_001 }, 'more pixels than the bot takes. The limit is 64 million.'],
  ])('counts: %s', (_what, declared, sentence) => {
    if (sentence === undefined) expect(refusalOf(declared)).toBeUndefined();
    else expect(refusalOf(declared)).toContain(sentence);
  });
});

describe('a choice', () => {
  const read = (chosen: string | null) => {
    const options = { getString: () => chosen } as unknown as Parameters<typeof readChoice>[0]['options'];
    return readChoice({ options }, 'quality', ['0.5', '1']);
  };

  it.each(['0.5', '1'])('can be %s', (value) => expect(read(value)).toBe(value));
  it('can be left out', () => expect(read(null)).toBeUndefined());

  it.each(['1 --turbo', '4', '', ' 1', '1.0', 'x'.repeat(6_000)])(
    'is never %j, even if a script sends it',
    (value) => {
      const details = {
        option: 'quality',
        value: value.length > 100 ? expect.stringMatching(/^x{99}…$/) : value,
      };
      expect(() => read(value)).toThrow(expect.objectContaining({ code: 'option-malformed', details }));
    },
  );
});

describe('the pictures of a request', () => {
  const five = (width: number, height: number) =>
    Array.from({ length: 5 }, () => ({ ...fine, width, height }));

  it('are read in the order of their options, without those that were left out', () => {
    const getAttachment = (name: string) => (name === 'image2' ? null : { ...fine, name });
    const interaction = { options: { getAttachment } } as unknown as Parameters<typeof readPictures>[0];
    const names = readPictures(interaction, 'source', 'image2', 'target', 'base').map(({ name }) => name);
    expect(names).toEqual(['source', 'target', 'base']);
  });

  it.each([
    ['five of a phone', five(5_712, 4_284)],
    ['five that have the most pixels together', five(6_400, 4_000)],
    ['two that each have the most', five(8_000, 8_000).slice(0, 2)],
    ['none', []],
  ])('can be %s', (_what, attachments) => {
    expect(toInputPictures(attachments)).toHaveLength(attachments.length);
  });

  it.each([
    [
      'five that have one row too many',
      [...five(6_400, 4_000).slice(1), { ...fine, width: 6_400, height: 4_001 }],
    ],
    ['three that each have the most', five(8_000, 8_000).slice(0, 3)],
  ])('are refused before anything is charged: %s', (_what, attachments) => {
    const refusal = { code: 'pictures-too-many-pixels', details: { limit: 128_000_000 } };
    expect(() => toInputPictures(attachments)).toThrow(expect.objectContaining(refusal));
  });
});

describe('a link that somebody enters', () => {
  it.each([
    ['https://pictures.example/fox.png', 'fox.png'],
    ['  https://pictures.example/a/fox.webp?size=2#top ', 'fox.webp'],
    ['https://pictures.example:8443/', 'picture'],
    ['https://bücher.example/fox.png', 'fox.png'],
    ['https://[2606:4700::1]/fox.png', 'fox.png'],
  ])('%s is accepted, and marked as untrusted', (text, name) => {
    expect(toLinkedPicture(text)).toEqual({ url: text.trim(), name, isLink: true });
  });

  it.each([
    'https://user@pictures.example/fox.png',
    'https://:password@pictures.example/fox.png',
    'https://user:password@pictures.example/fox.png',
    'http://pictures.example/fox.png',
    'data:image/png;base64,AAAA',
    'file:///etc/passwd',
    'pictures.example/fox.png',
    '',
  ])('%s is refused', (text) => {
    expect(() => toLinkedPicture(text)).toThrow('link-malformed');
  });
});

describe('the pictures of a command', () => {
  const given = new Map([
    ['source', { ...fine, name: 'face.png' }],
    ['target', { ...fine, name: 'body.png' }],
    ['image3', { ...fine, name: 'third.png' }],
  ]);
  const read = (...names: string[]) =>
    readPictures(
      { options: { getAttachment: (name: string) => given.get(name) ?? null } } as unknown as Parameters<
        typeof readPictures
      >[0],
      ...names,
    ).map(({ name }) => name);

  it('come in the order of the options, no matter which were left out', () => {
    expect(read('source', 'target')).toEqual(['face.png', 'body.png']);
    expect(read('target', 'source')).toEqual(['body.png', 'face.png']);
    expect(read('image1', 'image2', 'image3')).toEqual(['third.png']);
    expect(read('image1')).toEqual([]);
  });
});
