import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { describePicture } from '../../src/images/metadata/describe.ts';
import type { PictureFacts } from '../../src/images/metadata/xmp.ts';
import { animation } from '../helpers/files.ts';

const facts: PictureFacts = {
  prompt: 'a fox & a "hare" <3 --ar 3:2',
  id: 'task-1',
  tool: 'midjourney-relay',
  isComposite: false,
};

const drawn = (channels: 3 | 4 = 3) =>
  sharp({
    create: {
      width: 33,
      height: 21,
      channels,
      background: { r: 0, g: 0, b: 0, alpha: 1 },
      noise: { type: 'gaussian', mean: 120, sigma: 40 },
    },
  });

const files = {
  png: () => drawn().png().toBuffer(),
  'png with a palette': () => drawn().png({ palette: true }).toBuffer(),
  jpeg: () => drawn().jpeg().toBuffer(),
  'jpeg with exif and a profile': () =>
    drawn()
      .withExif({ IFD0: { Copyright: 'x' } })
      .withIccProfile('p3')
      .jpeg()
      .toBuffer(),
  'progressive jpeg': () => drawn().jpeg({ progressive: true }).toBuffer(),
  'lossy webp': () => drawn().webp().toBuffer(),
  'lossless webp': () => drawn().webp({ lossless: true }).toBuffer(),
  'webp with transparent parts': () =>
    drawn(4)
      .composite([
        {
          input: Buffer.from([0, 0, 0, 128]),
          raw: { width: 1, height: 1, channels: 4 },
          blend: 'dest-in',
          gravity: 'northwest',
        },
      ])
      .webp({ lossless: true })
      .toBuffer(),
  'animated webp': () => animation('webp', 16),
  'webp with exif': () =>
    drawn()
      .withExif({ IFD0: { Copyright: 'x' } })
      .webp()
      .toBuffer(),
} as const;

const typeOf = (name: string) => `image/${/png|jpeg|webp/u.exec(name)?.[0]}`;
const pixelsOf = (file: Buffer) => sharp(file, { animated: true }).raw().toBuffer();
const xmpOf = async (file: Buffer) => (await sharp(file).metadata()).xmp?.toString() ?? '';

describe.each(Object.entries(files))('a %s', (name, make) => {
  it('says how it was made, with every pixel and everything else as it was', async () => {
    const original = await make();
    const described = describePicture(original, typeOf(name), facts);
    const { xmp: _none, size: _size, comments: _comments, ...before } = await sharp(original).metadata();
    const {
      xmp,
      xmpAsString: _same,
      size: _longer,
      comments: _texts,
      ...after
    } = await sharp(described).metadata();
    expect(after).toEqual(before);
    expect(await pixelsOf(described)).toEqual(await pixelsOf(original));
    const said = xmp?.toString() ?? '';
    expect(said).toContain('<rdf:li xml:lang="x-default">a fox &amp; a "hare" &lt;3 --ar 3:2</rdf:li>');
    expect(said).toContain('/digitalsourcetype/trainedAlgorithmicMedia<');
    expect(said).toContain('<dc:identifier>task-1</dc:identifier>');
    expect(said).toContain('<xmp:CreatorTool>midjourney-relay</xmp:CreatorTool>');
  });

  it('says only the last thing that it was given', async () => {
    const original = await make();
    const once = describePicture(original, typeOf(name), facts);
    const twice = describePicture(once, typeOf(name), { ...facts, prompt: 'a bear' });
    expect(await xmpOf(twice)).toContain('a bear');
    expect(twice.includes('a fox')).toBe(false);
    const alone = describePicture(original, typeOf(name), { ...facts, prompt: 'a bear' });
    expect(twice).toEqual(alone);
  });

  it('says nothing at all if it is told nothing', async () => {
    const original = await make();
    const described = describePicture(original, typeOf(name), facts);
    const silent = describePicture(described, typeOf(name), undefined);
    expect(await xmpOf(silent)).toBe('');
    expect(silent.includes('a fox')).toBe(false);
    expect(await pixelsOf(silent)).toEqual(await pixelsOf(original));
  });

  it.each([1, 2, 3, 5, 8, 13])(
    'that is cut off somewhere (%i) stays as it is, or can still be read',
    async (part) => {
      const original = await make();
      const cut = original.subarray(0, Math.floor((original.length * part) / 14));
      const described = describePicture(cut, typeOf(name), facts);
      const isReadable = (file: Buffer) =>
        sharp(file, { failOn: 'none' })
          .raw()
          .toBuffer()
          .then(
            () => true,
            () => false,
          );
      expect(await isReadable(described)).toBe(await isReadable(cut));
    },
  );
});

