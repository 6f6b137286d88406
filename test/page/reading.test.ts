import { expect, it } from 'vitest';
import { describeInBrowser, inTab, usePage } from '../helpers/page.ts';

const page = usePage({ withBot: false });

describeInBrowser('reading a channel', () => {
  it('keeps a command that nobody answered above what was said later', async () => {
    const { discord } = page.sandbox;
    const { people, channels } = discord.world;
    const say = (content: string) =>
      discord.say({ person: people.member, channel: channels.general, content });
    discord.settings.acknowledgeWithinMs = 200;
    const tab = await page.open();
    const { run, message, messages } = inTab(tab);
    say('before it');
    await message('before it').waitFor();
    await run('/account show');
    await message('The application did not respond').waitFor();
    say('after it');
    await message('after it').waitFor();
    const order = [/before it/, /did not respond/, /after it/];
    const isInOrder = async () => {
      const texts = await messages.allInnerTexts();
      expect(texts).toEqual(order.map((pattern) => expect.stringMatching(pattern)));
    };
    await isInOrder();
    await tab.reload();
    await message('after it').waitFor();
    await isInOrder();
  });

  it('a bar counts what comes while somebody reads further up, and leads there', async () => {
    const { discord } = page.sandbox;
    const { people, channels } = discord.world;
    const say = (content: string) =>
      discord.say({ person: people.member, channel: channels.general, content });
    for (let index = 1; index <= 60; index += 1) say(`line ${index}`);
    const tab = await page.open();
    const { message } = inTab(tab);
    const bar = tab.getByRole('button', { name: /new messages? since/ });
    const scroll = async (pixels: number) => {
      await tab.locator('.scroller').hover();
      await tab.mouse.wheel(0, pixels);
    };
    await message('line 60').waitFor();
    say('seen at once');
    await message('seen at once').waitFor();
    expect(await bar.count()).toBe(0);
    await scroll(-1_000);
    await expect.poll(async () => (await message('line 60').boundingBox())?.y).toBeGreaterThan(900);
    say('missed');
    await bar.getByText('1 new message since').waitFor();
    say('missed, too');
    await bar.getByText('2 new messages since').waitFor();
    await bar.click();
    await bar.waitFor({ state: 'hidden' });
    await expect.poll(async () => (await message('missed, too').boundingBox())?.y).toBeLessThan(900);
    await scroll(-1_000);
    await expect.poll(async () => (await message('missed, too').boundingBox())?.y).toBeGreaterThan(900);
    say('missed again');
    await bar.getByText('1 new message since').waitFor();
    await scroll(5_000);
    await bar.waitFor({ state: 'hidden' });
  });

  it('has a font of its own, so that it looks the same on every machine', async () => {
    const tab = await page.open();
    await inTab(tab).composer.waitFor();
    const loaded = await tab.evaluate(`document.fonts.ready.then(() => [...document.fonts]
      .filter(({ status }) => status === 'loaded')
      .map(({ family }) => family.replaceAll('"', '')))`);
    expect(loaded).toContain('Noto Sans Variable');
    const used = await tab.evaluate(`getComputedStyle(document.querySelector('.message-input')).fontFamily`);
    expect(used).toMatch(/^"?Noto Sans Variable/);
  });
});
