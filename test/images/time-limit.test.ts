import { describe, expect, it } from 'vitest';
import { openCanvas, openPicture, openShades, writePicture } from '../../src/images/decode.ts';
import { quarters } from '../helpers/files.ts';

const png = (await quarters(16, 16)).png().toBuffer();

/** libvips ends what is slower by itself; that it is told to is all that can be seen without waiting for half a minute. */
describe('the time that a picture may take', () => {
  it.each([
    ['that somebody sent', async () => openPicture(await png)],
    ['that moves', async () => openPicture(await png, { isAnimated: true })],
    ['that others are put onto', async () => openCanvas(16, 16, 'red')],
    ['out of shades of gray', async () => openShades(Buffer.alloc(256), 16, 16)],
  ])('has a limit for one %s', async (_what, open) => {
    const { options } = (await open()).picture as unknown as { options: { timeoutSeconds: number } };
    expect(options.timeoutSeconds).toBeGreaterThan(0); // which is what switches it off
    expect(options.timeoutSeconds).toBeLessThanOrEqual(30);
  });

  it('is what it is refused for', async () => {
    const canvas = openCanvas(4_000, 4_000, 'red');
    canvas.picture.median(101).timeout({ seconds: 1 }).png();
    await expect(writePicture('it cannot be drawn', canvas)).rejects.toMatchObject({
      name: 'PictureError',
      problem: 'takes-too-long',
    });
  });
});