describe('a PNG', () => {
  it.each([
    ['English', 'a fox, "larger" --no 1'],
    ['any others', '赤い狐 🦊 ‘x’ — y'],
  ])('has the prompt where Midjourney’s own have it, in %s', async (_, prompt) => {
    const described = describePicture(await files.png(), 'image/png', { ...facts, prompt });
    const { comments } = await sharp(described).metadata();
    const texts = comments?.filter(({ keyword }) => keyword === 'Description');
    expect(texts).toEqual([{ keyword: 'Description', text: prompt }]);
  });

  it('loses what its maker had written into it, such as the name of an account', async () => {
    const named = await drawn().withMetadata().png().toBuffer();
    const author = Buffer.concat([
      named.subarray(0, 33),
      Buffer.from([0, 0, 0, 11]),
      Buffer.from('tEXtAuthor\0somebody'.slice(0, 15), 'latin1'),
      Buffer.alloc(4),
      named.subarray(33),
    ]);
    for (const said of [facts, undefined])
      expect(describePicture(author, 'image/png', said).includes('Author')).toBe(false);
  });
});

describe('a picture', () => {
  it('made from words that are gone says what it is without them', async () => {
    const described = describePicture(await files.png(), 'image/png', { ...facts, prompt: '' });
    expect((await xmpOf(described)).includes('dc:description')).toBe(false);
    expect(await xmpOf(described)).toContain('trainedAlgorithmicMedia');
  });

  it('of somebody else’s picture says that it’s a composite', async () => {
    const described = describePicture(await files.jpeg(), 'image/jpeg', { ...facts, isComposite: true });
    expect(await xmpOf(described)).toContain('/compositeWithTrainedAlgorithmicMedia<');
  });

  it('has no character that XML forbids', async () => {
    const prompt = 'a\u0000b\u0008c\ud800d\uffffe]]>';
    const described = describePicture(await files.jpeg(), 'image/jpeg', { ...facts, prompt });
    expect(await xmpOf(described)).toContain('>abc\ufffdde]]&gt;<');
  });

  it('of another kind, or one that isn’t what it says, stays as it is', async () => {
    const gif = await drawn().gif().toBuffer();
    for (const type of ['image/gif', 'image/avif', 'video/mp4', 'image/png', 'image/jpeg', 'image/webp'])
      expect(describePicture(gif, type, facts)).toEqual(gif);
  });

  it('that is signed stays as it is', async () => {
    const png = await files.png();
    const chunk = Buffer.from('\0\0\0\x01caBXx\0\0\0\0', 'latin1');
    const signedPng = Buffer.concat([png.subarray(0, 33), chunk, png.subarray(33)]);
    const jpeg = await files.jpeg();
    const segment = Buffer.from('\xff\xeb\x00\x04JP', 'latin1');
    const signedJpeg = Buffer.concat([jpeg.subarray(0, 2), segment, jpeg.subarray(2)]);
    const webp = await files['lossy webp']();
    const signedWebp = Buffer.concat([webp, Buffer.from('C2PA\x02\0\0\0xy', 'latin1')]);
    signedWebp.writeUInt32LE(signedWebp.length - 8, 4);
    for (const [file, type] of [
      [signedPng, 'image/png'],
      [signedJpeg, 'image/jpeg'],
      [signedWebp, 'image/webp'],
    ] as const) {
      expect(describePicture(file, type, facts)).toBe(file);
      expect(describePicture(file, type, undefined)).toBe(file);
    }
  });
});
