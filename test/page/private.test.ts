import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';

const page = usePage();

describeInBrowser('a private result on the page', () => {
  it('is seen by its person alone, until they publish it', async () => {
    const [tab, other] = [await page.open(), await page.open()];
    await inTab(tab).be('max');
    await inTab(other).be('mei');
    const { run, press, titled, message } = inTab(tab);
    await run('/imagine', { prompt: 'a secret fox', private: 'True' });
    const grid = titled('Imagine');
    await grid.locator('img.picture').waitFor();
    await grid.getByText('Only you can see this').waitFor();
    expect(await inTab(other).messages.filter({ hasText: 'secret' }).count()).toBe(0);
    await press('Publish', grid);
    const shown = inTab(other).titled('Imagine');
    await shown.locator('img.picture').waitFor();
    expect(await inTab(other).messages.filter({ hasText: 'secret' }).count()).toBe(1);
    // Others can't see the message that it answers.
    await shown.getByText('Original message was deleted').waitFor();
    await message('a secret fox').getByText('Only you can see this').waitFor({ state: 'detached' });
  });

  it('goes on with Check when its token has ended, and tells of closed direct messages', async () => {
    const tab = await page.open();
    const { run, press, turn, titled, message } = inTab(tab);
    await turn('Tokens last', 'short');
    await turn('Direct messages', 'closed');
    await run('/imagine', { prompt: 'please hang, a slow fox', private: 'True' });
    await message('Press Check').waitFor();
    for (const interaction of page.sandbox.discord.interactions) page.sandbox.discord.expire(interaction);
    await press('Check', titled('Imagine'));
    await run('/imagine', { prompt: 'a quick fox', private: 'True' });
    const grid = message('a quick fox');
    await grid.locator('img.picture').waitFor();
    await press('Send to me', grid);
    await message("can't send you direct messages").waitFor();
  });
});
