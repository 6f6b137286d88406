import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, onTestFinished, vi } from 'vitest';
import { photographMessages } from '../../sandbox/message-screenshots.ts';
import { takeScreenshot } from '../../sandbox/screenshot.ts';
import { aFolder } from '../helpers/folder.ts';
import { describeInBrowser } from '../helpers/page.ts';

vi.setConfig({ testTimeout: 60_000 });

describeInBrowser("the README's picture of the sandbox", () => {
  it('is taken by a script, of the bot as it is now', async () => {
    const folder = await aFolder();
    onTestFinished(folder.remove);
    const file = join(folder.path, 'sandbox.png');
    await takeScreenshot(file);
    const { width, height, format } = await sharp(file).metadata();
    expect([format, width, height]).toEqual(['png', 1_360, 940]);
  });
});

describeInBrowser('the pictures of the main messages', () => {
  it('are taken dark, light and as wide as a phone', async () => {
    const folder = await aFolder();
    onTestFinished(folder.remove);
    await photographMessages(folder.path, ['apixo']);
    const pictures = (await readdir(folder.path)).sort();
    expect(pictures).toEqual(['apixo-dark.webp', 'apixo-light.webp', 'apixo-phone.webp']);
    const looks = pictures.map(async (name) => {
      const { channels, dominant } = await sharp(join(folder.path, name)).stats();
      return [channels.length, dominant.r > 128];
    });
    expect(await Promise.all(looks)).toEqual([
      [3, false],
      [3, true],
      [3, false],
    ]);
  });
});
