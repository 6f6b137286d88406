import { join } from 'node:path';
import sharp from 'sharp';
import { expect, it, onTestFinished, vi } from 'vitest';
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
