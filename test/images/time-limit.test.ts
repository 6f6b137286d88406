import { describe, expect, it } from 'vitest';
import { openCanvas, openPicture, openShades, writePicture } from '../../src/images/decode.ts';
import { quarters } from '../helpers/files.ts';

const png = (await quarters(16, 16)).png().toBuffer();

/** libvips itself stops slow work. Without waiting half a minute, a test can only see that it is told to. */
describe('the time limit for a picture', () => {
  it.each([
    ['that somebody uploaded', async () => openPicture(await png)],
    ['that moves', async () => openPicture(await png, { isAnimated: true })],
    ['that others are put on', async () => openCanvas(16, 16, 'red')],
    ['made of shades of gray', async () => openShades(Buffer.alloc(256), 16, 16)],
  ])('is set for one %s', async (_what, open) => {
    const { options } = (await open()).picture as unknown as { options: { timeoutSeconds: number } };
    expect(options.timeoutSeconds).toBeGreaterThan(0); // which is what switches it off
    expect(options.timeoutSeconds).toBeLessThanOrEqual(30);
  });

  it('makes it refused', async () => {
    const canvas = openCanvas(4_000, 4_000, 'red');
    canvas.picture.median(101).timeout({ seconds: 1 }).png();
    await expect(writePicture('it cannot be drawn', canvas)).rejects.toMatchObject({
      name: 'PictureError',
      problem: 'takes-too-long',
    });
  });
});
